package project

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// placeholder is ${NAME}, or ${!NAME} for the text itself.
var placeholder = regexp.MustCompile(`\$\{(!?)([A-Za-z][A-Za-z0-9_-]*)\}`)

// ARNs gives the ARNs of a project's functions and state machines by account
// and region.
type ARNs struct{ Region, Account string }

// Function is the ARN of a function.
func (a ARNs) Function(name string) string {
	return fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", a.Region, a.Account, name)
}

// StateMachine is the ARN of a state machine.
func (a ARNs) StateMachine(name string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", a.Region, a.Account, name)
}

// Role is the ARN of the role that a state machine without one is given.
func (a ARNs) Role() string {
	return fmt.Sprintf("arn:aws:iam::%s:role/fermata", a.Account)
}

// DefinitionText is the definition of a state machine of the project with its
// placeholders replaced, those with a name that nothing has excepted. Where names collide, a substitution of the state
// machine's own comes before a function, and a function before a state machine.
func (p *Project) DefinitionText(m *StateMachine, arns ARNs) string {
	values := p.values(m, arns)
	return placeholder.ReplaceAllStringFunc(m.Definition, func(match string) string {
		parts := placeholder.FindStringSubmatch(match)
		if parts[1] != "" {
			return "${" + parts[2] + "}"
		}
		if v, known := values[parts[2]]; known {
			return v
		}
		return match
	})
}

// Unreplaced are the placeholders of a definition that nothing stands for, in
// the order of the text. A project that was loaded has none.
func (p *Project) Unreplaced(m *StateMachine) []string {
	values := p.values(m, ARNs{})
	var names []string
	for _, parts := range placeholder.FindAllStringSubmatch(m.Definition, -1) {
		if _, known := values[parts[2]]; parts[1] == "" && !known && !slices.Contains(names, parts[2]) {
			names = append(names, parts[2])
		}
	}
	return names
}

// values are all names that a definition of the project may use.
func (p *Project) values(m *StateMachine, arns ARNs) map[string]string {
	values := map[string]string{}
	for _, other := range p.StateMachines {
		values[other.Name] = arns.StateMachine(other.Name)
	}
	for _, f := range p.Functions {
		values[f.Name] = arns.Function(f.Name)
	}
	for name, value := range m.Substitutions {
		values[name] = value
	}
	return values
}

// checkSubstitutions reports placeholders without a value, at their place in
// the definition.
func (r *reader) checkSubstitutions(p *Project) {
	for i := range p.StateMachines {
		m := &p.StateMachines[i]
		values := p.values(m, ARNs{})
		for _, at := range placeholder.FindAllStringSubmatchIndex(m.Definition, -1) {
			name := m.Definition[at[4]:at[5]]
			if _, known := values[name]; known || at[2] != at[3] {
				continue
			}
			line := 1 + strings.Count(m.Definition[:at[0]], "\n")
			r.problems = append(r.problems, Problem{File: m.DefinitionFile, Line: line, Message: fmt.Sprintf(
				"${%s} names neither a function nor a state machine nor a substitution of the project; there are %s (write ${!%s} for the text itself)",
				name, listed(values), name)})
		}
	}
}

// listed names the keys in order, "none" if there are none.
func listed[V any](m map[string]V) string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	if len(names) == 0 {
		return "none"
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

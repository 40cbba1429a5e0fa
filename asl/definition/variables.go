package definition

import (
	"unicode"
	"unicode/utf8"
)

const maxVariableName = 80 // characters

// assigned is a variable in the Assign of a state.
type assigned struct {
	state *State
	name  string
	at    place
}

// checkVariable reports a name that cannot be a variable's, and notes the
// others for checkShadowing.
func (f fields) checkVariable(name string, at place) {
	switch {
	case name == "states":
		f.report(Error, ReservedVariableName, at, "Cannot assign to reserved variable '$states'.", "choose another name")
	case utf8.RuneCountInString(name) > maxVariableName:
		f.report(Error, InvalidVariableName, at, "Invalid variable name '"+name+"': the variable name exceeds the 80-character limit.",
			"choose a shorter name")
	case !isIdentifier(name):
		f.report(Error, InvalidVariableName, at, "Invalid variable name '"+name+"': the variable name contains invalid characters.",
			"a name is a letter or _, then letters, digits and _; it names a whole variable, not a part of one")
	case f.state != nil:
		f.builder.assigned = append(f.builder.assigned, assigned{state: f.state, name: name, at: at})
	}
}

// variableOf is a variable of a scope.
type variableOf struct {
	scope *Scope
	name  string
}

// checkShadowing reports variables that a scope around their own has before:
// errors where a path leads from the state that assigns it to the one that
// owns the inner scope, warnings where it only stands nearer to the beginning.
// distance is how far a state is from its scope's StartAt, targets where it
// leads. The variables around a DISTRIBUTED Map are out of sight of its
// children.
func (b *builder) checkShadowing(distance map[*State]int, targets map[*State][]*State) {
	assigning := map[variableOf][]*State{}
	for _, a := range b.assigned {
		v := variableOf{a.state.Scope, a.name}
		assigning[v] = append(assigning[v], a.state)
	}
	for _, a := range b.assigned {
		for owner := a.state.Scope.Owner; owner != nil && !isDistributed(owner); owner = owner.Scope.Owner {
			severity, before := Warning, false
			for _, outer := range assigning[variableOf{owner.Scope, a.name}] {
				if distance[outer] < distance[owner] {
					before = true
					if leadsTo(outer, owner, targets) {
						severity = Error
					}
				}
			}
			if before {
				b.report(severity, DuplicateVariableName, a.at, "The variable name '"+a.name+"' was already defined in a parent scope.",
					"a branch or item processor can read the variables around it, and set only others")
				break
			}
		}
	}
}

// leadsTo says whether a path leads from one state to another of its scope.
func leadsTo(from, to *State, targets map[*State][]*State) bool {
	distance := map[*State]int{}
	for _, next := range targets[from] {
		measure(next, targets, distance)
	}
	return distance[to] > 0
}

func isDistributed(s *State) bool {
	m, ok := s.Kind.(*Map)
	return ok && m.Mode == MapDistributed
}

// isIdentifier says whether name is a Unicode identifier.
func isIdentifier(name string) bool {
	for i, r := range name {
		letter := r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)
		if i == 0 && !letter {
			return false
		}
		if !letter && !unicode.IsDigit(r) && !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Pc) {
			return false
		}
	}
	return name != ""
}

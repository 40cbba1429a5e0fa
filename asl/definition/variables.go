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

// checkShadowing warns of variables that were assigned in a scope around their
// own before. distance is how far a state is from its scope's StartAt.
// The variables around a DISTRIBUTED Map are out of sight of its children.
func (b *builder) checkShadowing(distance map[*State]int) {
	first := map[variableOf]int{} // the distance of the first state that assigns it
	for _, a := range b.assigned {
		v := variableOf{a.state.Scope, a.name}
		if d, known := first[v]; !known || distance[a.state] < d {
			first[v] = distance[a.state]
		}
	}
	for _, a := range b.assigned {
		for owner := a.state.Scope.Owner; owner != nil && !isDistributed(owner); owner = owner.Scope.Owner {
			if d, assigned := first[variableOf{owner.Scope, a.name}]; assigned && d < distance[owner] {
				b.warn(DuplicateVariableName, a.at, "The variable name '"+a.name+"' was already defined in a parent scope.",
					"AWS refuses this: a branch or item processor can read the variables around it, and set only others")
				break
			}
		}
	}
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

package definition

import (
	"unicode"
	"unicode/utf8"
)

const maxVariableName = 80 // characters

// assigned is a variable in an Assign of a state.
type assigned struct {
	exit
	name string
	at   place
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
		f.builder.assigned = append(f.builder.assigned, assigned{exit: exit{f.state, f.within}, name: name, at: at})
	}
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

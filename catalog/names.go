package catalog

import "unicode/utf8"

// MaxName is the length of the longest name, in characters.
const MaxName = 80

// CheckName refuses a name that machines, activities and executions must not
// have (reference 12): 1 to 80 characters, no blanks, brackets, wildcards,
// control characters, halves of surrogate pairs and the like.
func CheckName(name string) error {
	if name == "" || utf8.RuneCountInString(name) > MaxName || !utf8.ValidString(name) {
		return BadName(name)
	}
	for _, r := range name {
		if !nameRune(r) {
			return BadName(name)
		}
	}
	return nil
}

func nameRune(r rune) bool {
	switch r {
	case '<', '>', '{', '}', '[', ']', '?', '*', '"', '#', '%', '\\', '^', '|', '~', '`', '$', '&', ',', ';', ':', '/':
		return false
	case '\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\ufffe', '\uffff':
		return false
	case utf8.RuneError: // what half of a surrogate pair is read as
		return false
	}
	return r > ' ' && (r < 0x7f || r > 0x9f) && (r < 0x2000 || r > 0x200a) && r < 0x10ffff
}

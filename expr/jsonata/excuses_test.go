package jsonata_test

// excuses are where this package differs on purpose, or the reference implementation is
// wrong in a way that testdata/repairs.cjs cannot repair: by what testdata/oracle.cjs saw
// happen in the evaluation itself, why.
var excuses = map[string]string{
	"integer keys":                       "keys that are integers come first there, and where they were made here",
	"letters in one case":                "a regular expression without regard to case takes \u0130 for an i here",
	"arguments of a partial application": "the arguments of a function that is partially applied are not checked there",
}

// excuse is why the reference implementation may say something else, or empty.
func excuse(want verdict) string {
	for _, slip := range want.Slips {
		if why := excuses[slip]; why != "" {
			return why
		}
	}
	return ""
}

package aws

import (
	"math"

	"github.com/fermata-dev/fermata/expr/value"
)

// finite says whether every number of a value is one that can be reckoned with.
func finite(v any) bool {
	switch v := v.(type) {
	case value.Number:
		return !math.IsInf(number(v), 0)
	case []any:
		for _, item := range v {
			if !finite(item) {
				return false
			}
		}
	case *value.Object:
		for _, member := range v.All() {
			if !finite(member) {
				return false
			}
		}
	}
	return true
}

// repeats says whether an object in a JSON text has a name twice. Of such members the
// value v of the text has only one, and so fewer in all than the text has colons.
func repeats(text string, v any) bool {
	colons := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ':':
			colons++
		case '"':
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		}
	}
	return colons != members(v)
}

// members is how many members the objects of a value have in all.
func members(v any) int {
	count := 0
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			count += members(item)
		}
	case *value.Object:
		count = v.Len()
		for _, member := range v.All() {
			count += members(member)
		}
	}
	return count
}

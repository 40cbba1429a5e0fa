package aws

import (
	"encoding/json"
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

// repeats says whether an object of the value that the decoder reads next, which
// is known to be JSON, has a name twice.
func repeats(d *json.Decoder) bool {
	d.UseNumber()
	token, _ := d.Token()
	switch token {
	case json.Delim('['):
		for d.More() {
			if repeats(d) {
				return true
			}
		}
	case json.Delim('{'):
		names := map[json.Token]bool{}
		for d.More() {
			name, _ := d.Token()
			if names[name] || repeats(d) {
				return true
			}
			names[name] = true
		}
	default:
		return false
	}
	_, _ = d.Token()
	return false
}

package definition

import (
	"math"
	"strings"

	"github.com/fermata-dev/fermata/expr/java"
	"github.com/fermata-dev/fermata/expr/value"
)

// constants is a value of a definition as a state that hands it on writes it:
// numbers with a fraction or an exponent are doubles, and have the text that Java
// gives them (recorded: 1.00 becomes 1.0). What does not change is shared.
func constants(v any) any {
	switch v := v.(type) {
	case value.Number:
		return constantNumber(v)
	case []any:
		return constantArray(v)
	case *value.Object:
		return constantObject(v)
	}
	return v
}

func constantNumber(n value.Number) any {
	if !strings.ContainsAny(string(n), ".eE") {
		return n
	}
	x := n.Float64()
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return n
	}
	if text := value.Number(java.Double(x)); text != n {
		return text
	}
	return n
}

func constantArray(items []any) any {
	var changed []any
	for i, item := range items {
		other := constants(item)
		if changed == nil && !same(other, item) {
			changed = append(make([]any, 0, len(items)), items[:i]...)
		}
		if changed != nil {
			changed = append(changed, other)
		}
	}
	if changed == nil {
		return items
	}
	return changed
}

func constantObject(o *value.Object) any {
	other, changed := value.NewObject(o.Len()), false
	for key, v := range o.All() {
		c := constants(v)
		changed = changed || !same(c, v)
		other.Set(key, c)
	}
	if !changed {
		return o
	}
	return other
}

// same says whether constants has given back what it got.
func same(a, b any) bool {
	was, ok := a.([]any)
	if !ok {
		return a == b
	}
	is := b.([]any)
	return len(was) == 0 || &was[0] == &is[0]
}

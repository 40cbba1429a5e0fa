package jsonata

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// export makes v a value of package value. What is one already stays as it is.
// Undefined stays what it is, but within arrays it is null. For functions and
// numbers that JSON has no text for see Options.
func (r *run) export(v any) (any, *Error) {
	if isUndefined(v) {
		return v, nil
	}
	return r.exportAt(unwrapped(v), 0)
}

func (r *run) exportAt(v any, depth int) (any, *Error) {
	switch v := v.(type) {
	case float64, value.Number:
		return r.exportNumber(v)
	case string:
		text, err := r.exportText(v)
		return text, err
	case Undefined:
		return nil, nil
	case *function:
		if r.result && r.opts.NoFunctions {
			return nil, &Error{Code: CodeFunction}
		}
		return "", nil
	case *value.Object:
		return r.exportObject(v, depth)
	case []any, *array:
		return r.exportArray(v, depth)
	}
	return v, nil
}

// exportText looks for halves of surrogate pairs, and makes another text where it finds any.
func (r *run) exportText(s string) (string, *Error) {
	if !r.weigh(s) || !utf8.ValidString(s) && !r.spend(len(s)/8, 32*len(s)) {
		return "", r.spent
	}
	return wellFormed(s), nil
}

// exportNumber is for a float64 or value.Number.
func (r *run) exportNumber(v any) (any, *Error) {
	if r.result && r.opts.Number != nil {
		if !r.weigh(v) {
			return nil, r.spent
		}
		return r.opts.Number(v), nil
	}
	x, computed := v.(float64)
	switch {
	case !computed:
		return v, nil
	case math.IsInf(x, 0) || math.IsNaN(x):
		return nil, &Error{Code: "D1001", Value: x}
	}
	return numberOf(x), nil
}

// numberOf is value.FloatNumber, faster for integers.
func numberOf(x float64) value.Number {
	if n := int64(x); float64(n) == x && n > -1<<53 && n < 1<<53 {
		return value.IntNumber(n)
	}
	return value.FloatNumber(x)
}

// wellFormed is s with U+FFFD for every half of a surrogate pair.
func wellFormed(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	chars := charsOf(s)
	for i, c := range chars {
		if _, ok := half(c); ok {
			chars[i] = "\uFFFD"
		}
	}
	return strings.ToValidUTF8(strings.Join(chars, ""), "\uFFFD")
}

func (r *run) exportArray(v any, depth int) (any, *Error) {
	items, _ := r.list(v)
	if !r.spend(len(items), 0) {
		return nil, r.spent
	}
	if depth > value.MaxDepth {
		return nil, &Error{Code: CodeResult}
	}
	out, isPlain := v.([]any)
	if !isPlain {
		out = append(make([]any, 0, len(items)), items...)
	}
	for i, item := range items {
		made, err := r.exportAt(item, depth+1)
		if err != nil {
			return nil, err
		}
		if same(made, item) {
			continue
		}
		if isPlain {
			out, isPlain = append(make([]any, 0, len(items)), items...), false
		}
		out[i] = made
	}
	return out, nil
}

func (r *run) exportObject(o *value.Object, depth int) (any, *Error) {
	if !r.spend(o.Len(), 0) {
		return nil, r.spent
	}
	if depth > value.MaxDepth {
		return nil, &Error{Code: CodeResult}
	}
	var out *value.Object // once it is another one
	for i := range o.Len() {
		key, member := o.At(i)
		made, err := r.exportAt(member, depth+1)
		if err != nil {
			return nil, err
		}
		valid, err := r.exportText(key)
		if err != nil {
			return nil, err
		}
		if out == nil && (valid != key || !same(made, member)) {
			out = firstMembers(o, i)
		}
		if out != nil {
			out.Set(valid, made)
		}
	}
	if out == nil {
		return o, nil
	}
	return out, nil
}

// firstMembers is an object of the first members of o, with room for the others.
func firstMembers(o *value.Object, count int) *value.Object {
	first := value.NewObject(o.Len())
	for i := range count {
		first.Set(o.At(i))
	}
	return first
}

// same says whether exporting v gave v itself.
func same(made, v any) bool {
	switch v := v.(type) {
	case nil, bool:
		return true
	case value.Number:
		return made == any(v)
	case string:
		s, ok := made.(string)
		return ok && s == v
	case *value.Object:
		return made == any(v)
	case []any:
		list, ok := made.([]any)
		return ok && len(list) == len(v) && (len(v) == 0 || &list[0] == &v[0])
	}
	return false
}

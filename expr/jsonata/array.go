package jsonata

import (
	"github.com/fermata-dev/fermata/expr/value"
)

// Undefined is the value of an expression that has none, such as a member that
// does not exist. It is what [Env.Input] is where there is no input, and what
// a [Function] gets for an argument without a value.
type Undefined struct{}

var undefined any = Undefined{}

func isUndefined(v any) bool { _, is := v.(Undefined); return is }

// array is an array that the evaluation has made. Arrays of the input are
// plain []any. What an array is for decides how it is shown and nested:
//
//   - a sequence is the result of a path, a map or a filter; one of one item
//     is that item, unless keep is set, and one of none is undefined.
//   - cons marks an array constructor at the end of a path, which paths do not
//     flatten.
//   - outer wraps an input that is an array, so that it counts as one context.
//   - tuples says that the items are *tuple.
//   - bare says that too, but what is asked about them is asked about the tuples and not
//     about their values: so it is behind a sort of several.
//
// A range is not written out before somebody looks at its items.
type array struct {
	items    []any
	from     float64 // first number of a range
	length   int     // of a range that is not written out
	sequence bool
	keep     bool
	cons     bool
	outer    bool
	tuples   bool
	bare     bool
}

// tuple is a value with the variables that a path has bound on the way to it.
type tuple struct {
	at   any
	vars []binding
}

// object is the tuple as an expression sees it that gets hold of one.
func (t *tuple) object() *value.Object {
	o := value.NewObject(1 + len(t.vars))
	o.Set("@", t.at)
	for _, b := range t.vars {
		o.Set(b.name, b.value)
	}
	return o
}

// visible is a with objects for its tuples, if it is bare.
func (a *array) visible() *array {
	if a == nil || !a.bare {
		return a
	}
	seen := &array{sequence: a.sequence}
	for _, item := range a.items {
		seen.push(item.(*tuple).object())
	}
	return seen
}

func newSequence(items ...any) *array { return &array{items: items, sequence: true} }

func (a *array) len() int {
	if a.length > 0 {
		return a.length
	}
	return len(a.items)
}

// list is the items, which the caller does not change.
func (a *array) list() []any {
	if a.length > 0 {
		a.items = make([]any, a.length)
		for i := range a.items {
			a.items[i] = a.from + float64(i)
		}
		a.length = 0
	}
	return a.items
}

func (a *array) push(v any) { a.items = append(a.items, v) }

// list is the items of v if it is an array. A range is paid for when it is
// written out.
func (r *run) list(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case *array:
		if v.length > 0 && !r.spend(v.length, v.length*24) {
			return nil, true
		}
		return v.list(), true
	}
	return nil, false
}

// listOf is the items of v, or v as the only item.
func (r *run) listOf(v any) []any {
	if items, ok := r.list(v); ok {
		return items
	}
	return []any{v}
}

func isArray(v any) bool {
	switch v.(type) {
	case []any, *array:
		return true
	}
	return false
}

func isSequence(v any) bool {
	a, ok := v.(*array)
	return ok && a.sequence
}

func isTuples(v any) bool {
	a, ok := v.(*array)
	return ok && a.tuples
}

func isCons(v any) bool {
	a, ok := v.(*array)
	return ok && a.cons
}

// arrayLen is how many items v has, if it is an array.
func arrayLen(v any) (int, bool) {
	switch v := v.(type) {
	case []any:
		return len(v), true
	case *array:
		return v.len(), true
	}
	return 0, false
}

// unwrapped is the context that an outer array stands for.
func unwrapped(v any) any {
	if a, ok := v.(*array); ok && a.outer && len(a.items) > 0 {
		return a.items[0]
	}
	return v
}

// joined is one behind the other, each made an array if it is none; undefined
// adds nothing.
func (r *run) joined(a, b any) any {
	if isUndefined(a) {
		return b
	}
	if isUndefined(b) {
		return a
	}
	if n, ok := arrayLen(a); ok && n == 0 {
		if rng, ok := b.(*array); ok && rng.length > 0 {
			return &array{from: rng.from, length: rng.length}
		}
	}
	grown, ok := r.grown(r.listOf(a), r.listOf(b))
	if !ok {
		return undefined
	}
	return grown
}

// number is v as a float64, if it is a number.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case value.Number:
		return v.Float64(), true
	}
	return 0, false
}

// member is the value of key in v, or in each item of v if it is an array.
func (r *run) member(v any, key string) any {
	switch v := v.(type) {
	case *value.Object:
		if found, ok := v.Get(key); ok {
			return found
		}
		return undefined
	case []any, *array:
		items, _ := r.list(v)
		result := newSequence()
		for _, item := range items {
			if !r.spend(1, 16) {
				break
			}
			found := r.member(item, key)
			if isUndefined(found) {
				continue
			}
			if inner, ok := r.list(found); ok {
				if !r.spend(0, 16*len(inner)) {
					break
				}
				result.items = append(result.items, inner...)
			} else {
				result.push(found)
			}
		}
		return result
	}
	return undefined
}

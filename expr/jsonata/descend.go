package jsonata

import (
	"github.com/fermata-dev/fermata/expr/value"
)

// wildcard is the values of an object's members, or the items of an array.
func (r *run) wildcard(input any) any {
	input = unwrapped(input)
	result := newSequence()
	plain := false
	add := func(v any) {
		if !isArray(v) {
			result.push(v)
			return
		}
		result.items = r.flatten(v, result.items, 0)
		plain = true
	}
	if object, ok := input.(*value.Object); ok {
		for _, v := range object.All() {
			add(v)
		}
	}
	if items, ok := r.list(input); ok && r.spend(len(items)/constantsOfStep, 0) {
		for _, v := range items {
			add(v)
		}
	}
	r.spend(len(result.items), 16*len(result.items))
	if plain {
		return result.items
	}
	return result
}

// flatten appends the items of v, and of the arrays in it, to items.
func (r *run) flatten(v any, items []any, depth int) []any {
	inner, ok := r.list(v)
	if !ok {
		return append(items, v)
	}
	for _, item := range inner {
		if !r.spend(1, 16) || !r.nested(depth) {
			break
		}
		items = r.flatten(item, items, depth+1)
	}
	return items
}

// descendants is input and everything in it that is no array.
func (r *run) descendants(input any) any {
	if isUndefined(input) {
		return undefined
	}
	result := newSequence()
	r.descend(input, result, 0)
	if len(result.items) == 1 {
		return result.items[0]
	}
	return result
}

func (r *run) descend(v any, result *array, depth int) {
	if !r.spend(1, 16) || !r.nested(depth) {
		return
	}
	if items, ok := r.list(v); ok {
		for _, item := range items {
			r.descend(item, result, depth+1)
		}
		return
	}
	result.push(v)
	if object, ok := v.(*value.Object); ok {
		for _, member := range object.All() {
			r.descend(member, result, depth+1)
		}
	}
}

// maxValueDepth is how deep the values may be nested that functions look into.
const maxValueDepth = 10_000

// nested says whether a value may be looked into at this depth.
func (r *run) nested(depth int) bool {
	if depth < maxValueDepth {
		return true
	}
	if r.spent == nil {
		r.spent = &Error{Code: CodeDepth, Value: float64(maxValueDepth)}
	}
	return false
}

package jsonata

import "github.com/fermata-dev/fermata/expr/value"

var transformSignature = mustSignature("<(oa):o>")

// transformer is the function that a transform operator makes.
func (r *run) transformer(n *node, f *frame) *function {
	return &function{arity: 1, sig: transformSignature, native: func(c *call) (any, *Error) {
		if isUndefined(c.arg(0)) {
			return undefined, nil
		}
		clone := c.r.variable(&node{text: "clone", builtin: n.builtin}, nil, f)
		if _, ok := clone.(*function); !ok {
			return undefined, &Error{Code: "T2013", Position: n.pos}
		}
		result, err := c.r.applyAt(clone, []any{c.arg(0)}, nil, f)
		if err != nil {
			return undefined, err
		}
		if clone != any(library["clone"]) {
			result = c.r.clone(result, 0) // a $clone of the user's may give back what is not to be changed
		}
		own := map[*value.Object]bool{}
		c.r.objectsIn(result, own, 0)
		matches, err := c.r.eval(n.lhs, result, f)
		if err != nil || isUndefined(matches) {
			return result, err
		}
		for _, match := range c.r.listOf(matches) {
			if err := c.r.change(n, match, own, f); err != nil {
				return undefined, err
			}
		}
		return result, nil
	}}
}

// objectsIn adds the objects in v to own.
func (r *run) objectsIn(v any, own map[*value.Object]bool, depth int) {
	if !r.spend(1, 0) || !r.nested(depth) {
		return
	}
	if o, ok := v.(*value.Object); ok {
		own[o] = true
		r.spend(0, 16)
		for _, member := range o.All() {
			r.objectsIn(member, own, depth+1)
		}
		return
	}
	items, _ := r.list(v)
	for _, item := range items {
		r.objectsIn(item, own, depth+1)
	}
}

// change makes the updates and deletions of a transform in one match, if that is a part
// of the copy: what a pattern finds elsewhere, such as in $$, belongs to others.
func (r *run) change(n *node, match any, own map[*value.Object]bool, f *frame) *Error {
	target, _ := match.(*value.Object)
	if !own[target] {
		target = nil
	}
	update, err := r.eval(n.rhs, match, f)
	if err != nil {
		return err
	}
	if !isUndefined(update) {
		changes, ok := update.(*value.Object)
		if !ok {
			return &Error{Code: "T2011", Position: n.rhs.pos, Value: update}
		}
		if target != nil {
			for key, v := range changes.Clone().All() {
				target.Set(key, v)
			}
		}
		r.spend(changes.Len(), 32*changes.Len())
	}
	if n.alt == nil {
		return nil
	}
	deletions, err := r.eval(n.alt, match, f)
	if err != nil || isUndefined(deletions) {
		return err
	}
	keys := r.listOf(deletions)
	if !allOf(keys, isString) {
		return &Error{Code: "T2012", Position: n.alt.pos, Value: deletions}
	}
	for _, key := range keys {
		if target != nil && r.spend(target.Len(), 0) {
			target.Delete(key.(string))
		}
	}
	return nil
}

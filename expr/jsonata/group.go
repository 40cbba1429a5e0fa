package jsonata

import (
	"github.com/fermata-dev/fermata/expr/value"
)

// members are the values that have the same key.
type members struct {
	key   string
	pair  int
	items []any
}

// group makes an object: of each item, each pair's key; of all items with the
// same key together, the pair's value.
func (r *run) group(pairs [][2]*node, pos int, input any, f *frame) (any, *Error) {
	if _, ok := arrayLen(input); !ok {
		return r.object(pairs, pos, input, f)
	}
	reduce := isTuples(input)
	list, _ := r.list(input)
	if len(list) == 0 && !reduce {
		return r.object(pairs, pos, undefined, f)
	}
	var groups []*members
	index := map[string]*members{}
	for _, item := range list {
		context, env := item, f
		if reduce {
			t := item.(*tuple)
			context, env = t.at, frameOf(f, t)
		}
		for i := range pairs {
			key, ok, err := r.key(pairs[i][0], pos, context, env)
			if err != nil {
				return undefined, err
			}
			if !ok {
				continue
			}
			g := index[key]
			if g == nil {
				g = &members{key: key, pair: i}
				index[key] = g
				groups = append(groups, g)
			}
			if g.pair != i {
				return undefined, &Error{Code: "D1009", Position: pos, Value: key}
			}
			if !r.spend(1, 16) {
				return undefined, r.spent
			}
			g.items = append(g.items, item)
		}
	}
	if !r.spend(0, 64*len(groups)) {
		return undefined, r.spent
	}
	return r.groupValues(pairs, groups, reduce, f)
}

func (r *run) groupValues(pairs [][2]*node, groups []*members, reduce bool, f *frame) (any, *Error) {
	result := value.NewObject(len(groups))
	for _, g := range groups {
		context, env := any(nil), f
		switch {
		case reduce:
			t := r.reduced(g.items)
			context, env = t.at, frameOf(f, t)
		case len(g.items) == 1:
			context = g.items[0]
		default:
			context = r.appended(g.items)
		}
		v, err := r.eval(pairs[g.pair][1], context, env)
		if err != nil {
			return undefined, err
		}
		if !isUndefined(v) {
			result.Set(g.key, v)
		}
	}
	return result, nil
}

// appended is the items as one array; those that are arrays are opened.
func (r *run) appended(items []any) any {
	all := make([]any, 0, len(items))
	for _, item := range items {
		if inner, ok := r.list(item); ok {
			if !r.spend(0, 16*len(inner)) {
				break
			}
			all = append(all, inner...)
		} else {
			all = append(all, item)
		}
	}
	return all
}

// object is the group of one item: an object constructor.
func (r *run) object(pairs [][2]*node, pos int, context any, f *frame) (any, *Error) {
	result := value.NewObject(len(pairs))
	if !r.spend(0, 64+40*len(pairs)) {
		return undefined, r.spent
	}
	if len(pairs) == 1 {
		key, ok, err := r.key(pairs[0][0], pos, context, f)
		if err != nil || !ok {
			return result, err
		}
		v, err := r.eval(pairs[0][1], context, f)
		if err == nil && !isUndefined(v) {
			result.Set(key, v)
		}
		return result, err
	}
	var room [8]string
	keys := room[:0]
	seen := value.NewObject(len(pairs))
	for i := range pairs {
		key, ok, err := r.key(pairs[i][0], pos, context, f)
		if err != nil {
			return undefined, err
		}
		if ok {
			if _, twice := seen.Get(key); twice {
				return undefined, &Error{Code: "D1009", Position: pos, Value: key}
			}
			seen.Set(key, nil)
		} else {
			key = missingKey
		}
		keys = append(keys, key)
	}
	for i, key := range keys {
		if key == missingKey {
			continue
		}
		v, err := r.eval(pairs[i][1], context, f)
		if err != nil {
			return undefined, err
		}
		if !isUndefined(v) {
			result.Set(key, v)
		}
	}
	return result, nil
}

// missingKey stands for a key that is undefined; it is no valid UTF-8, so that
// no key is like it.
const missingKey = "\xff"

// key is the value of a key, and false if it is undefined.
func (r *run) key(n *node, pos int, context any, f *frame) (string, bool, *Error) {
	v, err := r.eval(n, context, f)
	if err != nil || isUndefined(v) {
		return "", false, err
	}
	key, ok := v.(string)
	if !ok {
		return "", false, &Error{Code: "T1003", Position: pos, Value: v}
	}
	if key == "_jsonata_lambda" || key == "_jsonata_function" {
		return "", false, &Error{Code: "D1013", Position: pos, Value: key}
	}
	if !r.spend(len(key)/64, 0) {
		return "", false, r.spent
	}
	return key, true, nil
}

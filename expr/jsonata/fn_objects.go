package jsonata

import (
	"math"

	"github.com/fermata-dev/fermata/expr/value"
)

func fnKeys(c *call) (any, *Error) {
	result := newSequence()
	seen := map[string]bool{}
	c.keys(c.arg(0), 0, func(key string) {
		if !seen[key] {
			seen[key] = true
			result.push(key)
		}
	})
	return result, c.r.spent
}

func (c *call) keys(v any, depth int, add func(string)) {
	if items, ok := c.r.list(v); ok {
		for _, item := range items {
			if !c.r.spend(1, 0) || !c.r.nested(depth) {
				return
			}
			c.keys(item, depth+1, add)
		}
	}
	if o, ok := v.(*value.Object); ok {
		c.r.spend(o.Len(), 16*o.Len())
		for key := range o.All() {
			add(key)
		}
	}
}

func fnLookup(c *call) (any, *Error) {
	key, ok := c.arg(1).(string)
	if !ok {
		return undefined, nil
	}
	return c.r.member(c.arg(0), key), c.r.spent
}

func fnSpread(c *call) (any, *Error) {
	v := c.arg(0)
	switch v.(type) {
	case []any, *array, *value.Object:
		result := newSequence()
		plain := c.spread(v, result, 0)
		if plain {
			return result.items, c.r.spent
		}
		return result, c.r.spent
	}
	return v, nil
}

// spread adds an object for each member to result, and says whether that has
// been joined from parts, so that it is no sequence any more.
func (c *call) spread(v any, result *array, depth int) (joined bool) {
	if o, ok := v.(*value.Object); ok {
		c.r.spend(o.Len(), 96*o.Len())
		for key, member := range o.All() {
			single := value.NewObject(1)
			single.Set(key, member)
			result.push(single)
		}
		return false
	}
	items, ok := c.r.list(v)
	if !ok {
		if !isUndefined(v) {
			result.push(v)
		}
		return false
	}
	for _, item := range items {
		if !c.r.spend(1, 0) || !c.r.nested(depth) {
			return joined
		}
		c.spread(item, result, depth+1)
		joined = joined || !isUndefined(item)
	}
	return joined
}

func fnMerge(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	if !ok {
		return undefined, c.r.spent
	}
	result := value.NewObject(len(items))
	for _, item := range items {
		o, ok := item.(*value.Object)
		if !ok {
			continue
		}
		if !c.r.spend(o.Len(), 40*o.Len()) {
			return undefined, c.r.spent
		}
		for key, v := range o.All() {
			result.Set(key, v)
		}
	}
	return result, nil
}

func fnEach(c *call) (any, *Error) {
	result := newSequence()
	o, ok := c.arg(0).(*value.Object)
	fn, isFn := c.arg(1).(*function)
	if !ok || !isFn {
		return result, nil
	}
	for key, v := range o.All() {
		made, err := c.callWith(fn, v, key, o)
		if err != nil {
			return undefined, err
		}
		if !isUndefined(made) {
			result.push(made)
		}
	}
	return result, nil
}

func fnSift(c *call) (any, *Error) {
	o, ok := c.arg(0).(*value.Object)
	fn, isFn := c.arg(1).(*function)
	if !ok || !isFn {
		return undefined, nil
	}
	result := value.NewObject(o.Len())
	for key, v := range o.All() {
		kept, err := c.callWith(fn, v, key, o)
		if err != nil {
			return undefined, err
		}
		if yes, err := c.r.truth(kept); err != nil {
			return undefined, err
		} else if yes {
			result.Set(key, v)
		}
	}
	if result.Len() == 0 {
		return undefined, nil
	}
	return result, nil
}

// fnClone copies objects and arrays all the way down, so that a transform may
// change them; numbers keep their text. What JSON has not is null (NaN) or an error.
func fnClone(c *call) (any, *Error) {
	v := c.r.clone(unwrapped(c.arg(0)), 0)
	return v, c.r.spent
}

func (r *run) clone(v any, depth int) any {
	if !r.spend(1, 0) || !r.nested(depth) {
		return undefined
	}
	switch v := v.(type) {
	case *value.Object:
		r.spend(v.Len(), 40*v.Len())
		result := value.NewObject(v.Len())
		for key, member := range v.All() {
			if !isUndefined(member) {
				result.Set(key, r.clone(member, depth+1))
			}
		}
		return result
	case []any, *array:
		items, _ := r.list(v)
		r.spend(0, 16*len(items))
		result := make([]any, len(items))
		for i, item := range items {
			if result[i] = r.clone(item, depth+1); isUndefined(item) {
				result[i] = nil
			}
		}
		return result
	case *function:
		return ""
	case float64:
		if math.IsNaN(v) {
			return nil
		}
		if math.IsInf(v, 0) && r.spent == nil {
			r.spent = &Error{Code: "D1001", Value: v}
		}
	}
	return v
}

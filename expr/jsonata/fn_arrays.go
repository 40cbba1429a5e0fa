package jsonata

import "math"

// callWith calls the function with as many of the arguments as it can take.
func (c *call) callWith(fn *function, args ...any) (any, *Error) {
	return c.r.applyAt(fn, append([]any(nil), args[:min(max(fn.arity, 1), len(args))]...), nil, c.frame)
}

func fnMap(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	fn, isFn := c.arg(1).(*function)
	if !ok || !isFn {
		return undefined, c.r.spent
	}
	result := newSequence()
	for i, item := range items {
		v, err := c.callWith(fn, item, float64(i), c.arg(0))
		if err != nil {
			return undefined, err
		}
		if !isUndefined(v) {
			result.push(v)
		}
	}
	return result, nil
}

func fnFilter(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	fn, isFn := c.arg(1).(*function)
	if !ok || !isFn {
		return undefined, c.r.spent
	}
	result := newSequence()
	for i, item := range items {
		v, err := c.callWith(fn, item, float64(i), c.arg(0))
		if err != nil {
			return undefined, err
		}
		if yes, err := c.r.truth(v); err != nil {
			return undefined, err
		} else if yes {
			result.push(item)
		}
	}
	return result, nil
}

func fnSingle(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	if !ok {
		return undefined, c.r.spent
	}
	fn, _ := c.arg(1).(*function)
	result, matched := undefined, false
	for i, item := range items {
		yes := true
		if fn != nil {
			v, err := c.callWith(fn, item, float64(i), c.arg(0))
			if err != nil {
				return undefined, err
			}
			if yes, err = c.r.truth(v); err != nil {
				return undefined, err
			}
		}
		if yes && matched {
			return undefined, &Error{Code: "D3138", Index: i}
		}
		if yes {
			result, matched = item, true
		}
	}
	if !matched {
		return undefined, &Error{Code: "D3139"}
	}
	return result, nil
}

func fnReduce(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	fn, isFn := c.arg(1).(*function)
	if !ok || !isFn {
		return undefined, c.r.spent
	}
	if fn.arity < 2 {
		return undefined, &Error{Code: "D3050", Index: 1}
	}
	result, from := c.arg(2), 0
	if isUndefined(result) && len(items) > 0 {
		result, from = items[0], 1
	}
	for i := from; i < len(items); i++ {
		var err *Error
		if result, err = c.callWith(fn, result, items[i], float64(i), c.arg(0)); err != nil {
			return undefined, err
		}
	}
	return result, nil
}

func fnZip(c *call) (any, *Error) {
	length := math.MaxInt
	lists := make([][]any, len(c.args))
	for i, arg := range c.args {
		lists[i], _ = c.r.list(arg)
		length = min(length, len(lists[i]))
	}
	result := []any{}
	for i := 0; i < length && len(lists) > 0; i++ {
		if !c.r.spend(len(lists), 16*len(lists)) {
			return undefined, c.r.spent
		}
		tuple := make([]any, len(lists))
		for j := range lists {
			tuple[j] = lists[j][i]
		}
		result = append(result, tuple)
	}
	return result, nil
}

func fnAppend(c *call) (any, *Error) { return c.r.joined(c.arg(0), c.arg(1)), c.r.spent }

func fnReverse(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	if !ok || len(items) <= 1 {
		return c.arg(0), c.r.spent
	}
	if !c.r.spend(len(items), 16*len(items)) {
		return undefined, c.r.spent
	}
	result := make([]any, len(items))
	for i, item := range items {
		result[len(items)-1-i] = item
	}
	return result, nil
}

func fnShuffle(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	if !ok || len(items) <= 1 {
		return c.arg(0), c.r.spent
	}
	if !c.r.spend(len(items), 16*len(items)) {
		return undefined, c.r.spent
	}
	result := make([]any, len(items))
	for i, item := range items {
		j := min(int(c.r.env.RandomNumber()*float64(i+1)), i)
		result[i] = result[j]
		result[j] = item
	}
	return result, nil
}

package jsonata

import "math"

// orderBy sorts items by the terms of an order-by clause.
func (r *run) orderBy(n *node, items []any, tuples bool, f *frame) ([]any, *Error) {
	return r.mergeSort(items, func(a, b any) (bool, *Error) {
		for i := range n.terms {
			x, err := r.sortKey(&n.terms[i], a, tuples, f)
			if err != nil {
				return false, err
			}
			y, err := r.sortKey(&n.terms[i], b, tuples, f)
			if err != nil {
				return false, err
			}
			if !r.spend(1, 0) || !r.weigh(x) || !r.weigh(y) {
				return false, r.spent
			}
			order, err := orderOfKeys(x, y)
			if err != nil {
				err.Position = n.pos
				return false, err
			}
			if order == 0 {
				continue
			}
			if n.terms[i].descending && !isUndefined(x) && !isUndefined(y) {
				order = -order
			}
			return order > 0, nil
		}
		return false, nil
	})
}

func (r *run) sortKey(t *term, item any, tuples bool, f *frame) (any, *Error) {
	if tuples {
		tup := item.(*tuple)
		return r.eval(t.expr, tup.at, frameOf(f, tup))
	}
	if tup, bare := item.(*tuple); bare {
		if !r.spend(0, 64*(1+len(tup.vars))) {
			return undefined, r.spent
		}
		item = tup.object()
	}
	return r.eval(t.expr, item, f)
}

// orderOfKeys orders two keys; undefined comes last.
func orderOfKeys(x, y any) (int, *Error) {
	switch {
	case isUndefined(x) && isUndefined(y):
		return 0, nil
	case isUndefined(x):
		return 1, nil
	case isUndefined(y):
		return -1, nil
	case !comparable(x):
		return 0, &Error{Code: "T2008", Value: x}
	case !comparable(y):
		return 0, &Error{Code: "T2008", Value: y}
	}
	order, same := ordering(x, y)
	if isNaN(x) || isNaN(y) {
		order = 1
	}
	if !same {
		return 0, &Error{Code: "T2007", Value: x, Value2: y}
	}
	return order, nil
}

// mergeSort sorts a copy of items. after says whether its first argument
// belongs behind its second; it is asked in a fixed order, so that a function
// of the user that contradicts itself still gives the same result everywhere.
func (r *run) mergeSort(items []any, after func(a, b any) (bool, *Error)) ([]any, *Error) {
	if !r.spend(len(items), 16*len(items)) {
		return nil, r.spent
	}
	if len(items) <= 1 {
		return append([]any(nil), items...), nil
	}
	middle := len(items) / 2
	left, err := r.mergeSort(items[:middle], after)
	if err != nil {
		return nil, err
	}
	right, err := r.mergeSort(items[middle:], after)
	if err != nil {
		return nil, err
	}
	merged := make([]any, 0, len(items))
	for len(left) > 0 && len(right) > 0 {
		swap, err := after(left[0], right[0])
		if err != nil {
			return nil, err
		}
		if swap {
			merged, right = append(merged, right[0]), right[1:]
		} else {
			merged, left = append(merged, left[0]), left[1:]
		}
	}
	return append(append(merged, left...), right...), nil
}

// fnSort is $sort.
func fnSort(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	if !ok || len(items) <= 1 {
		return c.arg(0), nil
	}
	if compareWith, ok := c.arg(1).(*function); ok {
		sorted, err := c.r.mergeSort(items, func(a, b any) (bool, *Error) {
			v, err := c.r.apply(compareWith, []any{a, b}, nil)
			if err == nil && !c.r.weigh(v) {
				return false, c.r.spent
			}
			return truthy(v), err
		})
		return sorted, err
	}
	if !c.r.weighAll(items) {
		return undefined, c.r.spent
	}
	numeric, err := allNumbers(items)
	if err != nil {
		return undefined, err
	}
	if !numeric && !allOf(items, isString) {
		return undefined, &Error{Code: "D3070", Index: 1}
	}
	sorted, err := c.r.mergeSort(items, func(a, b any) (bool, *Error) {
		if !c.r.weigh(a) || !c.r.weigh(b) {
			return false, c.r.spent
		}
		order, _ := ordering(a, b)
		return order > 0, nil
	})
	return sorted, err
}

// truthy is what JavaScript takes for true, which is how the answer of a function that
// compares is understood: unlike a condition, also empty objects and arrays.
func truthy(v any) bool {
	switch v := v.(type) {
	case Undefined, nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	}
	x, numeric := number(v)
	return !numeric || x != 0 && !math.IsNaN(x)
}

func allOf(items []any, is func(any) bool) bool {
	for _, item := range items {
		if !is(item) {
			return false
		}
	}
	return true
}

func isString(v any) bool { _, ok := v.(string); return ok }

// allNumbers says whether all items are numbers; none may be infinite.
func allNumbers(items []any) (bool, *Error) {
	all := true
	for _, item := range items {
		_, is, err := finite(item)
		if err != nil {
			return false, err
		}
		all = all && is
	}
	return all, nil
}

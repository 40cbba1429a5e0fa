package jsonata

import (
	"math"

	"github.com/fermata-dev/fermata/expr/value"
)

// path walks the steps of a path: each is applied to every value that the one
// before has found.
func (r *run) path(n *node, input any, f *frame) (any, *Error) {
	steps := n.list
	current, done, at, err := r.plainSteps(n, input, f)
	if err != nil || done {
		return current, err
	}
	from := newSequence()
	if at > 0 {
		from.items = r.listOf(current)
	} else if items, ok := r.list(input); ok && steps[0].kind != kindVariable {
		from.items, from.sequence = items, isSequence(input)
	} else {
		from.items = []any{input}
	}
	return r.walk(n, at, from, input, f)
}

// plainSteps takes the steps of names as long as there is one value and
// nothing else to do: the common case, without any sequence. It says how many
// steps have been taken, and whether the path is at its end.
func (r *run) plainSteps(n *node, input any, f *frame) (v any, done bool, at int, err *Error) {
	v = input
	first := n.list[0]
	if first.kind == kindVariable && first.filters == nil && first.stages == nil && first.group == nil && !first.tuple && !first.keepArray {
		v = r.variable(first, input, f)
		if isUndefined(v) && n.group == nil {
			return v, true, 0, nil
		}
		if at = 1; isArray(v) {
			return input, false, 0, nil
		}
	}
	if n.group != nil || n.keepSingleton || n.tuple {
		return input, false, 0, nil
	}
	for ; at < len(n.list); at++ {
		object, ok := v.(*value.Object)
		step := n.list[at]
		if !ok || !step.plain {
			return v, false, at, nil
		}
		if !r.spend(1, 0) {
			return undefined, true, at, r.spent
		}
		found, ok := object.Get(step.text)
		if !ok {
			return undefined, true, at, nil
		}
		v = found
		if _, special := v.(*array); special || isArray(v) && at < len(n.list)-1 {
			if special {
				return object, false, at, nil
			}
			return v, false, at + 1, nil
		}
	}
	return v, true, at, nil
}

// walk takes the steps from the one at. from is what the first of them is
// applied to.
func (r *run) walk(n *node, at int, from *array, input any, f *frame) (any, *Error) {
	var (
		steps  = n.list
		result any
		tuples *array
		stream bool
		err    *Error
	)
	for i := at; i < len(steps); i++ {
		step := steps[i]
		stream = stream || step.tuple
		switch {
		case i == 0 && step.cons:
			result, err = r.eval(step, consInput(from.items, input), f)
		case stream:
			tuples, err = r.tupleStep(step, from.items, tuples, f)
		default:
			result, err = r.step(step, from, i == len(steps)-1, f)
		}
		if err != nil {
			return undefined, err
		}
		if !stream {
			text, isText := result.(string)
			if isText && i < len(steps)-1 {
				if !r.spend(len(text)/8, 32*len(text)) {
					return undefined, r.spent
				}
				result = characters(text)
			}
			count, ok := arrayLen(result)
			if !ok && i < len(steps)-1 {
				result = undefined // one item of the array that the path begins with: further steps find nothing in it
			}
			if !ok || count == 0 {
				break
			}
		}
		if step.focus == "" && !stream {
			from = &array{items: r.listOf(result), sequence: isSequence(result)}
		}
	}
	if stream {
		result = r.streamed(n, tuples)
	}
	return r.finishPath(n, result, tuples, stream, f)
}

// characters are what further steps find in a text that was taken out of the array that
// a path begins with.
func characters(text string) any {
	units := unitsOf(text)
	if len(units) == 0 {
		return text
	}
	items := make([]any, len(units))
	for i := range units {
		items[i] = textOf(units[i : i+1])
	}
	return items
}

// consInput is the context of an array constructor at the beginning of a path.
func consInput(list []any, input any) any {
	if isArray(input) {
		return input
	}
	return newSequence(list...)
}

// streamed is what a stream of tuples comes to: the stream itself where a path
// further out looks for parents in it, or else its values.
func (r *run) streamed(n *node, tuples *array) any {
	if n.tuple {
		return tuples.visible()
	}
	result := newSequence()
	if tuples == nil {
		return result
	}
	for _, item := range tuples.items {
		result.push(item.(*tuple).at)
	}
	return result
}

func (r *run) finishPath(n *node, result any, tuples *array, stream bool, f *frame) (any, *Error) {
	if n.keepSingleton {
		if a, ok := result.(*array); ok {
			if a.cons && !a.sequence {
				a = newSequence(a)
				result = a
			}
			a.keep = true
		}
	}
	if n.group == nil {
		return result, nil
	}
	if stream {
		return r.group(n.group.pairs, n.group.pos, tuples.visible(), f)
	}
	return r.group(n.group.pairs, n.group.pos, result, f)
}

// step applies a step to each item. The result is a sequence, or, of the last
// step, the array that it has found if that is all.
func (r *run) step(n *node, from *array, last bool, f *frame) (any, *Error) {
	list := from.items
	if n.kind == kindSort {
		sorted, err := r.orderBy(n, list, false, f)
		if err != nil {
			return undefined, err
		}
		var result any = sorted
		if len(sorted) <= 1 {
			result = from // there was nothing to sort
		}
		for _, s := range n.stages {
			if result, err = r.filter(s.filter, result, f); err != nil {
				return undefined, err
			}
		}
		return result, nil
	}
	result := newSequence()
	var first any
	found := 0
	if !r.spend(len(list), 0) {
		return undefined, r.spent
	}
	for _, item := range list {
		v, err := r.stepValue(n, item, f)
		if err != nil {
			return undefined, err
		}
		if isUndefined(v) {
			continue
		}
		if found++; found == 1 {
			first = v
		}
		if inner, ok := r.list(v); ok && !isCons(v) {
			if !r.spend(0, 16*len(inner)) {
				return undefined, r.spent
			}
			result.items = append(result.items, inner...)
		} else {
			result.push(v)
		}
	}
	if last && found == 1 && isArray(first) && !isSequence(first) {
		return first, nil
	}
	if !r.spend(0, 16*len(list)) {
		return undefined, r.spent
	}
	return result, nil
}

func (r *run) stepValue(n *node, item any, f *frame) (any, *Error) {
	if n.plain {
		if object, ok := item.(*value.Object); ok {
			if v, ok := object.Get(n.text); ok {
				if _, special := v.(*array); !special {
					return v, nil
				}
			} else {
				return undefined, nil
			}
		}
	}
	v, err := r.eval(n, item, f)
	for _, s := range n.stages {
		if err != nil {
			return undefined, err
		}
		v, err = r.filter(s.filter, v, f)
	}
	return v, err
}

// filter is the items of input for which the predicate is true, or which it
// names by number.
func (r *run) filter(predicate *node, input any, f *frame) (any, *Error) {
	tuples := isTuples(input)
	items := r.listOf(input)
	if predicate.kind == kindNumber && predicate.filters == nil && predicate.group == nil {
		return r.nth(items, math.Floor(predicate.value.(float64)), tuples), nil
	}
	result := &array{sequence: true, tuples: tuples}
	if !r.spend(len(items)/constantsOfStep, 0) {
		return undefined, r.spent
	}
	for i, item := range items {
		context, env := item, f
		if tuples {
			t := item.(*tuple)
			context, env = t.at, frameOf(f, t)
		} else if t, bare := item.(*tuple); bare {
			if !r.spend(0, 64*(1+len(t.vars))) {
				return undefined, r.spent
			}
			context = t.object()
		}
		v, err := r.eval(predicate, context, env)
		if err != nil {
			return undefined, err
		}
		times, err := r.selects(v, i, len(items))
		if err != nil {
			return undefined, err
		}
		for range times {
			result.push(item)
		}
	}
	if !r.spend(0, 16*len(result.items)) {
		return undefined, r.spent
	}
	return result, nil
}

func (r *run) nth(items []any, index float64, tuples bool) any {
	if index < 0 {
		index += float64(len(items))
	}
	if index < 0 || index >= float64(len(items)) {
		return &array{sequence: true, tuples: tuples}
	}
	item := items[int(index)]
	if isUndefined(item) {
		return newSequence()
	}
	if isArray(item) {
		return item
	}
	return &array{items: []any{item}, sequence: true, tuples: tuples}
}

// selects is how often the value v of a predicate selects the item at index i
// of count: numbers name items, everything else is true or not.
func (r *run) selects(v any, i, count int) (int, *Error) {
	items, ok := r.list(v)
	if !ok {
		if _, numeric := number(v); numeric {
			items = []any{v}
			ok = true
		}
	}
	if !ok {
		yes, err := r.truth(v)
		if yes {
			return 1, err
		}
		return 0, err
	}
	times := 0
	r.weighAll(items)
	for _, item := range items {
		x, numeric, err := finite(item)
		if err != nil {
			return 0, err
		}
		if !numeric {
			yes, err := r.truth(v)
			if yes {
				return 1, err
			}
			return 0, err
		}
		if x = math.Floor(x); x < 0 {
			x += float64(count)
		}
		if int(x) == i && x >= 0 {
			times++
		}
	}
	r.spend(len(items), 0)
	return times, nil
}

package jsonata

import "slices"

// tupleStep applies a step of a path that carries variables along: every value
// that is found is a tuple with the variables of the value that it was found
// in, and the step's own.
func (r *run) tupleStep(n *node, list []any, tuples *array, f *frame) (*array, *Error) {
	if n.kind == kindSort {
		return r.sortTuples(n, list, tuples, f)
	}
	if tuples == nil {
		tuples = &array{}
		for _, item := range list {
			tuples.push(&tuple{at: item})
		}
	}
	result := &array{sequence: true, tuples: true}
	for _, item := range tuples.items {
		t := item.(*tuple)
		v, err := r.eval(n, t.at, frameOf(f, t))
		if err != nil {
			return nil, err
		}
		if isUndefined(v) {
			continue
		}
		if err := r.expand(n, t, v, result); err != nil {
			return nil, err
		}
	}
	return r.stages(n.stages, result, f)
}

// expand adds a tuple to result for each value that the step n has found in t.
func (r *run) expand(n *node, t *tuple, found any, result *array) *Error {
	for i, v := range r.listOf(found) {
		if !r.spend(1, 64+32*len(t.vars)) {
			return r.spent
		}
		if inner, ok := v.(*tuple); ok {
			merged := &tuple{at: inner.at, vars: append([]binding(nil), t.vars...)}
			for _, b := range inner.vars {
				merged.vars = setBinding(merged.vars, b.name, b.value)
			}
			result.push(merged)
			continue
		}
		next := &tuple{at: v, vars: t.vars[:len(t.vars):len(t.vars)]}
		if n.focus != "" {
			next.vars, next.at = next.with(n.focus, v), t.at
		}
		if n.index != "" {
			next.vars = next.with(n.index, float64(i))
		}
		if n.ancestor != nil {
			next.vars = next.with(n.ancestor.label, t.at)
		}
		result.push(next)
	}
	return nil
}

func (r *run) sortTuples(n *node, list []any, tuples *array, f *frame) (*array, *Error) {
	if tuples != nil {
		sorted, err := r.orderBy(n, tuples.items, !tuples.bare, f)
		if err != nil {
			return nil, err
		}
		if len(sorted) > 1 {
			return r.stages(n.stages, &array{items: sorted, bare: true}, f)
		}
		return r.stages(n.stages, &array{items: sorted, sequence: true, tuples: tuples.tuples, bare: tuples.bare}, f)
	}
	sorted, err := r.orderBy(n, list, false, f)
	if err != nil {
		return nil, err
	}
	result := &array{sequence: true, tuples: true}
	for i, v := range sorted {
		result.push(&tuple{at: v, vars: []binding{{n.index, float64(i)}}})
	}
	return r.stages(n.stages, result, f)
}

// stages applies filters and indexes to a stream of tuples.
func (r *run) stages(stages []stage, tuples *array, f *frame) (*array, *Error) {
	for _, s := range stages {
		if s.filter == nil {
			for i, item := range tuples.items {
				t := item.(*tuple)
				if !r.spend(1, 64+32*len(t.vars)) {
					return nil, r.spent
				}
				tuples.items[i] = &tuple{at: t.at, vars: t.with(s.index, float64(i))}
			}
			continue
		}
		v, err := r.filter(s.filter, tuples, f)
		if err != nil {
			return nil, err
		}
		filtered, ok := v.(*array)
		if !ok {
			filtered = newSequence()
		}
		filtered.tuples, filtered.bare = tuples.tuples, tuples.bare
		tuples = filtered
	}
	return tuples, nil
}

// reduced is one tuple for many: of each variable all values.
func (r *run) reduced(tuples []any) *tuple {
	first := tuples[0].(*tuple)
	if len(tuples) == 1 {
		return first
	}
	var at []any
	var names []string
	values := map[string][]any{}
	for _, item := range tuples {
		t := item.(*tuple)
		if !r.spend(1+len(t.vars), 16*(1+len(t.vars))) {
			break
		}
		at = append(at, t.at)
		for _, b := range t.vars {
			if values[b.name] == nil {
				names = append(names, b.name)
			}
			values[b.name] = append(values[b.name], b.value)
		}
	}
	result := &tuple{at: r.together(at)}
	for _, name := range names {
		result.vars = append(result.vars, binding{name, r.together(values[name])})
	}
	return result
}

// together is the values joined: the only one of them that is defined, or all of them as
// one array.
func (r *run) together(values []any) any {
	defined := slices.DeleteFunc(values, isUndefined)
	switch len(defined) {
	case 0:
		return undefined
	case 1:
		return defined[0]
	}
	return r.appended(defined)
}

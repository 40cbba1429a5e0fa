package jsonata

import (
	"time"

	"github.com/fermata-dev/fermata/expr/value"
)

// run is one evaluation: its input and what it has used of its budget.
type run struct {
	env   Env
	opts  *Options
	root  frame
	first [1]binding // room for root
	depth int
	steps int    // that are left
	bytes int    // that are left
	spent *Error // why the budget is exhausted

	tail    tail
	picture *knownPicture // that was asked for last

	result   bool          // what is exported now is the result
	searched time.Duration // in regular expressions
}

// spend takes from the budget. Once it is exhausted, spend is false, and
// everything that is evaluated afterwards ends with the error.
func (r *run) spend(steps, bytes int) bool {
	r.steps -= steps
	r.bytes -= bytes
	if r.steps >= 0 && r.bytes >= 0 {
		return true
	}
	if r.spent == nil {
		r.spent = &Error{Code: CodeSteps, Value: float64(r.opts.maxSteps())}
		if r.bytes < 0 {
			r.spent = &Error{Code: CodeMemory, Value: float64(r.opts.maxMemory())}
		}
	}
	return false
}

// paid is spend for what is done: nil, or the error.
func (r *run) paid(steps, bytes int) *Error {
	r.spend(steps, bytes)
	return r.spent
}

// How many bytes of a text, and of the text of a number, are looked at in one step.
const (
	stepText   = 1024
	stepNumber = 16
)

// usualNumber is how long the text of a number is that costs nothing.
const usualNumber = 128

// constantsOfStep is how many constants are evaluated in one step, where many can stand
// beside each other: alone they cost none.
const constantsOfStep = 4

// weigh spends steps on the length of v, if it is a text or a number that is to be
// looked at: the same long one may be looked at again and again.
func (r *run) weigh(v any) bool {
	switch v := v.(type) {
	case string:
		return len(v) < stepText || r.spend(len(v)/stepText, 0)
	case value.Number:
		return len(v) < usualNumber || r.spend(len(v)/stepNumber, 0)
	}
	return true
}

// weighAll weighs each of the values.
func (r *run) weighAll(values []any) bool {
	for _, v := range values {
		if !r.weigh(v) {
			return false
		}
	}
	return true
}

// eval evaluates n with the context input.
func (r *run) eval(n *node, input any, f *frame) (any, *Error) {
	switch n.kind {
	case kindString, kindNumber, kindValue:
		if n.filters == nil && n.group == nil && r.depth < r.opts.maxDepth() {
			return n.value, nil
		}
	}
	if !r.spend(1, 0) {
		return undefined, r.spent
	}
	if r.depth++; r.depth+n.least() > r.opts.maxDepth() {
		return undefined, &Error{Code: CodeDepth, Value: float64(r.opts.maxDepth()), Position: n.pos}
	}
	result, err := r.evalKind(n, input, f)
	for _, filter := range n.filters {
		if err == nil {
			result, err = r.filter(filter, result, f)
		}
	}
	if err == nil && n.group != nil && n.kind != kindPath {
		result, err = r.group(n.group.pairs, n.group.pos, result, f)
	}
	r.depth--
	if err != nil {
		return undefined, err
	}
	if a, ok := result.(*array); ok && a.sequence && !a.tuples {
		return a.settled(n.keepArray), nil
	}
	return result, nil
}

// least is the depth that is needed below n at least: the steps of a path are
// parts of their own, even where they are taken without an evaluation.
func (n *node) least() int {
	if n.kind == kindPath {
		return 1
	}
	return 0
}

// settled is what a sequence is when it is complete: undefined if it is empty,
// its only item if it has one and need not stay an array.
func (a *array) settled(keep bool) any {
	if keep {
		a.keep = true
	}
	switch {
	case a.len() == 0:
		return undefined
	case a.len() == 1 && !a.keep:
		return a.list()[0]
	}
	return a
}

func (r *run) evalKind(n *node, input any, f *frame) (any, *Error) {
	switch n.kind {
	case kindPath:
		return r.path(n, input, f)
	case kindName:
		return r.member(input, n.text), nil
	case kindString, kindNumber, kindValue:
		return n.value, nil
	case kindVariable:
		return r.variable(n, input, f), nil
	case kindBinary:
		return r.binary(n, input, f)
	case kindCall:
		return r.call(n, input, f, nil)
	case kindTailCall:
		return &thunk{call: n.lhs, input: input, frame: f}, nil
	case kindCondition, kindElse, kindCoalesce:
		return r.condition(n, input, f)
	case kindBlock:
		return r.block(n, input, f)
	case kindBind:
		v, err := r.eval(n.rhs, input, f)
		if err == nil {
			f.bind(n.text, v)
		}
		return v, err
	case kindObject:
		return r.group(n.pairs, n.pos, input, f)
	case kindArray:
		return r.arrayConstructor(n, input, f)
	case kindLambda:
		return &function{lambda: n, input: input, frame: f, sig: n.sig, arity: len(n.params)}, nil
	case kindNegate:
		return r.negate(n, input, f)
	}
	return r.evalRare(n, input, f)
}

func (r *run) evalRare(n *node, input any, f *frame) (any, *Error) {
	switch n.kind {
	case kindWildcard:
		return r.wildcard(input), nil
	case kindDescendant:
		return r.descendants(input), nil
	case kindParent:
		v, ok := f.lookup(n.slot.label)
		if !ok {
			return undefined, nil
		}
		return v, nil
	case kindRegex:
		return n.regex.function(), nil
	case kindPartial:
		return r.partial(n, input, f)
	case kindApply:
		return r.applyOperator(n, input, f)
	case kindTransform:
		return r.transformer(n, f), nil
	}
	return undefined, nil
}

func (r *run) variable(n *node, input any, f *frame) any {
	if n.text == "" {
		return unwrapped(input)
	}
	if v, ok := f.lookup(n.text); ok {
		return v
	}
	if r.env.Variables != nil {
		if v, ok := r.env.Variables.Variable(n.text); ok {
			return v
		}
	}
	if n.builtin != nil {
		return n.builtin
	}
	return undefined
}

func (r *run) condition(n *node, input any, f *frame) (any, *Error) {
	v, err := r.eval(n.lhs, input, f)
	if err != nil {
		return undefined, err
	}
	if n.kind == kindCoalesce {
		if !isUndefined(v) {
			return v, nil
		}
		return r.eval(n.rhs, input, f)
	}
	yes, err := r.truth(v)
	switch {
	case err != nil:
		return undefined, err
	case n.kind == kindElse && yes:
		return v, nil
	case n.kind == kindElse || yes:
		return r.eval(n.rhs, input, f)
	case n.alt != nil:
		return r.eval(n.alt, input, f)
	}
	return undefined, nil
}

func (r *run) block(n *node, input any, f *frame) (any, *Error) {
	inner := &frame{outer: f}
	result := undefined
	if !r.spend(len(n.list)/constantsOfStep, 0) {
		return undefined, r.spent
	}
	for _, part := range n.list {
		var err *Error
		if result, err = r.eval(part, input, inner); err != nil {
			return undefined, err
		}
	}
	return result, nil
}

func (r *run) negate(n *node, input any, f *frame) (any, *Error) {
	v, err := r.eval(n.lhs, input, f)
	if err != nil || isUndefined(v) {
		return undefined, err
	}
	if !r.weigh(v) {
		return undefined, r.spent
	}
	x, ok, err := finite(v)
	if err != nil {
		return undefined, err
	}
	if !ok {
		return undefined, &Error{Code: "D1002", Position: n.pos, Token: n.text, Value: v}
	}
	return -x, nil
}

func (r *run) arrayConstructor(n *node, input any, f *frame) (any, *Error) {
	var first, items []any // first is an array that the others are put behind
	var only any
	for _, part := range n.list {
		v, err := r.eval(part, input, f)
		if err != nil {
			return undefined, err
		}
		switch inner, is := v.(*array); {
		case isUndefined(v):
			continue
		case part.kind == kindArray:
			items = append(items, v)
			r.spend(0, 16)
		case is && inner.length > 0 && len(n.list) == 1:
			only = &array{from: inner.from, length: inner.length, cons: n.cons}
		default:
			found := r.listOf(v)
			if first == nil && items == nil && len(found) > 1 {
				first = found
				break
			}
			if !r.spend(0, 16*len(found)) {
				return undefined, r.spent
			}
			items = append(items, found...)
		}
		if !r.spend(1, 0) {
			return undefined, r.spent
		}
	}
	if only != nil {
		return only, nil
	}
	if first != nil {
		var ok bool
		if items, ok = r.grown(first, items); !ok {
			return undefined, r.spent
		}
	}
	if n.cons {
		return &array{items: items, cons: true}, nil
	}
	return items, nil
}

package jsonata

// function is a function value: one of the library or of the user of the
// package (native), one that the expression defines (lambda), or another one
// of which some arguments are given already (partial).
type function struct {
	name   string
	native func(*call) (any, *Error)
	lambda *node
	input  any    // the context where a lambda was defined
	frame  *frame // its scope
	regex  *regex // what is looked for, if the function is a regular expression

	partial *function
	given   []any // with hole where an argument is to come

	sig   *signature
	arity int
}

// hole stands for an argument that is not given yet.
type hole struct{}

// call is what a native function is called with.
type call struct {
	r     *run
	args  []any
	input any // the context
	frame *frame
}

// arg is an argument, or undefined if it was not given.
func (c *call) arg(i int) any {
	if i < len(c.args) {
		return c.args[i]
	}
	return undefined
}

// thunk is a call that a function ends with. It is made when the function has
// returned, so that recursion at the end of functions needs no stack.
type thunk struct {
	call  *node
	input any
	frame *frame
}

// call evaluates a call. first is the argument from the left of ~>, if any.
func (r *run) call(n *node, input any, f *frame, first *any) (any, *Error) {
	fn, err := r.eval(n.lhs, input, f)
	if err != nil {
		return undefined, err
	}
	if isUndefined(fn) && n.lhs.kind == kindPath && r.isNamed(n.lhs.list[0].text, f) {
		return undefined, &Error{Code: "T1005", Position: n.pos, Token: n.lhs.list[0].text}
	}
	args := make([]any, 0, len(n.list)+1)
	if first != nil {
		args = append(args, *first)
	}
	if args, err = r.arguments(args, n, input, f); err != nil {
		return undefined, err
	}
	result, err := r.applyAt(fn, args, input, f)
	if err != nil {
		return undefined, err.at(n.pos, n.callee())
	}
	return result, nil
}

func (r *run) arguments(args []any, n *node, input any, f *frame) ([]any, *Error) {
	for _, part := range n.list {
		if part.kind == kindPlaceholder {
			args = append(args, hole{})
			continue
		}
		v, err := r.eval(part, input, f)
		if err != nil {
			return nil, err
		}
		args = append(args, v)
	}
	return args, nil
}

// callee is what errors call the function that is called.
func (n *node) callee() string {
	switch n.lhs.kind {
	case kindPath:
		return n.lhs.list[0].text
	case kindLambda, kindBlock, kindCondition, kindElse, kindCoalesce:
		return "" // they have no name
	}
	return n.lhs.text
}

// isNamed says whether there is a variable or a function of this name.
func (r *run) isNamed(name string, f *frame) bool {
	if name == "" {
		return false
	}
	n := node{kind: kindVariable, text: name, builtin: r.opts.builtin(name)}
	return !isUndefined(r.variable(&n, nil, f))
}

// apply calls a function, and the calls that it ends with.
func (r *run) apply(fn any, args []any, input any) (any, *Error) {
	return r.applyAt(fn, args, input, &r.root)
}

func (r *run) applyAt(fn any, args []any, input any, f *frame) (any, *Error) {
	result, err := r.applyOnce(fn, args, input, f)
	for err == nil {
		t, ok := result.(*thunk)
		if !ok {
			break
		}
		if fn, err = r.eval(t.call.lhs, t.input, t.frame); err != nil {
			break
		}
		if args, err = r.arguments(nil, t.call, t.input, t.frame); err != nil {
			break
		}
		result, err = r.applyOnce(fn, args, input, f)
		err = err.at(t.call.pos, t.call.callee())
	}
	if err != nil {
		return undefined, err
	}
	return result, nil
}

func (r *run) applyOnce(callee any, args []any, input any, f *frame) (any, *Error) {
	fn, ok := callee.(*function)
	if !ok {
		return undefined, &Error{Code: "T1006"}
	}
	if !r.spend(1, 48+16*len(args)) {
		return undefined, r.spent
	}
	if fn.sig != nil {
		var err *Error
		if args, err = fn.sig.validate(r, args, input); err != nil {
			return undefined, err
		}
	}
	return r.enter(fn, args, input, f)
}

// enter calls a function whose arguments have been checked.
func (r *run) enter(fn *function, args []any, input any, f *frame) (any, *Error) {
	switch {
	case fn.native != nil:
		if !r.weighAll(args) {
			return undefined, r.spent
		}
		return fn.native(&call{r: r, args: args, input: input, frame: f})
	case fn.partial != nil:
		if r.depth++; r.depth > r.opts.maxDepth() {
			return undefined, &Error{Code: CodeDepth, Value: float64(r.opts.maxDepth())}
		}
		if !r.spend(len(fn.given)/constantsOfStep, 16*len(fn.given)) {
			return undefined, r.spent
		}
		result, err := r.enter(fn.partial, fn.filled(args), input, f)
		r.depth--
		return result, err
	}
	params := fn.lambda.params
	if many := len(params) - fewVars; many > 0 && !r.spend(many/constantsOfStep, 96*many) {
		return undefined, r.spent
	}
	inner := &frame{outer: fn.frame, vars: make([]binding, 0, len(params))}
	for i, param := range params {
		v := undefined
		if i < len(args) {
			v = args[i]
		}
		inner.bind(param, v)
	}
	return r.eval(fn.lambda.rhs, fn.input, inner)
}

// filled is the given arguments with args in the holes.
func (fn *function) filled(args []any) []any {
	all := make([]any, len(fn.given))
	next := 0
	for i, v := range fn.given {
		if _, open := v.(hole); open {
			v = undefined
			if next < len(args) {
				v = args[next]
			}
			next++
		}
		all[i] = v
	}
	return all
}

func (r *run) partial(n *node, input any, f *frame) (any, *Error) {
	if !r.spend(len(n.list)/constantsOfStep, 48+16*len(n.list)) {
		return undefined, r.spent
	}
	args, err := r.arguments(nil, n, input, f)
	if err != nil {
		return undefined, err
	}
	v, err := r.eval(n.lhs, input, f)
	if err != nil {
		return undefined, err
	}
	fn, ok := v.(*function)
	if !ok {
		code := "T1008"
		if isUndefined(v) && n.lhs.kind == kindPath && r.isNamed(n.lhs.list[0].text, f) {
			code = "T1007"
		}
		return undefined, &Error{Code: code, Position: n.pos, Token: n.callee()}
	}
	result := &function{name: fn.name, partial: fn, given: args}
	for _, arg := range args {
		if _, open := arg.(hole); open {
			result.arity++
		}
	}
	return result, nil
}

// applyOperator is left ~> right: a call with left as its first argument, or
// two functions made one.
func (r *run) applyOperator(n *node, input any, f *frame) (any, *Error) {
	left, err := r.eval(n.lhs, input, f)
	if err != nil {
		return undefined, err
	}
	if n.rhs.kind == kindCall {
		return r.call(n.rhs, input, f, &left) // predicates behind it do not count: this is JSONata's rule
	}
	right, err := r.eval(n.rhs, input, f)
	if err != nil {
		return undefined, err
	}
	fn, ok := right.(*function)
	if !ok {
		return undefined, &Error{Code: "T2006", Position: n.pos, Value: right}
	}
	if first, ok := left.(*function); ok {
		return chained(first, fn), nil
	}
	result, err := r.applyAt(fn, []any{left}, nil, f)
	return result, err.at(n.pos, "")
}

// chained is the function that calls first, and ends with a call of second with its result,
// which so has the context of the whole call.
func chained(first, second *function) *function {
	return &function{arity: 1, native: func(c *call) (any, *Error) {
		c.r.depth++
		defer func() { c.r.depth-- }()
		if c.r.depth > c.r.opts.maxDepth() {
			return undefined, &Error{Code: CodeDepth, Value: float64(c.r.opts.maxDepth())}
		}
		v, err := c.r.applyAt(first, []any{c.arg(0)}, nil, c.frame)
		if err != nil {
			return undefined, err
		}
		if a, ok := v.(*array); ok && a.sequence {
			v = a.settled(false)
		}
		return c.r.applyAt(second, []any{v}, c.input, c.frame)
	}}
}

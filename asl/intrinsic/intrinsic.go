// Package intrinsic is the intrinsic functions of the Amazon States Language
// (States.Format and its kin), which the fields of payload templates in
// JSONPath mode may call.
//
// An expression is one call, whose arguments are calls, paths ($.a, $$.b,
// $name), strings in single quotes, numbers, true, false and null. It is
// compiled once and may be evaluated by any number of goroutines. Evaluation
// is a function of its Scope and its Random: there is no other source of
// randomness.
package intrinsic

import (
	"iter"
	"strings"

	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

// MaxNesting is how deep calls may stand in each other.
const MaxNesting = 10

// MaxResult is how many bytes the text of a result, also of an inner call, may
// have. It is well above the largest payload of a state, and keeps one
// expression that names the same large value very often from filling memory.
const MaxResult = 1 << 20

// maxWork is how many bytes all that the calls of one expression look at and
// make may have, as text.
const maxWork = 16 * MaxResult

// usualNumber is how long the text of a number is that costs nothing to read.
const usualNumber = 64

// Random is where States.UUID and States.MathRandom get their values from.
type Random interface {
	// UUID is a version 4 UUID in its usual form.
	UUID() string
	// Float64 is a number in [0, 1).
	Float64() float64
}

// InputText is what a Scope may be besides: it knows the text of its input, as
// messages are to quote it. Without it they quote the compact form.
type InputText interface {
	InputText() []byte
}

// Expr is a compiled expression. It is immutable.
type Expr struct {
	text string
	call *call
}

// IsCall says whether a text means to be an expression of this package, rather
// than a path.
func IsCall(text string) bool {
	return strings.HasPrefix(text, "States.")
}

// String is the text that the expression was compiled from.
func (e *Expr) String() string { return e.text }

// Paths yields the paths among the arguments, inner calls included, from left
// to right.
func (e *Expr) Paths() iter.Seq[*jsonpath.Path] {
	return func(yield func(*jsonpath.Path) bool) {
		e.call.paths(yield)
	}
}

// Eval evaluates the expression. The error is an *Error.
func (e *Expr) Eval(scope jsonpath.Scope, random Random) (any, error) {
	ev := evaluation{expr: e, scope: scope, random: random}
	v, err := e.call.eval(&ev)
	if err != nil {
		return nil, ev.failure(err)
	}
	return v, nil
}

// evaluation is what a call is evaluated with.
type evaluation struct {
	expr   *Expr
	scope  jsonpath.Scope
	random Random
	budget jsonpath.Budget
	work   int // of maxWork
}

// charge counts v, which a call has made or is about to look at as a whole.
func (e *evaluation) charge(v any) error {
	size, ok := value.Measure(v, min(MaxResult, maxWork-e.work))
	if !ok {
		return errTooLarge
	}
	e.work += size
	return nil
}

// node is an argument: a call, a path or a literal.
type node interface {
	eval(e *evaluation) (any, error)
	paths(yield func(*jsonpath.Path) bool) bool
}

type literal struct {
	value any
	raw   string // a string as it is written between its quotes
}

func (l literal) eval(*evaluation) (any, error)        { return l.value, nil }
func (l literal) paths(func(*jsonpath.Path) bool) bool { return true }

type reference struct{ path *jsonpath.Path }

func (r reference) eval(e *evaluation) (any, error)            { return r.path.EvalWithin(e.scope, &e.budget) }
func (r reference) paths(yield func(*jsonpath.Path) bool) bool { return yield(r.path) }

type call struct {
	function  *function
	arguments []node
	template  *template // of States.Format, if its first argument is literal
}

func (c *call) paths(yield func(*jsonpath.Path) bool) bool {
	for _, argument := range c.arguments {
		if !argument.paths(yield) {
			return false
		}
	}
	return true
}

func (c *call) eval(e *evaluation) (any, error) {
	arguments := make([]any, len(c.arguments))
	for i, argument := range c.arguments {
		v, err := argument.eval(e)
		if err != nil {
			return nil, err
		}
		arguments[i] = v
		if n, ok := v.(value.Number); ok && len(n) > usualNumber {
			if err := e.charge(n); err != nil {
				return nil, err
			}
		}
	}
	if !c.function.takes(len(arguments)) {
		return nil, c.invalid()
	}
	v, err := c.function.apply(e, c, arguments)
	if err != nil {
		return nil, err
	}
	if err := e.charge(v); err != nil {
		return nil, err
	}
	return v, nil
}

package jsonata

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
)

// Budgets of an evaluation whose Options leave them out.
const (
	DefaultMaxDepth  = 2_000
	DefaultMaxSteps  = 20_000_000
	DefaultMaxMemory = 512 << 20
)

// Options are the dialect and the budgets of an expression.
type Options struct {
	// Functions are added to those of the language, or replace them, by name
	// without the $.
	Functions map[string]Function
	// NoEval leaves out the function $eval.
	NoEval bool
	// NoDefaults leaves out the operators ?: and ??, which came with JSONata 2.1.
	NoDefaults bool
	// Number is how a number stands in a result: of a float64 or value.Number
	// it makes a value of package value, and gives back what it got where
	// nothing changes. If it is nil, numbers keep their text, computed ones
	// have that of JavaScript, and those that JSON has no text for are an
	// error with the code D1001.
	Number func(number any) any
	// NoFunctions makes a function or regular expression in a result an error
	// with the code [CodeFunction]; otherwise it is the empty string there.
	NoFunctions bool
	// NumberText is how $string and & write a finite number, a float64 or
	// value.Number. If it is nil, they write it as JavaScript does, with 15
	// significant digits.
	NumberText func(number any) string
	// ShortEscapes makes $string leave control characters as they are that JSON
	// has no escape of two characters for.
	ShortEscapes bool
	// ASCIISpaces makes \s and \S in regular expressions know only the white
	// space of ASCII.
	ASCIISpaces bool
	// WholeLimits takes the fraction off the limits of $match, $replace and $split.
	WholeLimits bool
	// NullIsEmpty makes $count(null) 0, as if there were nothing.
	NullIsEmpty bool
	// MaxDepth is how deep evaluation may be nested, in parts of an
	// expression: 1 + 1 has a depth of two. A function that calls itself needs
	// about three for each call, and none where the call is the last thing
	// that it does.
	MaxDepth int
	// MaxSteps is how many parts and items one evaluation may look at.
	MaxSteps int
	// MaxMemory is how many bytes one evaluation may allocate, garbage
	// included, roughly counted.
	MaxMemory int
	// MaxPad is how many characters one $pad may add; 0 is no bound of its own.
	MaxPad int
}

func (o *Options) maxDepth() int  { return or(o.MaxDepth, DefaultMaxDepth) }
func (o *Options) maxSteps() int  { return or(o.MaxSteps, DefaultMaxSteps) }
func (o *Options) maxMemory() int { return or(o.MaxMemory, DefaultMaxMemory) }

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// Function is a function that an expression can call.
type Function struct {
	// Signature says what it takes and gives, as JSONata writes it:
	// "<s-n?:s>". Empty means anything.
	Signature string
	// Arity is how many arguments $map and its like give to it; 0 means 1.
	Arity int
	// Call gets the arguments as values of package value, or [Undefined]: of those
	// that its signature has, the optional ones at the end only if they are given.
	// It gives such a value back. It must not change the arguments. An error that is no
	// *[Error] is reported as code D3137.
	Call func(env *Env, args []any) (any, error)
}

// Variables finds the values of variables, which are values of package value.
type Variables interface {
	// Variable is the value of $name, and whether there is one.
	Variable(name string) (any, bool)
}

// Bindings are variables in a map.
type Bindings map[string]any

// Variable is the value of name.
func (b Bindings) Variable(name string) (any, bool) {
	v, ok := b[name]
	return v, ok
}

// Env is what an evaluation depends on.
type Env struct {
	// Input is the context: a value of package value, or [Undefined].
	Input any
	// Variables may be nil.
	Variables Variables
	// Now is the time of $now and $millis; if it is zero, the time at which
	// the evaluation begins.
	Now time.Time
	// Random gives numbers from 0 up to 1; if it is nil, they come from the
	// process's generator.
	Random func() float64
	// Budget is what this evaluation may use together with others, beside the
	// budgets of its own; it may be nil.
	Budget *Budget
}

// Budget is what several evaluations have left. Each takes from it what it uses.
type Budget struct {
	Steps  int
	Memory int // bytes
}

// RandomNumber is a number from 0 up to 1, from Random if there is one.
func (e *Env) RandomNumber() float64 {
	if e.Random == nil {
		return rand.Float64()
	}
	return e.Random()
}

// Expr is a compiled expression. It may be used by any number of goroutines.
type Expr struct {
	text string
	root *node
	opts Options
}

// Compile compiles an expression. The error is an *[Error].
func Compile(text string, opts Options) (*Expr, error) {
	e := &Expr{text: text, opts: opts}
	root, err := compile(text, &e.opts)
	if err != nil {
		return nil, err.finished(text)
	}
	e.root = root
	return e, nil
}

func compile(text string, opts *Options) (*node, *Error) {
	tree, err := parse(text, opts)
	if err != nil {
		return nil, err
	}
	rs := &resolver{builtin: opts.builtin}
	root, err := rs.resolve(tree)
	if err != nil {
		return nil, err
	}
	if root.kind == kindParent || root.seeking != nil {
		return nil, &Error{Code: "S0217", Token: root.kind.String(), Position: root.pos}
	}
	return root, nil
}

// builtin is the function that a name means if no variable has it, or nil.
func (o *Options) builtin(name string) *function {
	if f, ok := o.Functions[name]; ok {
		return f.function(name)
	}
	if name == "eval" && o.NoEval {
		return nil
	}
	return library[name]
}

func (f Function) function(name string) *function {
	fn := &function{name: name, arity: max(f.Arity, 1), native: func(c *call) (any, *Error) {
		args := make([]any, len(c.args))
		for i, arg := range c.args {
			if text, ok := arg.(string); ok && !c.r.spend(len(text)/hostText, 0) {
				return undefined, c.r.spent
			}
			var err *Error
			if args[i], err = c.r.export(arg); err != nil {
				return undefined, err
			}
		}
		v, err := f.Call(&c.r.env, args)
		if err == nil && !c.r.pay(v) {
			return undefined, c.r.spent
		}
		if err == nil {
			return v, nil
		}
		if e, ok := err.(*Error); ok {
			copied := *e
			return undefined, &copied
		}
		return undefined, &Error{Code: "D3137", Message: err.Error()}
	}}
	if f.Signature != "" {
		sig, err := parseSignature(strings.TrimSpace(f.Signature))
		if err != nil {
			fn.native = func(*call) (any, *Error) { return undefined, err }
		}
		if err == nil {
			sig.short = true
		}
		fn.sig = sig
	}
	return fn
}

// hostText is how many bytes of a text a function of the host reads in one step.
const hostText = 32

// pay pays for what a function of the host has made: its texts, items and members.
func (r *run) pay(v any) bool {
	switch v := v.(type) {
	case string:
		return r.spend(0, len(v))
	case []any:
		if !r.spend(1+len(v)/4, 24+16*len(v)) {
			return false
		}
		for _, item := range v {
			if !r.pay(item) {
				return false
			}
		}
	case *value.Object:
		if !r.spend(1+v.Len()/4, 32+16*v.Len()) {
			return false
		}
		for _, member := range v.All() {
			if !r.pay(member) {
				return false
			}
		}
	}
	return true
}

// Text is the expression as it was compiled.
func (e *Expr) Text() string { return e.text }

// Eval evaluates the expression. The result is a value of package value, and
// may share parts with the input and the variables; it is nil, and defined
// false, if the expression has no value. The error is an *[Error].
func (e *Expr) Eval(env Env) (result any, defined bool, err error) {
	r := &run{env: env, opts: &e.opts, steps: e.opts.maxSteps(), bytes: e.opts.maxMemory()}
	if b := env.Budget; b != nil {
		r.steps, r.bytes = min(r.steps, b.Steps), min(r.bytes, b.Memory)
		defer b.take(r, r.steps, r.bytes)
	}
	input := env.Input
	if isArray(input) {
		input = &array{items: []any{input}, sequence: true, outer: true}
	}
	r.first[0] = binding{"$", env.Input}
	r.root.vars = r.first[:]
	v, failure := r.eval(e.root, input, &r.root)
	if failure == nil {
		r.result = true
		v, failure = r.export(v)
	}
	if failure == nil && r.spent != nil {
		failure = r.spent
	}
	if failure != nil {
		return nil, false, failure.finished(e.text)
	}
	if isUndefined(v) {
		return nil, false, nil
	}
	return v, true, nil
}

// take takes what an evaluation has used that began with so many steps and
// bytes.
func (b *Budget) take(r *run, steps, bytes int) {
	b.Steps -= steps - max(r.steps, 0)
	b.Memory -= bytes - max(r.bytes, 0)
}

// now is the time of the evaluation.
func (r *run) now() time.Time {
	if r.env.Now.IsZero() {
		r.env.Now = time.Now()
	}
	return r.env.Now.UTC()
}

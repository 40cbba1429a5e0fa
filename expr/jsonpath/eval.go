package jsonpath

import (
	"github.com/fermata-dev/fermata/expr/value"
)

// MaxSteps is how many values one evaluation may look at. It is several times
// what the largest payload holds, so that only paths that visit values again
// and again (such as $..*..*..*) reach it.
const MaxSteps = 1_000_000

// lookups is how many members and items are looked for, found or not, as one value.
const lookups = 4

// Scope is what the roots of paths stand for.
type Scope interface {
	// Input is the value of $.
	Input() any
	// Context is the value of $$.
	Context() any
	// Variable is the value of $name, and whether there is such a variable.
	Variable(name string) (any, bool)
}

// Budget counts the values that evaluations look at together, each of them MaxSteps at
// most. The zero value lets all of them look at MaxSteps.
type Budget struct {
	used  int
	more  int // than MaxSteps
	limit int // of used, for the evaluation that goes on
}

// NewBudget lets all evaluations together look at so many values.
func NewBudget(steps int) Budget { return Budget{more: steps - MaxSteps} }

// Eval evaluates the path. The result of an indefinite path is an array that
// belongs to the caller; that of a definite one is part of the scope's values.
// The error is a *NotFoundError (definite paths only) or a *BudgetError.
func (p *Path) Eval(scope Scope) (any, error) {
	return p.EvalWithin(scope, nil)
}

// EvalWithin is Eval with a budget that other evaluations use too.
func (p *Path) EvalWithin(scope Scope, budget *Budget) (any, error) {
	switch p.root {
	case ContextRoot:
		return p.find(scope.Context(), budget)
	case VariableRoot:
		v, ok := scope.Variable(p.variable)
		if !ok {
			return nil, &NotFoundError{Path: p, Reason: NoVariable, Step: len(p.steps)}
		}
		return p.find(v, budget)
	}
	return p.find(scope.Input(), budget)
}

// Find is Eval with root as the value of the path's root, whichever it is.
func (p *Path) Find(root any) (any, error) {
	return p.find(root, nil)
}

func (p *Path) find(root any, budget *Budget) (any, error) {
	if p.definite {
		v, failure := descend(root, p)
		if failure != nil {
			return nil, failure
		}
		return v, nil
	}
	if budget == nil {
		budget = &Budget{}
	}
	budget.limit = MaxSteps + min(budget.used, budget.more)
	e := evaluation{path: p, root: root, budget: budget}
	if err := e.walk(root, p.steps); err != nil {
		return nil, err
	}
	if e.found == nil {
		return []any{}, nil
	}
	return e.found, nil
}

// descend follows a definite path; it looks at one value per step.
func descend(v any, p *Path) (any, *NotFoundError) {
	for i := range p.steps {
		s := &p.steps[i]
		var next any
		var ok bool
		switch s.kind {
		case memberStep, functionStep:
			object, isObject := v.(*value.Object)
			if !isObject {
				return nil, &NotFoundError{Path: p, Reason: NotAnObject, Step: i, At: v}
			}
			next, ok = object.Get(s.name)
		case membersStep:
			object, isObject := v.(*value.Object)
			if !isObject {
				return nil, &NotFoundError{Path: p, Reason: NotAnObject, Step: i, At: v}
			}
			next, ok = pick(object, s.names), true
		case itemStep:
			array, isArray := v.([]any)
			if !isArray {
				return nil, &NotFoundError{Path: p, Reason: NotAnArray, Step: i, At: v}
			}
			next, ok = item(array, s.index)
		}
		if !ok {
			reason := NoResults
			if s.kind == memberStep && i < len(p.steps)-1 {
				reason = MissingProperty
			}
			return nil, &NotFoundError{Path: p, Reason: reason, Step: i, At: v}
		}
		v = next
	}
	return v, nil
}

// item is array's item at index, which is negative to count from the end.
func item(array []any, index int) (any, bool) {
	if index < 0 {
		index += len(array)
	}
	if index < 0 || index >= len(array) {
		return nil, false
	}
	return array[index], true
}

// pick is an object of those members that object has.
func pick(object *value.Object, names []string) *value.Object {
	picked := value.NewObject(len(names))
	for _, name := range names {
		if v, ok := object.Get(name); ok {
			picked.Set(name, v)
		}
	}
	return picked
}

// evaluation is one evaluation of an indefinite path.
type evaluation struct {
	path   *Path
	root   any
	budget *Budget
	found  []any
}

func (e *evaluation) spend(steps int) error {
	if e.budget.used += steps; e.budget.used > e.budget.limit {
		return &BudgetError{Path: e.path}
	}
	return nil
}

// walk collects what steps name below v. What does not exist is passed over.
func (e *evaluation) walk(v any, steps []step) error {
	if err := e.spend(1); err != nil {
		return err
	}
	if len(steps) == 0 {
		e.found = append(e.found, v)
		return nil
	}
	s, rest := &steps[0], steps[1:]
	switch s.kind {
	case scanStep:
		return e.scan(v, rest)
	case wildcardStep:
		return e.children(v, rest)
	case filterStep:
		return e.filter(v, s.filter, rest)
	}
	switch v := v.(type) {
	case *value.Object:
		return e.members(v, s, rest)
	case []any:
		return e.items(v, s, rest)
	}
	return nil
}

func (e *evaluation) members(object *value.Object, s *step, rest []step) error {
	if err := e.spend(len(s.names) / lookups); err != nil {
		return err
	}
	switch {
	case s.kind == memberStep, s.kind == functionStep:
		if v, ok := object.Get(s.name); ok {
			return e.walk(v, rest)
		}
	case s.kind == membersStep && len(rest) == 0:
		if err := e.spend(len(s.names)); err != nil {
			return err
		}
		e.found = append(e.found, pick(object, s.names))
	case s.kind == membersStep:
		for _, name := range s.names {
			if v, ok := object.Get(name); ok {
				if err := e.walk(v, rest); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (e *evaluation) items(array []any, s *step, rest []step) error {
	switch s.kind {
	case itemStep:
		if v, ok := item(array, s.index); ok {
			return e.walk(v, rest)
		}
	case itemsStep:
		if err := e.spend(len(s.indexes) / lookups); err != nil {
			return err
		}
		for _, index := range s.indexes {
			if v, ok := item(array, index); ok {
				if err := e.walk(v, rest); err != nil {
					return err
				}
			}
		}
	case sliceStep:
		from, to := s.span(len(array))
		for i := from; i < to; i++ {
			if err := e.walk(array[i], rest); err != nil {
				return err
			}
		}
	}
	return nil
}

// span is where a slice begins and ends in an array of the given length.
func (s *step) span(length int) (from, to int) {
	to = length
	if s.to.set {
		to = s.to.within(length)
	}
	if s.from.set {
		from = s.from.within(length)
	}
	return from, to
}

func (b bound) within(length int) int {
	at := b.at
	if at < 0 {
		at += length
	}
	return min(max(at, 0), length)
}

func (e *evaluation) children(v any, rest []step) error {
	switch v := v.(type) {
	case *value.Object:
		for i := range v.Len() {
			_, child := v.At(i)
			if err := e.walk(child, rest); err != nil {
				return err
			}
		}
	case []any:
		for _, child := range v {
			if err := e.walk(child, rest); err != nil {
				return err
			}
		}
	}
	return nil
}

// filter goes on with those items of an array for which the condition holds,
// and with an object if the condition holds for itself.
func (e *evaluation) filter(v any, c condition, rest []step) error {
	array, ok := v.([]any)
	if !ok {
		return e.filterOne(v, c, rest)
	}
	for _, item := range array {
		if err := e.filterOne(item, c, rest); err != nil {
			return err
		}
	}
	return nil
}

func (e *evaluation) filterOne(v any, c condition, rest []step) error {
	if err := e.spend(1); err != nil {
		return err
	}
	if _, ok := v.(*value.Object); !ok {
		if _, ok := v.([]any); !ok {
			return nil // nothing is below a scalar
		}
	}
	holds, err := c.holds(e, v)
	if err != nil || !holds {
		return err
	}
	return e.walk(v, rest)
}

// scan applies the steps behind ".." to v and to everything below it, parents
// first. A filter asks each object and array once, for itself.
func (e *evaluation) scan(v any, rest []step) error {
	var err error
	switch v.(type) {
	case *value.Object, []any:
	default:
		return e.spend(1)
	}
	if rest[0].kind == filterStep {
		err = e.filterOne(v, rest[0].filter, rest[1:])
	} else {
		err = e.walk(v, rest)
	}
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case *value.Object:
		for i := range v.Len() {
			_, child := v.At(i)
			if err := e.scan(child, rest); err != nil {
				return err
			}
		}
	case []any:
		for _, child := range v {
			if err := e.scan(child, rest); err != nil {
				return err
			}
		}
	}
	return nil
}

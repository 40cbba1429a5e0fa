package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonata/aws"
	"github.com/fermata-dev/fermata/expr/value"
)

// jsonataFlow is the query language JSONata (section 4): Arguments, the work,
// Output. What is absent passes the document on as it is.
type jsonataFlow struct{}

var _ language = jsonataFlow{}

func (jsonataFlow) effective(*visit) *failure { return nil }

func (l jsonataFlow) output(v *visit, result *value.Document) (*value.Document, *failure) {
	v.result = result
	template := v.frame.state.Data.Output
	if v.rule != nil {
		template = v.rule.Output
	}
	if template == nil {
		return result, nil
	}
	return l.evaluate(v, template)
}

func (l jsonataFlow) caught(v *visit, catcher *definition.Catcher, problem *value.Document) (*value.Document, *failure) {
	v.problem = problem
	if catcher.Output == nil {
		return problem, nil
	}
	return l.evaluate(v, catcher.Output)
}

// assign: what other languages call $ is $states.result or $states.errorOutput,
// which output and caught have set.
func (jsonataFlow) assign(v *visit, list []definition.Assignment, _ *value.Document) ([]assignment, *failure) {
	if len(list) == 0 {
		return nil, nil
	}
	return v.assign(list)
}

func (jsonataFlow) evaluate(v *visit, template definition.Template) (*value.Document, *failure) {
	found, err := v.template(template)
	if err != nil {
		return nil, err
	}
	return v.document(found), nil
}

// document is the document of a value: one that there is already, if it has
// this value and is written as an expression's result is.
func (v *visit) document(found any) *value.Document {
	for _, doc := range [...]*value.Document{v.input, v.result} {
		if doc != nil && doc.Parsed() && identical(found, doc.Value()) && len(doc.Compact()) == doc.Size() {
			return doc
		}
	}
	return value.Of(found)
}

// identical says whether two values are the same object or array.
func identical(a, b any) bool {
	switch a := a.(type) {
	case *value.Object:
		return b == any(a)
	case []any:
		other, ok := b.([]any)
		return ok && len(a) > 0 && len(a) == len(other) && &a[0] == &other[0]
	default:
		return false
	}
}

// stateExpressions is how many expressions of a state, in either language, can use all that
// one alone may, each time that some of them are evaluated.
const stateExpressions = 4

// What those of JSONata may use together: one alone has the budgets of the dialect.
const (
	stateSteps  = stateExpressions * aws.MaxSteps
	stateMemory = stateExpressions * aws.MaxMemory
)

// express evaluates an expression, which has to have a value.
func (v *visit) express(e *definition.JSONataExpr) (any, *failure) {
	v.reads = e.Reads
	had := v.budget.Steps
	found, defined, err := e.Expr.Eval(jsonata.Env{
		Input:     jsonata.Undefined{},
		Variables: (*expressionScope)(v),
		Now:       instant(v.turn.now),
		Random:    dice{v.turn.env.Random}.Float64,
		Budget:    &v.budget,
	})
	v.turn.evaluated += had - v.budget.Steps
	switch {
	case err != nil:
		return nil, v.misread(e, thrown(err))
	case !defined:
		return nil, v.misread(e, "returned nothing (undefined).")
	}
	return found, nil
}

// expressionScope is a visit as an expression of JSONata sees it.
type expressionScope visit

// Variable is what $name stands for, $states among them.
func (s *expressionScope) Variable(name string) (any, bool) {
	v := (*visit)(s)
	if name != "states" {
		return v.Variable(name)
	}
	if v.states == nil || !v.has.Has(v.reads) {
		v.states, v.has = v.makeStates(v.reads), v.reads
	}
	return v.states, true
}

// makeStates makes $states, with no more than the members that are asked for.
func (v *visit) makeStates(members definition.StatesMembers) *value.Object {
	states := value.NewObject(3)
	if members.Has(definition.StatesInput) {
		states.Set("input", v.input.Value())
	}
	if members.Has(definition.StatesContext) {
		states.Set("context", v.Context())
	}
	if members.Has(definition.StatesResult) && v.result != nil {
		states.Set("result", v.result.Value())
	}
	if members.Has(definition.StatesErrorOutput) && v.problem != nil {
		states.Set("errorOutput", v.problem.Value())
	}
	return states
}

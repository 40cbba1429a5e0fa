package definition

import (
	"errors"
	"strings"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonata/aws"
)

// StatesMembers is a set of the members of $states, which is all that an
// expression of JSONata knows of its execution, beside the variables.
type StatesMembers uint8

// The members of $states. StatesResult is there in the Output and Assign of a
// Task, Parallel or Map state, StatesErrorOutput in those of a catcher.
const (
	StatesInput StatesMembers = 1 << iota
	StatesContext
	StatesResult
	StatesErrorOutput
)

// Has says whether all members of other are in the set.
func (s StatesMembers) Has(other StatesMembers) bool { return s&other == other }

// statesMember is a member of $states by its name, 0 if there is none.
func statesMember(name string) StatesMembers {
	switch name {
	case "input":
		return StatesInput
	case "context":
		return StatesContext
	case "result":
		return StatesResult
	case "errorOutput":
		return StatesErrorOutput
	default:
		return 0
	}
}

// dialect is JSONata as Step Functions speaks it.
var dialect = aws.Options()

// expression compiles an expression of JSONata and reports what is wrong with
// it. where is its place in the notation of JSONataExpr.Location.
func (f fields) expression(source string, at place, where string) *JSONataExpr {
	e := &JSONataExpr{Location: where, Source: source}
	var err error
	if e.Expr, err = jsonata.Compile(source, dialect); err != nil {
		f.report(Error, InvalidJSONataExpression, at, expressionFault(err), "")
		return e
	}
	references := e.Expr.References()
	for _, name := range references.Context {
		f.report(Error, UnsupportedJSONataExpression, at, contextFault(name),
			"an expression has no context: the input is $states.input, a variable is $name")
	}
	there := f.statesMembers(where)
	for _, v := range references.Variables {
		if v.Name == "states" {
			f.checkStates(v, there, at)
			e.Reads = readsOf(v, there)
		}
	}
	return e
}

// expressionFault is what is wrong with an expression, without JSONata's code,
// as AWS shows it.
func expressionFault(err error) string {
	var fault *jsonata.Error
	if errors.As(err, &fault) {
		return fault.Message
	}
	return err.Error()
}

func contextFault(name string) string {
	if name == "$$" {
		return "Reference to '$$' is not supported."
	}
	return "Reference to '" + name + "' at the top level is not supported."
}

// statesMembers is what $states has at a place: see the members.
func (f fields) statesMembers(where string) StatesMembers {
	field := strings.TrimPrefix(where, f.within)
	end := strings.IndexAny(field, "/[")
	if end < 0 {
		end = len(field)
	}
	there := StatesInput | StatesContext
	if field = field[:end]; field != "Output" && field != "Assign" {
		return there
	}
	if strings.HasPrefix(f.within, "Catch[") {
		return there | StatesErrorOutput
	}
	kind, _ := f.object.Get("Type")
	switch kind {
	case string(TypeTask), string(TypeParallel), string(TypeMap):
		there |= StatesResult
	}
	return there
}

// checkStates reports members of $states that are not there.
func (f fields) checkStates(v jsonata.VariableReference, there StatesMembers, at place) {
	for _, name := range v.Members {
		severity, hint := Error, "result is in the Output and Assign of a Task, Parallel or Map, errorOutput in those of a catcher"
		switch member := statesMember(name); {
		case member == 0:
			severity = f.builder.later()
			hint = "$states has input and context, and at some places result or errorOutput; a variable is $name"
		case there.Has(member):
			continue
		}
		f.report(severity, UnsupportedJSONataExpression, at, "Field '$states."+name+"' does not exist.", hint)
	}
}

// readsOf is what an expression reads of $states.
func readsOf(v jsonata.VariableReference, there StatesMembers) StatesMembers {
	if v.Whole {
		return there
	}
	var reads StatesMembers
	for _, name := range v.Members {
		reads |= statesMember(name)
	}
	return reads & there
}

package asl

import (
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

// evaluationFailure is the failure of a state by its field, "" for none, in
// AWS's words: the cause names the state and the event that entered it.
func (v *visit) evaluationFailure(field, text string) *failure {
	err := failed(errorQueryEvaluation, v.frame.preamble()+text)
	err.misread = &misread{field: field, late: v.late}
	return err
}

// misread is the failure of an expression. what says what it did.
func (v *visit) misread(e *definition.JSONataExpr, what string) *failure {
	return v.evaluationFailure(e.Location,
		fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' %s", e.Source, e.Location, what))
}

// unexpected is the failure of a field whose value has the wrong type.
func (v *visit) unexpected(field string, template definition.Template, want string, found any) *failure {
	if e, ok := template.(*definition.JSONataExpr); ok {
		return v.misread(e, fmt.Sprintf("returned an unexpected result type. Expected '%s', but was '%s' for value: %s",
			want, value.TypeName(found), quoted(found)))
	}
	return v.evaluationFailure(field, fmt.Sprintf("The field '%s' must be of the type '%s' but was: %s",
		field, want, quoted(found)))
}

// quoted is a value in a cause, which has no room for a long one.
func quoted(v any) string {
	if _, ok := value.Measure(v, maxCause); !ok {
		return "(too long to be shown)"
	}
	return string(value.Append(nil, v))
}

// thrown says in AWS's words what an expression did that failed. A regular
// expression that runs away would do so on one machine and not on another:
// that is no fact of the execution, but an incident.
func thrown(err error) string {
	var fault *jsonata.Error
	if !errors.As(err, &fault) {
		return "threw an error during evaluation: " + err.Error()
	}
	switch fault.Code {
	case jsonata.CodeFunction:
		return "returned an unsupported result type."
	case jsonata.CodeDepth:
		return "threw an error during evaluation: Stack overflow error: " +
			"Check for non-terminating recursive function. Consider rewriting as tail-recursive"
	case jsonata.CodeSteps:
		return "threw an error during evaluation: Expression evaluation timeout: Check for infinite loop"
	case jsonata.CodeMemory:
		return "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage"
	case jsonata.CodeRegexTimeout:
		panic("asl: " + fault.Error())
	default:
		return "threw an error during evaluation. " + fault.Error()
	}
}

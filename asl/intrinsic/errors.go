package intrinsic

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

// SyntaxError says why a text is no call of an intrinsic function.
type SyntaxError struct {
	Text   string // the whole text
	Offset int    // bytes before the place
	Msg    string
}

// Column is the place in characters, from 1.
func (e *SyntaxError) Column() int {
	return utf8.RuneCountInString(e.Text[:e.Offset]) + 1
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("intrinsic function %s: %s at column %d", strconv.Quote(e.Text), e.Msg, e.Column())
}

// Error is the failure of an evaluation as a state reports it. The cause lacks
// the sentence that names the state.
type Error struct {
	Name  string // an error name of the language, such as States.Runtime
	Cause string
}

func (e *Error) Error() string { return e.Name + ": " + e.Cause }

// The error names that AWS reports. States.IntrinsicFailure, which the
// language defines for failed calls, has not been seen.
const (
	nameRuntime   = "States.Runtime"
	nameDataLimit = "States.DataLimitExceeded"
)

var errTooLarge = errors.New("the result is larger than " + strconv.Itoa(MaxResult) + " bytes, or nested too deep")

// argumentError is a call that its arguments do not fit.
type argumentError struct{ function, detail string }

func (e *argumentError) Error() string {
	return "Invalid arguments in " + e.function + e.detail
}

// failure is err, which came up anywhere inside of the expression, as the
// state reports it: it is always the whole expression that is named.
func (e *evaluation) failure(err error) *Error {
	var missing *jsonpath.NotFoundError
	if errors.As(err, &missing) {
		return &Error{
			Name:  nameRuntime,
			Cause: "The function '" + e.expr.text + "' had the following error: " + missing.Argument(e.inputText()),
		}
	}
	name := nameRuntime
	if errors.Is(err, errTooLarge) {
		name = nameDataLimit
	}
	return &Error{
		Name:  name,
		Cause: "There was an error while evaluating the intrinsic function: " + e.expr.text + ". " + err.Error(),
	}
}

func (e *evaluation) inputText() []byte {
	if scope, ok := e.scope.(InputText); ok {
		return scope.InputText()
	}
	return value.Append(nil, e.scope.Input())
}

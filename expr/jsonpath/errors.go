package jsonpath

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// SyntaxError says why a text is no path of this dialect.
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
	return fmt.Sprintf("path %s: %s at column %d", strconv.Quote(e.Text), e.Msg, e.Column())
}

// Reason says what stood in the way of a definite path.
type Reason uint8

// The reasons why nothing is found.
const (
	NoResults       Reason = iota // the last member, or an item, does not exist
	MissingProperty               // a member on the way does not exist
	NotAnObject                   // a member of something that has none
	NotAnArray                    // an item of something that has none
	NoVariable                    // there is no variable of this name
)

// NotFoundError is the failure of a definite path that names nothing. AWS
// words it in three ways, depending on the field that holds the path.
type NotFoundError struct {
	Path   *Path
	Reason Reason
	Step   int // index of the step that found nothing
	At     any // the value that the step was applied to
}

func (e *NotFoundError) Error() string { return e.InvalidPath() }

// InvalidPath is the wording for InputPath, OutputPath, TimeoutSecondsPath and
// HeartbeatSecondsPath.
func (e *NotFoundError) InvalidPath() string {
	return "Invalid path '" + e.Path.text + "' : " + e.Detail()
}

// Detail is the part of InvalidPath that says what is missing, such as
// "No results for path: $['a']['b']" or "Missing property in path $['a']".
func (e *NotFoundError) Detail() string {
	steps := e.Path.steps
	switch e.Reason {
	case MissingProperty:
		return "Missing property in path " + render(steps[:e.Step+1])
	case NotAnObject:
		return fmt.Sprintf("Property %s not found in path %s", render(steps[e.Step : e.Step+1])[1:], render(steps[:e.Step]))
	case NotAnArray:
		if e.At == nil {
			return "The path " + render(steps[:e.Step]) + " is null"
		}
		return fmt.Sprintf("Filter: %s can only be applied to arrays. Current context is: %s",
			render(steps[e.Step : e.Step+1])[1:], value.AppendJava(nil, e.At))
	case NoVariable:
		return "No variable named " + e.Path.variable
	}
	return "No results for path: " + render(steps)
}

// Template is the wording for a field of a payload template, ErrorPath and
// CausePath. field is the name with its ".$", input the JSON text of what the
// path was applied to.
func (e *NotFoundError) Template(field string, input []byte) string {
	return fmt.Sprintf("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
		e.Path.text, field, input)
}

// Argument is the wording for an argument of an intrinsic function, without
// the name of the function. A path into the context object is named without its
// first sign.
func (e *NotFoundError) Argument(input []byte) string {
	if e.Reason == NotAnArray && e.At != nil {
		return e.Detail()
	}
	text := e.Path.text
	if e.Path.root == ContextRoot {
		text = text[1:]
	}
	return fmt.Sprintf("The JsonPath argument for the field '%s' could not be found in the input '%s'", text, input)
}

// PastTheEnd says whether the path leads to an item that an array does not have,
// which is null in a payload template.
func (e *NotFoundError) PastTheEnd() bool {
	return e.Reason == NoResults && e.Step == len(e.Path.steps)-1 && e.Path.steps[e.Step].kind == itemStep
}

// Reference is the wording for ItemsPath, input the JSON text of what the path was
// applied to. A variable that there is not has the wording of InvalidPath.
func (e *NotFoundError) Reference(input []byte) string {
	if e.Reason == NoVariable {
		return e.InvalidPath()
	}
	s := &e.Path.steps[e.Step]
	name := s.name
	if s.kind == itemStep {
		name = strconv.Itoa(s.index)
	}
	return fmt.Sprintf("Unable to apply step \"%s\" to input %s", name, input)
}

// AssignError is the failure to write to a reference path: something that is
// no object, or no array that is long enough, is in the way.
type AssignError struct {
	Path *Path
	Root any // what the path was applied to
}

func (e *AssignError) Error() string {
	return fmt.Sprintf("Unable to apply ReferencePath %s to input %s", e.Path.text, value.Append(nil, e.Root))
}

// BudgetError is the failure of an evaluation that would look at more than
// MaxSteps values.
type BudgetError struct{ Path *Path }

func (e *BudgetError) Error() string {
	return fmt.Sprintf("path %s looks at more than %d values", strconv.Quote(e.Path.text), MaxSteps)
}

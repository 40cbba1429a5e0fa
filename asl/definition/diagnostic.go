package definition

import "strings"

// Severity says whether a diagnostic makes a definition unusable.
type Severity string

// The severities. A machine comes only out of a text without errors.
const (
	Error   Severity = "ERROR"
	Warning Severity = "WARNING"
)

// Code is the kind of a diagnostic, in AWS's words.
type Code string

// The codes of errors. docs/validation.md shows each with an example.
const (
	// MissingDescription: there is no text at all.
	MissingDescription Code = "MISSING_DESCRIPTION"
	// InvalidJSONDescription: the text is not JSON (or YAML).
	InvalidJSONDescription Code = "INVALID_JSON_DESCRIPTION"
	// SchemaValidationFailed: a field is missing, not supported, or its
	// value is not allowed.
	SchemaValidationFailed Code = "SCHEMA_VALIDATION_FAILED"
	// MissingTransitionTarget: a transition leads nowhere, or no transition
	// leads to a state.
	MissingTransitionTarget Code = "MISSING_TRANSITION_TARGET"
	// MissingEndState: no state ends the machine.
	MissingEndState Code = "MISSING_END_STATE"
	// InvalidStateName: a state name is empty or too long.
	InvalidStateName Code = "INVALID_STATE_NAME"
	// DuplicateStateName: two states of the machine have the same name.
	DuplicateStateName Code = "DUPLICATE_STATE_NAME"
	// InvalidLabelName: the Label of a Map cannot be part of an ARN.
	InvalidLabelName Code = "INVALID_LABEL_NAME"
	// DuplicateLabelName: two Maps have the same Label.
	DuplicateLabelName Code = "DUPLICATE_LABEL_NAME"
	// InvalidVariableName: a variable in Assign cannot have that name.
	InvalidVariableName Code = "INVALID_VARIABLE_NAME"
	// ReservedVariableName: Assign sets "states", which is not a variable.
	ReservedVariableName Code = "RESERVED_VARIABLE_NAME"
	// TooDeeplyNested: scopes, or the text itself, are nested too deeply.
	TooDeeplyNested Code = "TOO_DEEPLY_NESTED"
	// InvalidJSONataExpression: an expression does not parse.
	InvalidJSONataExpression Code = "INVALID_JSONATA_EXPRESSION"
	// UnsupportedJSONataExpression: an expression reads what is not there.
	UnsupportedJSONataExpression Code = "UNSUPPORTED_JSONATA_EXPRESSION"
	// DuplicateVariableName: Assign within a branch or item processor sets a
	// variable that the scope around has set before.
	DuplicateVariableName Code = "DUPLICATE_VARIABLE_NAME"
)

// The codes of warnings.
const (
	// NoDollar: a value looks computed, but its name lacks the suffix ".$".
	NoDollar Code = "NO_DOLLAR"
	// NoPath: a value looks like a path, but its field is not a …Path field.
	NoPath Code = "NO_PATH"
	// PassResultIsStatic: the Result of a Pass state looks computed.
	PassResultIsStatic Code = "PASS_RESULT_IS_STATIC"
)

// The codes of warnings that AWS does not give.
const (
	// NoConnector: AWS has the service integration, and here is nothing to run
	// it with; the task fails unless it is mocked.
	NoConnector Code = "NO_CONNECTOR"
	// MissingArguments: a service integration is not given what it needs, which
	// is no error here.
	MissingArguments Code = "MISSING_ARGUMENTS"
	// UnknownArgument: a service integration is given what its operation does not
	// take, and AWS was not seen to refuse it before the task runs.
	UnknownArgument Code = "UNKNOWN_ARGUMENT"
	// UnknownService: there is no model of the service of an integration.
	UnknownService Code = "UNKNOWN_SERVICE"
	// NoEffect: a field that only a Map with the Mode DISTRIBUTED makes use of.
	NoEffect Code = "NO_EFFECT"
	// MixedQueryLanguages: a state within a DISTRIBUTED item processor goes
	// back to JSONPath in a machine that uses JSONata.
	MixedQueryLanguages Code = "MIXED_QUERY_LANGUAGES"
	// Placeholder: a value that a deployment tool has still to fill in.
	Placeholder Code = "PLACEHOLDER"
	// UnknownErrorName: an ErrorEquals has a name that begins with "States."
	// and that the States Language does not know.
	UnknownErrorName Code = "UNKNOWN_ERROR_NAME"
	// DuplicateKey: an object has the same key twice; the last one counts.
	DuplicateKey Code = "DUPLICATE_KEY"
)

// Diagnostic is one finding about a definition.
type Diagnostic struct {
	Severity Severity
	Code     Code
	// Message says what is wrong, in AWS's words where they are known.
	Message string
	// Location is where, as AWS writes it: "/States/C/Choices[0]/Next", "/"
	// for the machine as a whole; "" where AWS gives none.
	Location string
	// Pointer is the same place as a JSON pointer (RFC 6901):
	// "/States/C/Choices/0/Next", "" for the whole text. It names a field that
	// is not supported, for which AWS gives no more than the object.
	Pointer string
	// Line and Column are where the place is in the text, from 1, a column
	// being a character: the key of a member, the beginning of an item. For a
	// member that is missing it is what should have it. 0 in ParseState.
	Line, Column int
	// Hint says what would be right; may be "".
	Hint string
	// Placeholder says that the fault is a value which a deployment tool
	// replaces before Step Functions sees it. See ForTemplates.
	Placeholder bool
}

// FormatInvalidDefinition joins the diagnostics of severity ERROR into the
// message of the exception InvalidDefinition, as CreateStateMachine gives it;
// a location that a diagnostic does not have reads "null" there. The answer is
// "" if there is none.
func FormatInvalidDefinition(diagnostics []Diagnostic) string {
	var b strings.Builder
	for _, d := range diagnostics {
		if d.Severity != Error {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		location := d.Location
		if location == "" {
			location = "null"
		}
		b.WriteString(string(d.Code) + ": " + d.Message + " at " + location)
	}
	if b.Len() == 0 {
		return ""
	}
	return "Invalid State Machine Definition: '" + b.String() + "'"
}

// HasErrors says whether one of the diagnostics has severity ERROR.
func HasErrors(diagnostics []Diagnostic) bool {
	for _, d := range diagnostics {
		if d.Severity == Error {
			return true
		}
	}
	return false
}

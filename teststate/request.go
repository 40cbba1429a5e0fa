package teststate

import (
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// Level says how much of what happened the answer shows.
type Level string

// The levels.
const (
	Info  Level = "INFO"  // how the state ended
	Debug Level = "DEBUG" // and what became of the data on the way
	Trace Level = "TRACE" // and the HTTP request and response of an HTTP task
)

// Validation is how strictly a mocked result is held against the model of the API
// that it stands for.
type Validation string

// The validations.
const (
	Strict  Validation = "STRICT"  // required members are there, all have their types
	Present Validation = "PRESENT" // the members that are there have their types
	None    Validation = "NONE"
)

// Request asks for a test. Definition, Input and Info are required.
type Request struct {
	// Definition is the JSON text of a state; with StateName that of a machine.
	Definition string
	StateName  string
	Input      *value.Document
	// Info is what the execution of the test knows of itself. Info.RoleARN may be
	// empty; Info.Limits are the tester's if they are nil.
	Info          interpreter.Info
	Level         Level // empty: Info
	RevealSecrets bool
	// Variables and Context are JSON text, nil for none.
	Variables, Context *string
	Mock               *Mock
	Configuration      Configuration
}

// Mock replaces the work of a Task, Parallel or Map state.
type Mock struct {
	Result     *string // JSON text
	Failure    *Failure
	Validation Validation // empty: Strict
}

// Failure is a mocked error.
type Failure struct{ Error, Cause *string }

// Configuration is what went before in the execution that the test is a part of.
// Nil means that nothing is said.
type Configuration struct {
	RetrierRetryCount        *int // retries that the retrier for the failure has made
	MapIterationFailureCount *int // iterations of a Map that failed
	// ErrorCausedByState names the state within a Parallel or Map that the mocked
	// error comes from.
	ErrorCausedByState *string
	// MapItemReaderData is what the ItemReader of a Map would read, as it is there.
	MapItemReaderData *string
}

// Code is the kind of a refusal, in AWS's words.
type Code string

// The codes.
const (
	InvalidDefinition Code = "InvalidDefinition"
	Validating        Code = "ValidationException"
)

// Refusal is the error for a request that cannot be tested.
type Refusal struct {
	Code    Code
	Message string
}

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Message }

func refuse(message string) error { return &Refusal{Validating, message} }

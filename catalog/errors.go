package catalog

import (
	"fmt"

	"github.com/fermata-dev/fermata/asl/definition"
)

// Code is the kind of an Error, in AWS's words.
type Code string

// The codes.
const (
	ActivityDoesNotExist           Code = "ActivityDoesNotExist"
	ConflictException              Code = "ConflictException"
	InvalidArn                     Code = "InvalidArn"
	InvalidDefinition              Code = "InvalidDefinition"
	InvalidEncryptionConfiguration Code = "InvalidEncryptionConfiguration"
	InvalidLoggingConfiguration    Code = "InvalidLoggingConfiguration"
	InvalidName                    Code = "InvalidName"
	KmsAccessDeniedException       Code = "KmsAccessDeniedException"
	MissingRequiredParameter       Code = "MissingRequiredParameter"
	ResourceNotFound               Code = "ResourceNotFound"
	StateMachineAlreadyExists      Code = "StateMachineAlreadyExists"
	StateMachineDeleting           Code = "StateMachineDeleting"
	StateMachineDoesNotExist       Code = "StateMachineDoesNotExist"
	TooManyTags                    Code = "TooManyTags"
	ValidationException            Code = "ValidationException"
)

// Error is a refusal. Any other error of this package is a fault of the store.
type Error struct {
	Code    Code
	Message string // as AWS words it, where that is known
	// Resource is the ARN or name that the error is about, or empty.
	Resource string
	// Diagnostics say what is wrong with a definition (InvalidDefinition).
	Diagnostics []definition.Diagnostic
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Is reports whether target is an *Error with the same code, or one with none.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && (t.Code == "" || t.Code == e.Code)
}

// about words an error the way most of AWS's are: "State Machine Does Not
// Exist: 'arn'".
func about(code Code, what, resource string) *Error {
	return &Error{Code: code, Message: fmt.Sprintf("%s: '%s'", what, resource), Resource: resource}
}

// NoMachine says that there is no machine with this ARN.
func NoMachine(arn string) *Error {
	return about(StateMachineDoesNotExist, "State Machine Does Not Exist", arn)
}

// NoActivity says that there is no activity with this ARN.
func NoActivity(arn string) *Error {
	return about(ActivityDoesNotExist, "Activity Does Not Exist", arn)
}

// BadARN says why a text is not the ARN that is wanted.
func BadARN(why string) *Error { return about(InvalidArn, "Invalid Arn", why) }

// BadName says that a name has a character that names must not have.
func BadName(name string) *Error { return about(InvalidName, "Invalid Name", name) }

func noResource(arn string) *Error { return about(ResourceNotFound, "Resource not found", arn) }

func deleting(arn string) *Error {
	return about(StateMachineDeleting, "State Machine is being deleted", arn)
}

package catalog

import (
	"fmt"

	"github.com/fermata-dev/fermata/asl/definition"
)

// Code is the kind of an Error, in AWS's words.
type Code string

// The codes.
const (
	AccessDeniedException          Code = "AccessDeniedException"
	ActivityAlreadyExists          Code = "ActivityAlreadyExists"
	ActivityDoesNotExist           Code = "ActivityDoesNotExist"
	ActivityLimitExceeded          Code = "ActivityLimitExceeded"
	ConflictException              Code = "ConflictException"
	InvalidArn                     Code = "InvalidArn"
	InvalidDefinition              Code = "InvalidDefinition"
	InvalidEncryptionConfiguration Code = "InvalidEncryptionConfiguration"
	InvalidLoggingConfiguration    Code = "InvalidLoggingConfiguration"
	InvalidName                    Code = "InvalidName"
	KmsAccessDeniedException       Code = "KmsAccessDeniedException"
	MissingRequiredParameter       Code = "MissingRequiredParameter"
	ResourceNotFound               Code = "ResourceNotFound"
	ServiceQuotaExceeded           Code = "ServiceQuotaExceededException"
	StateMachineAlreadyExists      Code = "StateMachineAlreadyExists"
	StateMachineDeleting           Code = "StateMachineDeleting"
	StateMachineDoesNotExist       Code = "StateMachineDoesNotExist"
	StateMachineLimitExceeded      Code = "StateMachineLimitExceeded"
	TooManyTags                    Code = "TooManyTags"
	ValidationException            Code = "ValidationException"
)

// Reason is what the API calls a ValidationException, beside its message.
type Reason string

// The reasons.
const (
	InvalidRouting  Reason = "INVALID_ROUTING_CONFIGURATION"
	Labelled        Reason = "API_DOES_NOT_SUPPORT_LABELED_ARNS"
	MissingMember   Reason = "MISSING_REQUIRED_PARAMETER"
	CompletedMapRun Reason = "CANNOT_UPDATE_COMPLETED_MAP_RUN"
)

// Error is a refusal. Any other error of this package is a fault of the store.
type Error struct {
	Code    Code
	Message string // as AWS words it, where that is known
	Reason  Reason // of some ValidationExceptions
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

// NoReference says that a version or alias, or what it belongs to, is not there.
func NoReference(resource string) *Error {
	return &Error{Code: ResourceNotFound, Message: "Request references a resource that does not exist.", Resource: resource}
}

// LabelledARN says that an ARN must not name a state of a machine.
func LabelledARN(arn string) *Error {
	return &Error{Code: ValidationException, Reason: Labelled, Message: "API does not support labelled state machine ARNs: '" + arn + "'", Resource: arn}
}

// LabelledExecution says that a child of a map run cannot be redriven by itself.
func LabelledExecution(arn string) *Error {
	return &Error{Code: ValidationException, Reason: Labelled, Message: "Labeled Execution ARNs are not supported for this API", Resource: arn}
}

// Missing says that a request needs one of several members and has none of them.
func Missing(what string) *Error {
	return &Error{Code: ValidationException, Reason: MissingMember, Message: what}
}

// BeingDeleted says that a machine takes part in nothing any more.
func BeingDeleted(arn string) *Error {
	return about(StateMachineDeleting, "State Machine is being deleted", arn)
}

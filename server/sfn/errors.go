package sfn

import (
	"context"
	"errors"
	"net/http"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
)

// failure is an error as the protocol carries it.
type failure struct {
	status  int
	code    string
	message string
	// namespace of the code in the body, for the errors that AWS shows with one.
	namespace string
	reason    string // of some ValidationExceptions
	// resource is shown by the errors that have a member for it.
	resource string
}

func (f *failure) Error() string { return f.code + ": " + f.message }

func (f *failure) body() []byte {
	name := f.code
	if f.namespace != "" {
		name = f.namespace + "#" + f.code
	}
	b := append([]byte(`{"__type":`), value.AppendString(nil, name)...)
	if f.code == string(catalog.AccessDeniedException) { // it comes from before the service
		b = append(b, `,"Message":`...)
	} else {
		b = append(b, `,"message":`...)
	}
	b = value.AppendString(b, f.message)
	if f.reason != "" {
		b = value.AppendString(append(b, `,"reason":`...), f.reason)
	}
	if f.resource != "" {
		b = value.AppendString(append(b, `,"resourceName":`...), f.resource)
	}
	return append(b, '}')
}

// refuse makes an error of the commonest status.
func refuse(code, message string) *failure {
	return &failure{status: http.StatusBadRequest, code: code, message: message}
}

func validation(message string) *failure       { return refuse("ValidationException", message) }
func serialization(message string) *failure    { return refuse("SerializationException", message) }
func unknownOperation(message string) *failure { return refuse("UnknownOperationException", message) }
func invalidToken() *failure                   { return refuse("InvalidToken", "Invalid Token: 'Invalid token'") }

func noExecution(arn string) *failure {
	return refuse("ExecutionDoesNotExist", "Execution Does Not Exist: '"+arn+"'")
}

func internalFailure() *failure {
	return fault("The request has failed because of a fault of the server's own.")
}

func fault(message string) *failure {
	return &failure{status: http.StatusInternalServerError, code: "InternalFailure", message: message}
}

// statuses of the codes that have another one than 400.
var statuses = map[catalog.Code]int{
	catalog.ServiceQuotaExceeded: http.StatusPaymentRequired,
}

// failureOf maps every error to the protocol's. Those that nobody has foreseen
// are logged and become InternalFailure.
func (s *Server) failureOf(operation, request string, err error) *failure {
	var f *failure
	var refused *catalog.Error
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &refused):
		return refusal(refused)
	case errors.Is(err, engine.ErrBusy):
		return throttled()
	case errors.Is(err, store.ErrFailed): // it was logged once, when it happened
		return &failure{status: http.StatusServiceUnavailable, code: "ServiceUnavailable", message: "The service takes no requests until it is started again: " + err.Error()}
	case errors.Is(err, engine.ErrStopped), errors.Is(err, store.ErrClosed):
		return &failure{status: http.StatusServiceUnavailable, code: "ServiceUnavailable", message: "The service takes no requests at the moment: " + err.Error()}
	case errors.Is(err, engine.ErrIncident):
		return fault("The execution is stopped by an incident, a fault of the server's own. The server's log says what it is; after a fix it goes on with 'fermata resume'. Unless it cannot be read, it can be stopped.")
	}
	if !errors.Is(err, context.Canceled) {
		s.cfg.Logger.Error("a request failed", "operation", operation, "request", request, "error", err)
	}
	return internalFailure()
}

// refusal maps an error of the catalog.
func refusal(e *catalog.Error) *failure {
	f := &failure{status: statuses[e.Code], code: string(e.Code), message: e.Message, reason: string(e.Reason)}
	if f.status == 0 {
		f.status = http.StatusBadRequest
	}
	if e.Code == catalog.TooManyTags {
		f.resource = e.Resource
	}
	return f
}

// taskFailure maps the errors of the calls that carry a task token. Of a task that
// is over the message names the activity, if it had one (recorded).
func taskFailure(err error) error {
	var over *engine.TaskOverError
	switch {
	case errors.Is(err, engine.ErrToken):
		return invalidToken()
	case errors.As(err, &over) && over.Queue != "":
		return refuse("TaskTimedOut", "Task Timed Out: '"+over.Queue+"'")
	case errors.Is(err, engine.ErrNoTask), errors.Is(err, engine.ErrClosed), errors.Is(err, engine.ErrNotFound):
		return refuse("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
	}
	return err
}

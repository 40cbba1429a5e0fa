package lambda

import (
	"fmt"
	"net/http"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// Unknown is the name of an error for which the function gave no type.
const Unknown = "Lambda.Unknown"

// functionError is the failure of a task whose function reported payload as its
// error. The cause is compact or as the function wrote it.
func functionError(payload []byte, compact bool) *connector.Error {
	v, err := value.Parse(payload)
	if err != nil {
		return undetermined(payload)
	}
	name := errorType(v)
	if name == "" {
		return undetermined(payload)
	}
	if compact {
		payload = value.AppendCompact(nil, payload)
	}
	return &connector.Error{Name: name, Cause: string(payload)}
}

// undetermined is how Step Functions reports an error without a type.
func undetermined(payload []byte) *connector.Error {
	return &connector.Error{
		Name: Unknown,
		Cause: "The cause could not be determined because Lambda did not return an error type. Returned payload: " +
			string(payload),
	}
}

func errorType(v any) string {
	o, ok := v.(*value.Object)
	if !ok {
		return ""
	}
	name, _ := o.Get("errorType")
	text, _ := name.(string)
	return text
}

// ErrorPayload is what a function reports that failed for a reason outside its
// own code: an object with errorType and errorMessage.
func ErrorPayload(errorType, message string) []byte {
	b := append([]byte(nil), `{"errorType":`...)
	b = value.AppendString(b, errorType)
	b = append(b, `,"errorMessage":`...)
	b = value.AppendString(b, message)
	return append(b, '}')
}

// ServiceError is the failure of a task for a fault that the Lambda service
// reports, in the words that the recordings have: Lambda.<code>, and a cause
// that names service, status, code and request.
func ServiceError(name, message, code string, status int, requestID string) *connector.Error {
	return &connector.Error{
		Name: "Lambda." + name,
		Cause: fmt.Sprintf("%s (Service: AWSLambda; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)",
			message, status, code, requestID),
	}
}

// MostEvents is how many events (Type Event) may wait or run that were taken and have
// not ended: of each local function, and of all functions in this process. They are in
// memory only.
const MostEvents = 10_000

// TooManyEvents refuses one more, as Lambda refuses calls beyond its rate.
func TooManyEvents(requestID string) *connector.Error {
	const code = "TooManyRequestsException"
	return ServiceError(code, fmt.Sprintf("Rate Exceeded: %d events wait or run already.", MostEvents), code, http.StatusTooManyRequests, requestID)
}

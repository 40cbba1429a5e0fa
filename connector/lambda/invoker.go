package lambda

import (
	"context"
	"net/http"
	"time"

	"github.com/fermata-dev/fermata/connector"
)

// Type says how a function is to be invoked.
type Type string

// The types of invocation that the Lambda API knows.
const (
	// Wait runs the function and answers with its result. The default.
	Wait Type = "RequestResponse"
	// Event queues the event and answers at once, without a result.
	Event Type = "Event"
	// DryRun only says whether the function could be invoked.
	DryRun Type = "DryRun"
)

// Request is one invocation of one function.
type Request struct {
	// Function as the definition names it, and taken apart. Name.Qualifier is
	// that of the call's Qualifier where the name itself has none.
	Function string
	Name     Name
	// Payload is the event as JSON text, or empty for none. Read only.
	Payload []byte
	Type    Type
	// LogTail asks for the last 4 KB of the log.
	LogTail bool
	// ClientContext is base64 of a JSON object, or empty.
	ClientContext string
	// Call is the task on whose behalf the function runs.
	Call *connector.Call
}

// Response is what an invocation came to, be it a success or an error that the
// function itself reported.
type Response struct {
	// Status is 200 for Wait, 202 for Event, 204 for DryRun.
	Status int
	// Payload is what the function gave, as it gave it. Checked: it is JSON.
	Payload []byte
	Checked bool
	// Failed says that the payload is the function's error.
	Failed bool
	// ExecutedVersion, LogResult (base64) and RequestID may be empty.
	ExecutedVersion, LogResult, RequestID string
	// Header is that of the HTTP answer; nil where there was none, then one is
	// made up.
	Header http.Header
}

// Invoker invokes functions. An error is a *connector.Error, or the context's
// when that has ended, or a fault of the invoker's own.
type Invoker interface {
	Invoke(ctx context.Context, r *Request) (*Response, error)
}

// Source knows some functions by name. key is "name" or "name:qualifier".
type Source interface {
	Find(key string) (Invoker, bool)
}

// maskedHeader is the header of an answer that did not come over HTTP, so that
// workflows find the members that they find with AWS.
func maskedHeader(r *Response, trace string, now time.Time) http.Header {
	h := http.Header{
		"Connection":                     {"keep-alive"},
		"Date":                           {now.UTC().Format(http.TimeFormat)},
		"X-Amzn-Remapped-Content-Length": {"0"},
		"X-Amzn-Requestid":               {r.RequestID},
	}
	if r.ExecutedVersion != "" {
		h["X-Amz-Executed-Version"] = []string{r.ExecutedVersion}
	}
	if r.LogResult != "" {
		h["X-Amz-Log-Result"] = []string{r.LogResult}
	}
	if trace != "" {
		h["X-Amzn-Trace-Id"] = []string{trace}
	}
	if r.Status == http.StatusOK {
		h["Content-Type"] = []string{"application/json"}
	}
	return h
}

// Package client speaks the AWS Step Functions API (AWS JSON 1.0) as far as the
// command line needs it. It does not sign its requests: Fermata does not ask
// who is there.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Client calls one server. It may be used by any number of goroutines.
type Client struct {
	endpoint string
	http     *http.Client
}

// New returns a client for the server at a URL such as http://127.0.0.1:8083.
func New(endpoint string) *Client {
	return &Client{endpoint: strings.TrimRight(endpoint, "/"), http: &http.Client{}}
}

// Endpoint is the URL of the server.
func (c *Client) Endpoint() string { return c.endpoint }

// Error is an error that the server answered with.
type Error struct {
	// Code is AWS's name of the error: "ExecutionDoesNotExist".
	Code    string
	Message string
	// Status is that of the HTTP answer.
	Status int
}

func (e *Error) Error() string {
	text := e.Code
	if e.Message != "" {
		text += ": " + e.Message
	}
	if hint := hints[e.Code]; hint != "" {
		text += "; " + hint
	}
	return text
}

// hints say what would be right, where AWS's words do not.
var hints = map[string]string{
	"InvalidName":              "a name has 1 to 80 characters, none of them a blank, a control character or one of <>{}[]?*\"#%\\^|~`$&,;:/",
	"StateMachineDoesNotExist": "'fermata list' shows the state machines",
	"ExecutionDoesNotExist":    "'fermata list MACHINE' shows the executions of a state machine",
	"ExecutionAlreadyExists":   "take another name: one is taken twice only with the same input and while its execution runs",
	"InvalidToken":             "a token is taken from a task of this server as it is, whole",
	"TaskTimedOut":             "the task has ended, or nobody waits for it any more",
	"StateMachineDeleting":     "wait until its executions have ended, stop them ('fermata delete' with --stop-executions), or take another name",
	"InternalFailure":          "the server's log says what happened",
}

// IsCode reports whether an error is the server's, with that code.
func IsCode(err error, code string) bool {
	var answered *Error
	return errors.As(err, &answered) && answered.Code == code
}

// UnreachableError says that no answer came from the server.
type UnreachableError struct {
	Endpoint string
	Err      error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("no Fermata server answers at %s (%v); start one with 'fermata server' or 'fermata dev', or name another with --endpoint or FERMATA_ENDPOINT", e.Endpoint, e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// Call carries out one operation: in is its input, and out, if not nil, is
// filled from its output. The error is an *Error, an *UnreachableError or that
// of an answer that is none.
func (c *Client) Call(ctx context.Context, operation string, in, out any) error {
	return c.post(ctx, "/", operation, in, out)
}

// post sends a request of an operation; one of Fermata's own has a path.
func (c *Client) post(ctx context.Context, path, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s: input: %w", operation, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("endpoint %q is not a URL such as http://127.0.0.1:8083: %w", c.endpoint, err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	if path == "/" {
		request.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	}
	return c.do(ctx, request, operation, out)
}

// get reads a JSON document at a path of the server.
func (c *Client) get(ctx context.Context, path string, out any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.endpoint+path, nil)
	if err != nil {
		return fmt.Errorf("endpoint %q is not a URL such as http://127.0.0.1:8083: %w", c.endpoint, err)
	}
	return c.do(ctx, request, path, out)
}

func (c *Client) do(ctx context.Context, request *http.Request, what string, out any) error {
	answer, err := c.http.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &UnreachableError{Endpoint: c.endpoint, Err: rootCause(err)}
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return fmt.Errorf("%s: the answer broke off: %w", what, err)
	}
	if answer.StatusCode != http.StatusOK {
		return failure(answer.StatusCode, text)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%s: the answer of %s is not what Step Functions answers: %w", what, c.endpoint, err)
	}
	return nil
}

// failure reads the error out of an answer.
func failure(status int, text []byte) error {
	var body struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
		Capital string `json:"Message"`
	}
	if json.Unmarshal(text, &body) != nil || body.Type == "" {
		return &Error{Code: http.StatusText(status), Message: strings.TrimSpace(string(text)), Status: status}
	}
	code := body.Type[strings.LastIndexAny(body.Type, "#")+1:]
	message := body.Message
	if message == "" {
		message = body.Capital
	}
	return &Error{Code: code, Message: message, Status: status}
}

// rootCause takes off what repeats the URL.
func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

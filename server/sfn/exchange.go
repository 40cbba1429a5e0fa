package sfn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
)

const (
	contentType  = "application/x-amz-json-1.0"
	targetPrefix = "AWSStepFunctions."
)

// serveAPI answers one call of the AWS API.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	s.exchange(w, r, name, func() ([]byte, error) {
		op, err := operationOf(r, name)
		if err != nil {
			return nil, err
		}
		if err := s.admit(name); err != nil {
			return nil, err
		}
		in, err := s.readInput(w, r)
		if err != nil {
			return nil, err
		}
		op.trace(r, in)
		if err := op.input.validate(in, &s.cfg.Limits); err != nil {
			return nil, err
		}
		return op.handle(s, r.Context(), in)
	})
}

// trace takes the trace header of the HTTP request instead of the input's, for an
// operation that has one in its input.
func (op *operation) trace(r *http.Request, in input) {
	header := r.Header.Get("X-Amzn-Trace-Id")
	if header != "" && slices.ContainsFunc(op.input.members, func(m member) bool { return m.name == "traceHeader" }) {
		in.object.Set("traceHeader", header)
	}
}

// exchange writes the answer that handle gives, or its error, or that of its
// panic. An answer of nil is the empty object.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request, name string, handle func() ([]byte, error)) {
	id := catalog.NewUUID()
	w.Header().Set("x-amzn-RequestId", id)
	w.Header().Set("Content-Type", contentType)
	body, err := s.guard(name, id, handle)
	status := http.StatusOK
	if err != nil {
		if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
			if !stopping(r.Context()) {
				return // the client has gone
			}
			err = engine.ErrStopped
		}
		failure := s.failureOf(name, id, err)
		status, body = failure.status, failure.body()
		w.Header().Set("X-Amzn-ErrorType", failure.code)
	} else if body == nil {
		body = []byte("{}")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// guard turns a panic into an error.
func (s *Server) guard(name, id string, handle func() ([]byte, error)) (body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Logger.Error("panic in a handler", "operation", name, "request", id, "panic", p, "stack", string(debug.Stack()))
			body, err = nil, internalFailure()
		}
	}()
	return handle()
}

func operationOf(r *http.Request, name string) (*operation, error) {
	if r.Method != http.MethodPost {
		return nil, unknownOperation("Calls are made with POST.")
	}
	if !strings.HasPrefix(r.Header.Get("X-Amz-Target"), targetPrefix) {
		return nil, unknownOperation("The header X-Amz-Target must be AWSStepFunctions.<Operation>.")
	}
	if op := operations[name]; op != nil {
		return op, nil
	}
	return nil, unknownOperation(fmt.Sprintf("There is no operation %.64q.", name))
}

// readInput reads the body of a call: one JSON object.
func (s *Server) readInput(w http.ResponseWriter, r *http.Request) (input, error) {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != contentType && t != "application/x-amz-json-1.1" {
		return input{}, serialization("The Content-Type must be " + contentType)
	}
	body, err := s.readBody(w, r)
	if err != nil {
		return input{}, err
	}
	return parseInput(body)
}

// readBody reads the whole body of a request, in the time that it may take: a client
// that stops in the middle must not hold its connection for ever.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(s.cfg.Limits.BodyTime)) // not every writer has one
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.cfg.Limits.RequestBytes))
	var large *http.MaxBytesError
	switch {
	case err == nil:
		_ = connection.SetReadDeadline(time.Time{})
		return body, nil
	case errors.As(err, &large):
		return nil, &failure{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLargeException",
			message: "The request has more than " + strconv.FormatInt(large.Limit, 10) + " bytes"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &failure{status: http.StatusRequestTimeout, code: "RequestTimeoutException",
			message: "The request did not arrive in full within " + s.cfg.Limits.BodyTime.String()}
	}
	return nil, serialization("The request could not be read")
}

func parseInput(body []byte) (input, error) {
	if len(body) == 0 {
		return input{value.NewObject(0)}, nil
	}
	v, err := value.Parse(body)
	if err != nil {
		return input{}, serialization("The request is not JSON: " + err.Error())
	}
	object, ok := v.(*value.Object)
	if !ok {
		return input{}, serialization("The request must be a JSON object")
	}
	return input{object}, nil
}

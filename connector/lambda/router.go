package lambda

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// Actions that the connector serves.
const (
	ActionFunction = "function"
	ActionInvoke   = "invoke"
)

// Router is the connector "lambda". Each part may be nil. It may be used by any
// number of goroutines at a time.
type Router struct {
	// Local are the handlers of the project; see package local.
	Local Source
	// Functions are Go functions in this process.
	Functions *Registry
	// Remote is everything else; see package remote.
	Remote Invoker
}

// Invoke carries one task out.
func (router *Router) Invoke(ctx context.Context, call *connector.Call) ([]byte, error) {
	r, err := read(call)
	if err != nil {
		return nil, err
	}
	invoker, err := router.find(r)
	if err != nil {
		return nil, err
	}
	if _, here := invoker.(*registered); !here && r.ClientContext == "" && r.Type == Wait && call.IdempotencyKey != "" {
		r.ClientContext = keyContext(call.IdempotencyKey) // functions in this process have it in their context
	}
	resp, err := invoker.Invoke(ctx, r)
	if err != nil {
		return nil, err
	}
	return result(r, resp)
}

// read makes the request that a call stands for.
func read(call *connector.Call) (*Request, error) {
	switch call.Action {
	case ActionInvoke:
		return readInvoke(call)
	case ActionFunction:
		return &Request{
			Function: call.Resource, Name: ParseName(call.Resource),
			Payload: call.Payload, Type: Wait, Call: call,
		}, nil
	}
	return nil, &connector.Error{
		Name:  "States.Runtime",
		Cause: fmt.Sprintf("The resource '%s' names the action '%s' of Lambda, which does not exist.", call.Resource, call.Action),
	}
}

// find is whoever runs the function: the more exact name first, and at each
// exactness the project before this process.
func (router *Router) find(r *Request) (Invoker, error) {
	if router.Local != nil {
		if in, ok := lookup(router.Local, r.Name); ok {
			return in, nil
		}
	}
	if router.Functions != nil {
		if in, ok := lookup(router.Functions, r.Name); ok {
			return in, nil
		}
	}
	if router.Remote != nil {
		return router.Remote, nil
	}
	name := r.Name
	if name.Qualifier == "" {
		name.Qualifier = "$LATEST"
	}
	message := fmt.Sprintf("Function not found: %s: the project defines no handler named '%s', and no Lambda endpoint is configured",
		name.ARN(), name.Function)
	return nil, ServiceError("ResourceNotFoundException", message, "ResourceNotFoundException", http.StatusNotFound, NewRequestID())
}

func lookup(s Source, n Name) (Invoker, bool) {
	if n.Qualifier != "" {
		if in, ok := s.Find(n.Function + ":" + n.Qualifier); ok {
			return in, true
		}
	}
	return s.Find(n.Function)
}

// result is what the workflow sees of a response.
func result(r *Request, resp *Response) ([]byte, error) {
	envelope := r.Call.Action == ActionInvoke
	if resp.Failed {
		return nil, functionError(resp.Payload, envelope)
	}
	if !envelope {
		if resp.Checked || value.Valid(resp.Payload) == nil {
			return resp.Payload, nil
		}
		return value.AppendString(nil, string(resp.Payload)), nil
	}
	if resp.Header == nil {
		resp.Header = maskedHeader(resp, r.Call.TraceHeader, time.Now())
	}
	if resp.Header.Get("Content-Length") == "" {
		resp.Header.Set("Content-Length", strconv.Itoa(len(resp.Payload)))
	}
	return appendEnvelope(make([]byte, 0, len(resp.Payload)+1024), resp), nil
}

// Close stops everything that the parts started and waits for it.
func (router *Router) Close() error {
	errs := []error{closePart(router.Local), closePart(router.Remote)}
	if router.Functions != nil {
		errs = append(errs, router.Functions.Close())
	}
	return errors.Join(errs...)
}

func closePart(part any) error {
	if c, ok := part.(connector.Lifecycle); ok {
		return c.Close()
	}
	return nil
}

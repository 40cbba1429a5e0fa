package states

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// Name is what tasks select this connector with.
const Name = "states"

// The actions.
const (
	Start          = "startExecution"
	StartSync      = "startExecution.sync"
	StartSync2     = "startExecution.sync:2"
	StartWaitToken = "startExecution.waitForTaskToken"
)

// Request asks for a child execution.
type Request struct {
	// Machine is the ARN of the state machine, as the task gives it.
	Machine string
	// Name is never empty: where the task gives none it is a UUID made of Key.
	Name string
	// Input is the text of the input, or nil for none.
	Input       []byte
	TraceHeader string
	// Key is the idempotency key of the attempt. Starting twice with the same
	// key must give the same execution.
	Key string
	// Parent is the task of the parent, as the engine wants it.
	Parent connector.Parent
}

// Started tells of the child.
type Started struct {
	ExecutionARN string
	At           time.Time
}

// Starter starts child executions. Its error is a *Refusal where the API would
// refuse the call.
type Starter func(ctx context.Context, req Request) (Started, error)

// Refusal is an error of the StartExecution API.
type Refusal struct {
	Code    string // StateMachineDoesNotExist
	Message string
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Message }

// New makes the connector.
func New(start Starter) connector.Connector {
	return connector.Func(func(ctx context.Context, call *connector.Call) ([]byte, error) {
		return invoke(ctx, start, call)
	})
}

func invoke(ctx context.Context, start Starter, call *connector.Call) ([]byte, error) {
	form, err := formOf(call.Action)
	if err != nil {
		return nil, err
	}
	req, err := request(call)
	if err != nil {
		return nil, err
	}
	req.Parent = connector.Parent{Origin: call.Origin, Notify: form != "", Form: form}
	started, err := start(ctx, req)
	var refused *Refusal
	if errors.As(err, &refused) {
		return nil, failure(refused, call.IdempotencyKey)
	}
	if err != nil {
		return nil, fmt.Errorf("starting an execution of %s: %w", req.Machine, err)
	}
	return answer(started, call.IdempotencyKey), nil
}

// formOf is how the parent wants the result of the child, empty if it wants
// none.
func formOf(action string) (string, error) {
	switch action {
	case Start, StartWaitToken:
		return "", nil
	case StartSync, StartSync2:
		return strings.TrimPrefix(action, "startExecution."), nil
	}
	return "", &connector.Error{Name: "States.Runtime", Cause: "The resource states:" + action + " is not known"}
}

// request reads the payload of the task.
func request(call *connector.Call) (Request, error) {
	v, err := value.Parse(call.Payload)
	if err != nil {
		return Request{}, unusable(call, "it is not JSON: "+err.Error())
	}
	payload, ok := v.(*value.Object)
	if !ok {
		return Request{}, unusable(call, "an object is needed")
	}
	req := Request{Key: call.IdempotencyKey, TraceHeader: call.TraceHeader}
	for name, v := range payload.All() {
		if err := req.set(name, v); err != nil {
			return Request{}, unusable(call, err.Error())
		}
	}
	if req.Machine == "" {
		return Request{}, unusable(call, "The field 'StateMachineArn' is required but was missing")
	}
	if req.Name == "" {
		req.Name = uuid("name:" + call.IdempotencyKey)
	}
	return req, nil
}

// set takes one member of the payload. A member that is null counts as absent.
func (r *Request) set(name string, v any) error {
	text, isText := v.(string)
	switch {
	case name == "Input":
		return r.setInput(v)
	case name != "StateMachineArn" && name != "Name" && name != "TraceHeader":
		//lint:ignore ST1005 the words are AWS's
		return fmt.Errorf("The field \"%s\" is not supported by Step Functions", name)
	case v == nil:
		return nil
	case !isText:
		//lint:ignore ST1005 the words are AWS's
		return fmt.Errorf("The value for the field '%s' must be a string", name)
	case name == "StateMachineArn":
		r.Machine = text
	case name == "Name":
		r.Name = text
	case name == "TraceHeader":
		r.TraceHeader = text
	}
	return nil
}

// setInput: a string is the text of the input, anything else is written as JSON.
func (r *Request) setInput(v any) error {
	switch v := v.(type) {
	case nil:
	case string:
		r.Input = []byte(v)
	default:
		r.Input = value.Append(nil, v)
	}
	return nil
}

func unusable(call *connector.Call, why string) error {
	return &connector.Error{
		Name:  "States.Runtime",
		Cause: fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]", call.Payload, why),
	}
}

// uuid makes a text that is always the same into a UUID (version 8).
func uuid(text string) string {
	b := sha256.Sum256([]byte(text))
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

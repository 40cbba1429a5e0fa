package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"sync"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// Handler is a function in this process: the event as JSON text in, the result
// as JSON text out, neither of which may be changed afterwards. The context ends
// when nobody waits for the result any longer; it carries a lambdacontext, and
// the key for IdempotencyKey. A handler that was written for AWS is one by
// lambda.NewHandler(f).Invoke of aws-lambda-go.
//
// An error becomes the task's failure as it would in AWS: its type is the name
// (the Go type's, or what a method ErrorType() string or Name() string says),
// and {"errorMessage":..., "errorType":...} the cause. A *connector.Error is the
// failure itself. A panic is an error of the panic value's type.
type Handler func(ctx context.Context, event []byte) ([]byte, error)

// Registry holds functions by name. The zero value is empty and ready; functions
// may be added at any time.
type Registry struct {
	// Logger is told of events (Type Event) that fail. Nil for none.
	Logger *slog.Logger

	mu       sync.RWMutex // guards handlers, stopped, cancel and begun
	handlers map[string]*registered
	stopped  bool
	begun    int             // events that have not ended
	ctx      context.Context // of the events; ended by cancel
	cancel   context.CancelFunc
	events   sync.WaitGroup
}

// Handle makes h the function name, which may be "name" or "name:qualifier". It
// takes the place of a function that had the name.
func (reg *Registry) Handle(name string, h Handler) {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	if reg.handlers == nil {
		reg.handlers = map[string]*registered{}
	}
	reg.handlers[name] = &registered{reg, h}
}

// Find is the function of that name.
func (reg *Registry) Find(key string) (Invoker, bool) {
	reg.mu.RLock()
	defer reg.mu.RUnlock()
	f, ok := reg.handlers[key]
	return f, ok
}

// Close ends the events that still run and waits for them. Calls that somebody
// waits for end with their own context.
func (reg *Registry) Close() error {
	reg.mu.Lock()
	reg.stopped = true
	if reg.cancel != nil {
		reg.cancel()
	}
	reg.mu.Unlock()
	reg.events.Wait()
	return nil
}

// begin counts an event in and gives the context that it runs under.
func (reg *Registry) begin(id string) (context.Context, error) {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	if reg.stopped {
		return nil, context.Canceled
	}
	if reg.begun >= MostEvents {
		return nil, TooManyEvents(id)
	}
	if reg.ctx == nil {
		reg.ctx, reg.cancel = context.WithCancel(context.Background())
	}
	reg.begun++
	reg.events.Add(1)
	return reg.ctx, nil
}

// end counts it out.
func (reg *Registry) end() {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	reg.begun--
	reg.events.Done()
}

// registered is one function of a registry, as an Invoker.
type registered struct {
	reg *Registry
	h   Handler
}

func (f *registered) Invoke(ctx context.Context, r *Request) (*Response, error) {
	resp := &Response{Status: http.StatusOK, ExecutedVersion: "$LATEST"}
	if r.Call.Action == ActionInvoke { // only the envelope shows it
		resp.RequestID = NewRequestID()
	}
	switch r.Type {
	case DryRun:
		resp.Status = http.StatusNoContent
		return resp, nil
	case Event:
		return f.start(r, resp)
	}
	payload, err := f.run(ctx, r, resp.RequestID)
	if err != nil {
		if failure, ok := err.(*connector.Error); ok {
			return nil, failure
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		resp.Failed, resp.Payload = true, errorReport(err)
		return resp, nil
	}
	resp.Checked = true
	if resp.Payload = payload; len(payload) == 0 {
		resp.Payload = []byte("null")
	} else if err := value.Valid(payload); err != nil {
		resp.Failed, resp.Payload = true, InvalidAnswer(err)
	}
	return resp, nil
}

// InvalidAnswer is the error of a function whose answer is no JSON.
func InvalidAnswer(err error) []byte {
	return ErrorPayload("Runtime.InvalidJSONResponse", "the function's answer is not valid JSON: "+err.Error())
}

// start runs an event that nobody waits for.
func (f *registered) start(r *Request, resp *Response) (*Response, error) {
	ctx, err := f.reg.begin(resp.RequestID)
	if err != nil {
		return nil, err
	}
	event := *r
	event.Payload = append([]byte(nil), r.Payload...)
	go func() {
		defer f.reg.end()
		_, err := f.run(ctx, &event, resp.RequestID)
		if err != nil && f.reg.Logger != nil {
			f.reg.Logger.Warn("lambda event failed", "function", r.Name.Function, "request", resp.RequestID,
				"execution", r.Call.Execution, "error", err)
		}
	}()
	resp.Status = http.StatusAccepted
	resp.ExecutedVersion = ""
	return resp, nil
}

func (f *registered) run(ctx context.Context, r *Request, id string) (payload []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			payload, err = nil, panicError(v)
		}
	}()
	event := r.Payload
	if len(event) == 0 {
		event = []byte("{}")
	}
	return f.h(&functionContext{Context: ctx, request: r, id: id}, event)
}

// functionContext is the context of a function: that of the call, with a
// lambdacontext that is made when somebody asks for it, and the request.
type functionContext struct {
	context.Context
	request *Request
	id      string

	once   sync.Once
	lambda context.Context
}

// Value returns the value for a key of this package, of lambdacontext, or of the
// call's context.
func (c *functionContext) Value(key any) any {
	if _, ours := key.(callKey); ours {
		return c.request
	}
	c.once.Do(func() { c.lambda = lambdacontext.NewContext(c.Context, c.lambdaContext()) })
	return c.lambda.Value(key)
}

func (c *functionContext) lambdaContext() *lambdacontext.LambdaContext {
	r := c.request
	lc := &lambdacontext.LambdaContext{AwsRequestID: c.id, InvokedFunctionArn: r.Name.ARN()}
	if lc.AwsRequestID == "" {
		lc.AwsRequestID = NewRequestID()
	}
	if text := r.ClientContextJSON(); text != "" {
		_ = json.Unmarshal([]byte(text), &lc.ClientContext) // foreign shapes are the author's affair
	} else if r.Call.IdempotencyKey != "" {
		lc.ClientContext.Custom = map[string]string{KeyInContext: r.Call.IdempotencyKey}
	}
	return lc
}

// panicError is the error that a panic with v becomes.
func panicError(v any) error {
	if err, ok := v.(messages.InvokeResponse_Error); ok {
		return err
	}
	return messages.InvokeResponse_Error{Message: fmt.Sprint(v), Type: typeName(v)}
}

// errorReport is what aws-lambda-go would have sent for err.
func errorReport(err error) []byte {
	report, ok := err.(messages.InvokeResponse_Error)
	if !ok {
		report = messages.InvokeResponse_Error{Message: err.Error(), Type: typeName(err)}
	}
	b, marshalErr := json.Marshal(report)
	if marshalErr != nil {
		return ErrorPayload(report.Type, report.Message)
	}
	return b
}

func typeName(v any) string {
	switch v := v.(type) {
	case interface{ ErrorType() string }:
		return v.ErrorType()
	case interface{ Name() string }:
		return v.Name()
	}
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

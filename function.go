package fermata

import (
	"context"
	"encoding/json"

	"github.com/fermata-dev/fermata/connector/lambda"
)

// Handler is a Go function that does a task: the event as JSON text in, the result
// as JSON text out. See [Func] for one with types.
type Handler = lambda.Handler

// Handle makes a Go function a task: definitions name it like a Lambda function
// ("arn:aws:lambda:us-east-1:123456789012:function:NAME" as Resource, or NAME as
// FunctionName of arn:aws:states:::lambda:invoke). It may be called by several
// goroutines at a time. A task is called at least once; [IdempotencyKey] is what
// makes that once.
//
// An error fails the task; its type's name is the error name that Retry and Catch
// see, unless it has a method ErrorType() string.
func (f *Fermata) Handle(name string, h Handler) { f.functions.Handle(name, h) }

// Func makes a handler of a function with types that encoding/json knows.
func Func[In, Out any](f func(ctx context.Context, in In) (Out, error)) Handler {
	return func(ctx context.Context, event []byte) ([]byte, error) {
		var in In
		if err := json.Unmarshal(event, &in); err != nil {
			return nil, err
		}
		out, err := f(ctx, in)
		if err != nil {
			return nil, err
		}
		return json.Marshal(out)
	}
}

// IdempotencyKey is the same whenever an attempt at a task is carried out again,
// and differs from that of every other attempt. ctx is that of a handler.
func IdempotencyKey(ctx context.Context) string { return lambda.IdempotencyKey(ctx) }

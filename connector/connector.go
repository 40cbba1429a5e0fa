// Package connector defines how a task reaches the outside: one small interface,
// implemented by one package per kind of outside.
package connector

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Call is one attempt at one task.
type Call struct {
	// Resource is the ARN that the definition names; Action the operation.
	Resource, Action string
	// Payload is the input as JSON text. Read only.
	Payload []byte
	// IdempotencyKey is the same whenever this attempt is carried out again, and
	// differs from that of every other attempt.
	IdempotencyKey string
	// TaskToken is the token of the task where the answer to the call is not its
	// result: whoever has the token gives that.
	TaskToken string
	// Deadline is when the task ends for the workflow; zero for none.
	Deadline time.Time
	// RoleARN to assume, or empty.
	RoleARN string
	// TraceHeader of the execution (X-Amzn-Trace-Id form), or empty.
	TraceHeader string
	// Origin names the task within its engine.
	Origin Origin
	// Execution and State say on whose behalf, for logs.
	Execution, State string
	// Heartbeat, if not nil, tells the engine that the task is alive.
	Heartbeat func()
	// Settled is closed by the engine when the result of the call has been
	// committed, or dropped because nobody wants it any more. Until then whoever
	// did the work must not be told that it is done. Nil if the engine does not
	// say.
	Settled <-chan struct{}
}

// ErrGivenUp is why the context of a call ends (context.Cause) when the node stops
// before the call has ended: the call is made again by whoever comes after it, so
// that nobody may be told that the work is done.
var ErrGivenUp = errors.New("the node stops: the call will be made again")

// Origin names a task: the run it belongs to and its id there. A connector that
// starts other executions hands it on, so that they can tell their parent.
type Origin struct{ Run, Task uint64 }

// Connector carries calls out.
type Connector interface {
	// Invoke carries out one call and returns the result as JSON text, which the
	// callee gives up. An error that is a *Error is the task's failure as the
	// workflow sees it. Any other error is a fault of the connector's own and
	// becomes one named States.TaskFailed. The context ends when nobody waits
	// for the call any longer.
	Invoke(ctx context.Context, call *Call) ([]byte, error)
}

// Error is a failure of a task as a workflow sees it.
type Error struct {
	Name  string
	Cause string
	// NoName and NoCause: the failing side gave none, the member is absent.
	NoName, NoCause bool
}

func (e *Error) Error() string {
	if e.Cause == "" {
		return e.Name
	}
	return fmt.Sprintf("%s: %s", e.Name, e.Cause)
}

// Func is a Connector made of a function.
type Func func(ctx context.Context, call *Call) ([]byte, error)

// Invoke calls f.
func (f Func) Invoke(ctx context.Context, call *Call) ([]byte, error) { return f(ctx, call) }

// Lifecycle is implemented by connectors that own goroutines or processes.
type Lifecycle interface {
	// Close stops everything that the connector started and waits for it.
	Close() error
}

// Canceller is implemented by connectors whose submissions begin work that goes on
// by itself (ByJob): nobody waits for the work of that call any longer.
type Canceller interface {
	// Cancel ends the work that the call began, or lets it be. It may be asked
	// again, and for work that never began.
	Cancel(ctx context.Context, call *Call) error
}

package teststate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// errTooLong is the cause that a test's context ends with when its time is over.
var errTooLong = errors.New("the test takes too long")

// run lets the state run to its end.
func (t *test) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, t.limit(), errTooLong)
	defer cancel()
	t.probe.Begin(t.now())
	if err := t.checkIterations(); err != nil {
		return err
	}
	for t.probe.End() == nil {
		if err := t.work(ctx); err != nil {
			return err
		}
	}
	return nil
}

// work does what the state waits for.
func (t *test) work(ctx context.Context) error {
	task := t.probe.Task()
	switch {
	case context.Cause(ctx) == errTooLong:
		t.giveUp()
	case ctx.Err() != nil:
		return ctx.Err()
	case t.request.Mock != nil:
		t.answerMock()
	case task != nil:
		t.call(ctx, task)
	default:
		t.wait(ctx)
	}
	return nil
}

// answerMock gives the mocked result or error.
func (t *test) answerMock() {
	mock := t.request.Mock
	switch {
	case mock.Failure != nil:
		t.probe.Fail(t.now(), mock.Failure.Error, mock.Failure.Cause)
	case t.tooManyFailed():
		name, cause := "States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded"
		t.probe.Fail(t.now(), &name, &cause)
	default:
		t.probe.Succeed(t.now(), []byte(*mock.Result))
	}
}

// giveUp ends a test whose time is over.
func (t *test) giveUp() {
	name := "States.Timeout"
	t.probe.Abandon(name, fmt.Sprintf("The test of a state may take no longer than %v.", t.limit()))
}

// wait waits until the state wants to be told the time.
func (t *test) wait(ctx context.Context) {
	now := t.now()
	timer := time.NewTimer(t.probe.Wake().Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		t.probe.Tick(later(t.now(), t.probe.Wake()))
	case <-ctx.Done():
	}
}

// later is the later one of two instants: a timer may be early by less than the
// clock shows.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// call lets a connector do the task.
func (t *test) call(ctx context.Context, task *interpreter.Task) {
	within := ctx
	if wake := t.probe.Wake(); !wake.IsZero() {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, wake.Sub(t.now()))
		defer cancel()
	}
	output, err := t.invoke(within, task)
	switch {
	case err == nil:
		t.probe.Succeed(t.now(), output)
	case ctx.Err() != nil:
	case within.Err() != nil:
		t.probe.Tick(later(t.now(), t.probe.Wake()))
	default:
		name, cause := reason(err)
		t.probe.Fail(t.now(), name, cause)
	}
}

func (t *test) invoke(ctx context.Context, task *interpreter.Task) ([]byte, error) {
	k := t.Connectors[task.Connector]
	if k == nil {
		return nil, &connector.Error{Name: "States.Runtime", Cause: "no connector named \"" + task.Connector +
			"\" is configured for resource " + task.Resource}
	}
	if t.traced() {
		t.exchange.RevealSecrets = t.request.RevealSecrets
		ctx = connector.TraceHTTP(ctx, &t.exchange)
	}
	output, err := k.Invoke(ctx, &connector.Call{
		Resource: task.Resource, Action: task.Action, Payload: task.Payload,
		IdempotencyKey: t.request.Info.Name, RoleARN: task.RoleARN,
		Execution: t.request.Info.ExecutionARN, State: task.State,
	})
	if err != nil {
		return nil, err
	}
	if err := value.Valid(output); err != nil {
		return nil, &connector.Error{Name: "States.Runtime", Cause: "the result of the task is not valid JSON: " + err.Error()}
	}
	return output, nil
}

// traced says whether the answer shows the HTTP request of the task.
func (t *test) traced() bool {
	task, ok := t.state.Kind.(*definition.Task)
	return ok && t.request.Level == Trace && !task.Resource.AWSSDK && task.Resource.Service == "http"
}

// reason is an error as the state sees it.
func reason(err error) (name, cause *string) {
	var failure *connector.Error
	if !errors.As(err, &failure) {
		failure = &connector.Error{Name: "States.TaskFailed", Cause: err.Error()}
	}
	if !failure.NoName {
		name = &failure.Name
	}
	if !failure.NoCause {
		cause = &failure.Cause
	}
	return name, cause
}

package testrun

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// invoke has a task done: by its mock, by a state machine of the suite, or by a
// real connector.
func (x *execution) invoke(task *interpreter.Task) {
	if x.distribute(task) {
		return
	}
	n := x.calls[task.State]
	x.calls[task.State]++
	if mock := x.w.test.Mocks.of(x.machine.Name, task.State); mock != nil {
		x.mocked(task, mock, n)
		return
	}
	if x.startChild(task) {
		return
	}
	if real := x.w.real[task.Connector]; real != nil && task.Delivery == interpreter.Push {
		output, err := real.Invoke(x.w.ctx, x.call(task))
		x.answered(task, output, err)
		return
	}
	x.w.stop("state %s called %s with %s, and there is no mock for it", task.State, task.Resource, short(task.Payload))
}

// mocked answers with the n-th reply of a mock.
func (x *execution) mocked(task *interpreter.Task, mock *Mock, n int) {
	reply := mock.reply(n)
	if reply == nil {
		x.w.stop("state %s was invoked %s, and %s has no reply for that", task.State, times(n+1), mock.Source)
		return
	}
	if reply.Receives != nil {
		for _, difference := range includes("the payload", reply.Receives.V, value.Text(task.Payload).Value()) {
			x.w.fault("invocation %d of state %s: %s", n+1, task.State, difference)
		}
	}
	output, failure := reply.answer(x.w, task, n)
	x.fetch(task)
	if failure == nil && output == nil {
		x.beat(task, reply.Heartbeat, time.Time{})
		return
	}
	x.beat(task, reply.Heartbeat, x.w.now.Add(reply.After))
	x.w.later(reply.After, func() { x.result(task, output, failure) })
}

// answer makes the answer; two nils are silence.
func (r *Reply) answer(w *world, task *interpreter.Task, n int) ([]byte, *connector.Error) {
	switch {
	case r.Evaluate != nil:
		return r.evaluate(w, task, n)
	case r.Envelope:
		return fmt.Appendf(nil, `{"ExecutedVersion":"$LATEST","Payload":%s,"StatusCode":200}`, r.Output), nil
	default:
		return r.Output, r.Failure
	}
}

// raised is the code of the errors of the function $error.
const raised = "D3137"

// evaluate computes the answer. $error("NAME: CAUSE") is a failure of the task.
func (r *Reply) evaluate(w *world, task *interpreter.Task, n int) ([]byte, *connector.Error) {
	payload := value.Text(task.Payload).Value()
	v, defined, err := r.Evaluate.Eval(jsonata.Env{
		Input: payload, Now: w.now, Random: w.fraction,
		Variables: jsonata.Bindings{"input": payload, "invocation": value.IntNumber(int64(n))},
	})
	var failure *jsonata.Error
	switch {
	case errors.As(err, &failure) && failure.Code == raised:
		name, cause, hasCause := strings.Cut(failure.Message, ": ")
		return nil, &connector.Error{Name: name, Cause: cause, NoCause: !hasCause}
	case err != nil:
		w.stop("the mock of state %s cannot be evaluated: %v", task.State, err)
	case !defined:
		w.stop("the mock of state %s evaluates to nothing; it has to give the result of the task", task.State)
	}
	return value.Append(nil, v), nil
}

// fraction is a random number from 0 up to 1.
func (w *world) fraction() float64 { return float64(w.random.Uint64()>>11) / (1 << 53) }

// fetch brings a task as far as somebody works on it: a worker has it, or the
// job is submitted.
func (x *execution) fetch(task *interpreter.Task) {
	switch {
	case task.Delivery == interpreter.Pull:
		x.w.later(0, func() { x.decide(interpreter.TaskStarted{ID: task.ID, Worker: "mock"}) })
	case task.Completion != interpreter.ByAnswer:
		x.w.later(0, func() { x.decide(interpreter.TaskSubmitted{ID: task.ID, Output: []byte("{}")}) })
	}
}

// beat sends heartbeats until an instant, or for as long as the task is wanted
// if that is zero.
func (x *execution) beat(task *interpreter.Task, pause time.Duration, until time.Time) {
	if pause <= 0 {
		return
	}
	x.w.later(pause, func() {
		if !x.outstanding(task.ID) || !until.IsZero() && x.w.now.After(until) {
			return
		}
		x.beats[task.ID] = x.w.now
		x.beat(task, pause, until)
	})
}

// answered brings the answer of a connector.
func (x *execution) answered(task *interpreter.Task, output []byte, err error) {
	var failure *connector.Error
	if err != nil && !errors.As(err, &failure) {
		failure = &connector.Error{Name: "States.TaskFailed", Cause: err.Error()}
	}
	x.w.later(0, func() {
		switch {
		case task.Completion == interpreter.ByAnswer:
			x.result(task, output, failure)
		case failure != nil:
			x.fail(task, failure, true)
		default:
			x.decide(interpreter.TaskSubmitted{ID: task.ID, Output: output})
		}
	})
}

// result ends a task.
func (x *execution) result(task *interpreter.Task, output []byte, failure *connector.Error) {
	if failure != nil {
		x.fail(task, failure, false)
		return
	}
	x.decide(interpreter.TaskSucceeded{ID: task.ID, Output: output})
}

func (x *execution) fail(task *interpreter.Task, failure *connector.Error, submission bool) {
	cmd := interpreter.TaskFailed{ID: task.ID, Error: &failure.Name, Cause: &failure.Cause, Submission: submission}
	if failure.NoName {
		cmd.Error = nil
	}
	if failure.NoCause {
		cmd.Cause = nil
	}
	x.decide(cmd)
}

// short is a text that fits in a line.
func short(text []byte) string {
	const longest = 200
	if len(text) <= longest {
		return string(text)
	}
	return fmt.Sprintf("%.*s… (%d bytes)", longest, text, len(text))
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

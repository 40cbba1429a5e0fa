package testrun

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/connector/states"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// parent is the task that waits for an execution.
type parent struct {
	execution *execution
	task      *interpreter.Task
	form      string
}

// startChild starts a state machine of the suite, if that is what the task is
// about.
func (x *execution) startChild(task *interpreter.Task) bool {
	if task.Connector != states.Name {
		return false
	}
	var begin func()
	start := states.New(func(_ context.Context, req states.Request) (states.Started, error) {
		machine := x.w.machine(req.Machine)
		if machine == nil {
			return states.Started{}, &states.Refusal{Code: "StateMachineDoesNotExist", Message: "State Machine Does Not Exist: '" + req.Machine + "'"}
		}
		if req.Input == nil {
			req.Input = []byte("{}")
		}
		if err := value.Valid(req.Input); err != nil {
			return states.Started{}, &states.Refusal{Code: "InvalidExecutionInput", Message: "Invalid State Machine Execution Input: '" + err.Error() + "'"}
		}
		begin = func() { x.startExecution(task, machine, req) }
		return states.Started{ExecutionARN: "arn:aws:states:" + place + ":execution:" + machine.Name + ":" + req.Name, At: x.w.now}, nil
	})
	output, err := start.Invoke(x.w.ctx, x.call(task))
	if refused := (*connector.Error)(nil); errors.As(err, &refused) && strings.Contains(refused.Name, "StateMachineDoesNotExist") {
		return false
	}
	x.answered(task, output, err)
	if begin != nil {
		x.w.later(0, begin)
	}
	return true
}

// machine finds a state machine of the suite by its ARN.
func (w *world) machine(arn string) *Machine {
	name := arn[strings.LastIndex(arn, ":")+1:]
	if name == w.suite.Machine.Name {
		return w.suite.Machine
	}
	return w.suite.Others[name]
}

// startExecution starts the execution that a task asks for.
func (x *execution) startExecution(task *interpreter.Task, machine *Machine, req states.Request) {
	if x.w.full() {
		return
	}
	var p *parent
	if req.Parent.Notify {
		p = &parent{x, task, req.Parent.Form}
	}
	x.w.start(machine, req.Name, req.Input, p)
}

// full says whether there are as many executions as there may be; the test ends
// then.
func (w *world) full() bool {
	if len(w.executions) < maxExecutions {
		return false
	}
	w.stop("the test was given up at %d executions", maxExecutions)
	return true
}

// tellParent gives the end of the execution to the task that waits for it.
func (x *execution) tellParent() {
	p := x.parent
	if p == nil {
		return
	}
	result := x.run.Result()
	end := connector.ChildEnd{
		Form: p.form, ExecutionARN: x.info.ExecutionARN, Name: x.info.Name, MachineARN: x.info.MachineARN,
		Started: x.started.Truncate(time.Millisecond), Closed: x.ended, Status: result.Status.String(),
		Error: result.Error, Cause: result.Cause,
	}
	if result.Input != nil {
		end.Input = result.Input.Text()
	}
	if result.Output != nil {
		end.Output = result.Output.Text()
	}
	tell := states.Result
	if mapruns.Ends(p.form) {
		tell = mapruns.Result
	}
	told := tell(end)
	x.w.later(0, func() { p.execution.result(p.task, told.Output, told.Err) })
}

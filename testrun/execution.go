package testrun

import (
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// execution is one execution in a world.
type execution struct {
	w       *world
	id      uint64 // from 1 on
	machine *Machine
	info    interpreter.Info
	// program is what the states are of; nil for a map run.
	program *asl.Program
	// items is what the children of a map run are executions of; nil for anything
	// else.
	items   *asl.Program
	run     interpreter.Run
	started time.Time
	ended   time.Time

	facts []fact
	calls map[string]int       // invocations by state
	beats map[uint64]time.Time // the last heartbeat by task
	// parent waits for the end; nil for nobody.
	parent *parent
}

// fact is an entry of the log.
type fact struct {
	at   time.Time
	data []byte
}

// Where virtual executions are.
const (
	region  = "us-east-1"
	account = "123456789012"
	place   = region + ":" + account
)

// start begins an execution of a machine.
func (w *world) start(m *Machine, name string, input []byte, p *parent) *execution {
	x := w.add(m, name, p)
	x.program = m.Program
	x.begin(m.Program, input)
	return x
}

// add makes an execution that has not begun.
func (w *world) add(m *Machine, name string, p *parent) *execution {
	x := &execution{
		w: w, id: uint64(len(w.executions) + 1), machine: m, started: w.now,
		calls: map[string]int{}, beats: map[uint64]time.Time{}, parent: p,
		info: interpreter.Info{
			ExecutionARN: "arn:aws:states:" + place + ":execution:" + m.Name + ":" + name,
			Name:         name,
			RoleARN:      "arn:aws:iam::" + account + ":role/fermata",
			MachineARN:   "arn:aws:states:" + place + ":stateMachine:" + m.Name,
			MachineName:  m.Name,
			Limits:       w.limitsOf(m),
		},
	}
	w.executions = append(w.executions, x)
	w.open = append(w.open, x)
	return x
}

// begin lets an execution of a program go as far as it can.
func (x *execution) begin(program interpreter.Program, input []byte) {
	x.run = program.New(x.info)
	x.decide(interpreter.Start{Input: value.Text(input)})
}

func (x *execution) closed() bool { return x.run.Result().Status.Closed() }

func (x *execution) env() *interpreter.Env {
	return &interpreter.Env{
		Now:         x.w.now,
		Random:      x.w.random,
		Token:       x.token,
		QueueExists: func(string) bool { return true },
		LastBeat:    func(task uint64) time.Time { return x.beats[task] },
	}
}

// token of a task.
func (x *execution) token(task uint64) string { return fmt.Sprintf("token-%d-%d", x.id, task) }

// decide gives one command, and carries out what comes of it.
func (x *execution) decide(cmd interpreter.Command) {
	if x.closed() {
		return
	}
	var d interpreter.Decision
	x.run.Decide(x.env(), cmd, &d)
	for i := range d.Facts() {
		x.facts = append(x.facts, fact{x.w.now, d.Fact(i)})
	}
	for _, effect := range d.Effects {
		switch effect := effect.(type) {
		case interpreter.Invoke:
			x.invoke(effect.Task)
		case interpreter.Cancel:
			x.cancel(effect.Task)
		}
	}
	if x.closed() && x.ended.IsZero() {
		x.ended = x.w.now
		x.tellParent()
	}
}

// outstanding says whether somebody waits for the task.
func (x *execution) outstanding(id uint64) bool {
	task, _ := x.run.Task(id)
	return task != nil
}

// history is the events of the execution so far.
func (x *execution) history() ([]*asl.Event, error) {
	var events []*asl.Event
	if x.program == nil {
		return nil, nil
	}
	player := asl.Replay(x.program, x.info, func(e *asl.Event) bool {
		events = append(events, e)
		return true
	})
	for i, f := range x.facts {
		if err := player.Apply(f.data, f.at); err != nil {
			return events, fmt.Errorf("fact %d of the log: %w", i, err)
		}
	}
	return events, nil
}

// call is the task as a connector sees it.
func (x *execution) call(task *interpreter.Task) *connector.Call {
	return &connector.Call{
		Resource: task.Resource, Action: task.Action, Payload: task.Payload,
		IdempotencyKey: fmt.Sprintf("test-%d-%d", x.id, task.ID),
		TaskToken:      x.token(task.ID),
		RoleARN:        task.RoleARN,
		Origin:         connector.Origin{Run: x.id, Task: task.ID},
		Execution:      x.info.ExecutionARN, State: task.State,
	}
}

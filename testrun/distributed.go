package testrun

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/interpreter"
)

// A Map state in the mode DISTRIBUTED has a map run, which is an execution in the
// same virtual time, and so are its children.

// distribute does what the tasks of distributed Maps are about, and says whether
// it was one of these.
func (x *execution) distribute(task *interpreter.Task) bool {
	switch task.Connector {
	case mapruns.MapRun:
		x.connect(task, mapruns.NewMapRun(&family{x, task}))
	case mapruns.Child:
		x.connect(task, mapruns.NewChild(&family{x, task}))
	case maprun.Files:
		x.files(task)
	default:
		return false
	}
	return true
}

// connect has a connector answer a task, unless the answer comes later.
func (x *execution) connect(task *interpreter.Task, c connector.Connector) {
	output, err := c.Invoke(x.w.ctx, x.call(task))
	if err != errLater {
		x.answered(task, output, err)
	}
}

// errLater says that the end of a child is the answer.
var errLater = errors.New("the answer comes when the child has ended")

// family starts the map run of an execution, or the children of a map run. It is
// a mapruns.Runner.
type family struct {
	of   *execution
	task *interpreter.Task
}

// StartMapRun starts a map run.
func (f *family) StartMapRun(_ context.Context, arn string, input []byte, _ string, p connector.Parent) error {
	x := f.of
	var state *definition.State
	for _, s := range x.program.MapStates() {
		if s.Name == f.task.State {
			state = s
		}
	}
	if state == nil {
		return fmt.Errorf("there is no distributed Map state %s", f.task.State)
	}
	x.w.later(0, func() {
		if x.w.full() {
			return
		}
		run := x.w.add(x.machine, path.Base(strings.ReplaceAll(arn, ":", "/")), &parent{x, f.task, p.Form})
		run.info.ExecutionARN, run.items = arn, x.program.Item(state)
		run.begin(x.program.MapRun(state), input)
	})
	return nil
}

// StopMapRun is not asked for here: see cancel.
func (f *family) StopMapRun(context.Context, string, connector.Origin) error { return nil }

// StartChild starts a child of a map run.
func (f *family) StartChild(_ context.Context, req mapruns.ChildRequest) error {
	f.child(req, &f.of.w.limits)
	return nil
}

// RunChild starts a child, too, an Express execution; its end is the answer to the
// task.
func (f *family) RunChild(_ context.Context, req mapruns.ChildRequest) (connector.ChildEnd, error) {
	f.child(req, &f.of.w.expressLimits)
	return connector.ChildEnd{}, errLater
}

func (f *family) child(req mapruns.ChildRequest, limits *interpreter.Limits) {
	x := f.of
	x.w.later(0, func() {
		if x.w.full() {
			return
		}
		child := x.w.add(x.machine, fmt.Sprintf("%s-%d", x.info.Name, req.Number), &parent{x, f.task, req.Parent.Form})
		child.program, child.info.Limits = x.items, limits
		child.begin(x.items, req.Input)
	})
}

// Waited says whether the state still waits for a map run.
func (f *family) Waited(context.Context, uint64) (bool, error) {
	p := f.of.parent
	return p.execution.outstanding(p.task.ID), nil
}

// StopChildren stops the children of a map run.
func (f *family) StopChildren(_ context.Context, arn string, _ connector.Origin) error {
	cause := mapruns.Abandoned(arn)
	f.of.stopChildren(nil, &cause)
	return nil
}

// stopChildren stops the executions that a task of this one waits for, or all of
// them.
func (x *execution) stopChildren(task *interpreter.Task, cause *string) {
	for _, child := range x.w.open {
		if p := child.parent; p != nil && p.execution == x && (task == nil || p.task.ID == task.ID) {
			x.w.later(0, func() { child.decide(interpreter.Stop{Cause: cause}) })
		}
	}
}

// cancel ends the map run of a task that nobody waits for any longer.
func (x *execution) cancel(task *interpreter.Task) {
	if task.Connector == mapruns.MapRun {
		x.stopChildren(task, nil)
	}
}

// files answers for where items come from and results go to: the items are
// mocked, and what is written is accepted.
func (x *execution) files(task *interpreter.Task) {
	var request struct {
		Name, MapRunArn string
		Parameters      struct{ Bucket, Prefix string }
		Records         []json.RawMessage
	}
	_ = json.Unmarshal(task.Payload, &request) // it is ours
	key := path.Join(request.Parameters.Prefix, request.MapRunArn[strings.LastIndex(request.MapRunArn, ":")+1:])
	switch task.Action {
	case maprun.ReadItems:
		x.readItems(task)
	case maprun.WriteResults:
		x.answered(task, fmt.Appendf(nil, `{"Key":%q,"Size":%d}`, path.Join(key, request.Name+".json"), len(task.Payload)), nil)
	case maprun.WriteManifest:
		x.answered(task, fmt.Appendf(nil, `{"Bucket":%q,"Key":%q}`, request.Parameters.Bucket, path.Join(key, "manifest.json")), nil)
	}
}

// readItems gives all items that the mock of the Map state has, as one block, or
// reads those of a bucket of the suite.
func (x *execution) readItems(task *interpreter.Task) {
	mock := x.w.test.Mocks.of(x.machine.Name, task.State)
	if mock == nil && len(x.w.suite.Buckets) > 0 {
		output, err := x.w.files.Invoke(x.w.ctx, x.call(task))
		x.answered(task, output, err)
		return
	}
	if mock == nil {
		x.w.stop("state %s reads items, and neither is there a mock for it (mocks: {%s: {items: […]}}) nor are there buckets", task.State, task.State)
		return
	}
	n := x.calls[task.State]
	x.calls[task.State]++
	reply := mock.reply(n)
	if reply == nil || reply.Items == nil && reply.Failure == nil {
		x.w.stop("the mock of state %s has no items", task.State)
		return
	}
	x.w.later(reply.After, func() {
		if reply.Failure != nil {
			x.fail(task, reply.Failure, false)
			return
		}
		items := atMost(reply.Items, task.Payload)
		x.decide(interpreter.TaskSucceeded{ID: task.ID, Output: fmt.Appendf(nil, `{"Items":%s,"Cursor":"","Done":true}`, items)})
	})
}

// atMost is the items that a request for a block allows.
func atMost(items, payload []byte) []byte {
	var request struct{ MaxItems int }
	var all []json.RawMessage
	_ = json.Unmarshal(payload, &request) // it is ours
	if err := json.Unmarshal(items, &all); err != nil || request.MaxItems <= 0 || len(all) <= request.MaxItems {
		return items
	}
	some, err := json.Marshal(all[:request.MaxItems])
	if err != nil {
		return items
	}
	return some
}

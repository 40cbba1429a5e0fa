package sim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// runner starts and stops what the connectors of package mapruns ask for, as
// catalog/launch/mapruns.go does. What takes time is only begun here: its answer
// comes from the call.
type runner struct{ *call }

var _ mapruns.Runner = runner{}

// errLater says that the call gives the answer itself.
var errLater = errors.New("simulated: the answer comes later")

// errGone says that the map run of a child was purged.
var errGone = errors.New("simulated: there is no such map run")

// connectSoon has a connector of package mapruns carry a task out. An Express
// child takes its time, and then has ended.
func (c *call) connectSoon() {
	w, delay := c.node.w, time.Duration(0)
	if c.task.Connector == mapruns.MapRun && !w.audit.runs[c.run].hasParent && w.maps.chance(w.plan.Stop/2) {
		w.after(w.maps.between(0, 2*w.plan.Slow), func() { w.stop(c.run) })
	}
	if strings.HasPrefix(c.task.Action, maprun.RunChild) || strings.HasPrefix(c.task.Action, maprun.RerunChild) {
		delay = w.takes()
	}
	c.node.after(delay, c.connect)
}

func (c *call) connect() {
	if c.cancelled {
		return
	}
	k := mapruns.NewChild(runner{c})
	if c.task.Connector == mapruns.MapRun {
		k = mapruns.NewMapRun(runner{c})
	}
	output, err := k.Invoke(context.Background(), c.request())
	switch {
	case errors.Is(err, errLater):
	case errors.Is(err, errGone):
		c.returns(c.failure("Gone"))
	case err != nil:
		c.node.w.fail("task %d of run %d cannot be carried out: %v", c.task.ID, c.run, err)
	default:
		c.returns(interpreter.TaskSucceeded{ID: c.task.ID, Output: output})
	}
}

// request is the call as its connector sees it.
func (c *call) request() *connector.Call {
	t := c.task
	return &connector.Call{
		Resource: t.Resource, Action: t.Action, Payload: t.Payload,
		Origin: connector.Origin{Run: uint64(c.run), Task: t.ID},
	}
}

// dismiss has the map run stopped that a task had started. If the node dies
// before, nobody does it.
func (n *node) dismiss(e *core.Effect) {
	if e.Task.Connector != mapruns.MapRun {
		return
	}
	c := &call{callKey: callKey{e.Run, e.Task.ID}, node: n, task: e.Task}
	n.after(n.w.dice.between(0, 2*time.Millisecond), func() {
		_ = mapruns.NewMapRun(runner{c}).(connector.Canceller).Cancel(context.Background(), c.request())
	})
}

// StartMapRun starts the map run of a task.
func (r runner) StartMapRun(_ context.Context, arn string, input []byte, _ string, p connector.Parent) error {
	w := r.node.w
	m, name := w.library.mapRunOf(arn)
	r.node.after(w.slowly(), func() { // it reads what its parent is a run of
		r.start(&birth{m, m.id, name, input, parentFrom(p)})
	})
	return errLater
}

func parentFrom(p connector.Parent) *parent {
	return &parent{parentTask{store.RunID(p.Run), p.Task}, p.Notify, p.Form}
}

// StopMapRun stops the map run of a task, if there is one.
func (r runner) StopMapRun(_ context.Context, arn string, of connector.Origin) error {
	m, name := r.node.w.library.mapRunOf(arn)
	if run, err := r.node.w.mem.ByName(context.Background(), m.id, name); err == nil {
		r.node.w.stopFor(run, parentTask{store.RunID(of.Run), of.Task}, nil, func() {})
	}
	return nil
}

// StartChild starts a Standard child of a map run.
func (r runner) StartChild(_ context.Context, req mapruns.ChildRequest) error {
	m := r.item(req)
	if m == nil {
		return errGone
	}
	r.start(&birth{m, childrenOf(r.run), childName(req), req.Input, parentFrom(req.Parent)})
	return errLater
}

// item is the machine of the children of a map run, nil if that was purged.
func (r runner) item(req mapruns.ChildRequest) *machine {
	h, err := r.node.w.mem.Head(context.Background(), store.RunID(req.MapRun))
	if err != nil {
		return nil
	}
	return r.node.w.library.byID[h.Definition].of.item
}

func childName(req mapruns.ChildRequest) string {
	return fmt.Sprintf("item-%d-%d", req.MapRun, req.Number)
}

// RunChild gives the end of an Express child.
func (r runner) RunChild(_ context.Context, req mapruns.ChildRequest) (connector.ChildEnd, error) {
	w := r.node.w
	m := r.item(req)
	if m == nil {
		return connector.ChildEnd{}, errGone
	}
	info := w.library.info(m, childName(req))
	return endOf(req.Parent.Form, &store.Head{Started: w.clock(), Closed: w.clock()}, info, w.library.ideal(m, req.Input)), nil
}

// Waited says whether the state still waits for a map run.
func (r runner) Waited(_ context.Context, mapRun uint64) (bool, error) {
	return r.node.w.audit.waited(store.RunID(mapRun)), nil
}

// StopChildren stops the children of a map run that run for that task, or for an
// earlier one.
func (r runner) StopChildren(_ context.Context, arn string, of connector.Origin) error {
	w, n, life, cause := r.node.w, r.node, r.node.life, mapruns.Abandoned(arn)
	query := store.ListQuery{Machine: childrenOf(store.RunID(of.Run)), Status: store.Running}
	rows, _ := w.mem.List(context.Background(), query, store.ListRow{}, 1<<20)
	if len(rows) == 0 {
		return nil
	}
	left := len(rows)
	for _, row := range rows {
		w.stopFor(row.Run, parentTask{r.run, r.task.ID}, &cause, func() {
			if left--; left == 0 && n.life == life {
				r.returns(interpreter.TaskSucceeded{ID: r.task.ID, Output: []byte("{}")})
			}
		})
	}
	return errLater
}

// endOf describes the end of a run to whoever started it.
func endOf(form string, h *store.Head, info interpreter.Info, r interpreter.Result) connector.ChildEnd {
	end := connector.ChildEnd{
		Form: form, ExecutionARN: info.ExecutionARN, Name: info.Name, MachineARN: info.MachineARN,
		Started: h.Started, Closed: h.Closed, Status: r.Status.String(), Error: r.Error, Cause: r.Cause,
		Input: r.Input.Text(), Redrives: r.Redrives, Redriven: r.Redriven,
	}
	if r.Output != nil {
		end.Output = r.Output.Text()
	}
	return end
}

// endCommand is what the task makes of it that waits for that.
func endCommand(task uint64, end connector.ChildEnd) interpreter.Command {
	r := mapruns.Result(end)
	if r.Err != nil {
		return interpreter.TaskFailed{ID: task, Error: &r.Err.Name, Cause: &r.Err.Cause}
	}
	return interpreter.TaskSucceeded{ID: task, Output: r.Output}
}

package sim

import (
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
)

// effect starts or cancels a call, as engine/calls.go does.
func (n *node) effect(e *core.Effect) {
	key := callKey{e.Run, e.Task.ID}
	if e.Cancel {
		n.w.tracef("%v cancels task %d of run %d", n, e.Task.ID, e.Run)
		n.w.audit.cancelled(e)
		if c := n.calls[key]; c != nil {
			c.cancel()
		}
		n.dismiss(e)
		n.w.outside.unwanted(e)
		return
	}
	n.w.tracef("%v issues task %d of run %d: %s %s", n, e.Task.ID, e.Run, e.Task.Connector, e.Task.State)
	n.w.audit.issued(n, e)
	if n.calls[key] != nil {
		return // it is under way
	}
	c := &call{callKey: key, node: n, task: e.Task}
	n.calls[key] = c
	n.after(n.w.dice.between(0, 2*time.Millisecond), c.invoke)
}

// settled lets a call go whose result was committed or is not wanted.
func (n *node) settled(c *call) {
	if n.calls[c.callKey] == c {
		delete(n.calls, c.callKey)
	}
}

// cancel makes the call return soon, whatever it waits for.
func (c *call) cancel() {
	if c.cancelled {
		return
	}
	c.cancelled = true
	c.node.after(c.node.w.dice.between(0, time.Second), func() { c.returns(c.failure("Cancelled")) })
}

// failure is a failure of the call that is worth another attempt.
func (c *call) failure(name string) interpreter.Command {
	cause := "simulated"
	return interpreter.TaskFailed{ID: c.task.ID, Error: &name, Cause: &cause, Submission: c.task.Completion != interpreter.ByAnswer}
}

// invoke calls the outside.
func (c *call) invoke() {
	w, d := c.node.w, c.node.w.dice
	bounded := c.task.Timeout > 0 || c.task.Heartbeat > 0
	took := w.takes()
	switch {
	case c.cancelled:
		return
	case c.task.Connector == "states":
		c.startChild()
		return
	case c.task.Connector == maprun.Files:
		c.transfer()
		return
	case c.task.Connector == mapruns.MapRun || c.task.Connector == mapruns.Child:
		c.connectSoon()
		return
	case bounded && d.chance(w.plan.Silent):
		c.node.after(d.between(10*time.Second, 2*time.Minute), func() { c.returns(c.failure("Flaky")) })
		return
	case d.chance(w.plan.Flaky):
		c.node.after(took, func() { c.returns(c.failure("Flaky")) })
		if d.chance(0.5) {
			return
		}
	}
	if c.task.Completion == interpreter.ByToken {
		w.outside.hold(c.run, c.task)
		c.node.after(took, func() { c.returns(interpreter.TaskSubmitted{ID: c.task.ID, Output: []byte(`{"ok":true}`)}) })
		return
	}
	c.node.after(took, func() { c.returns(work(c.task)) })
}

// takes is how long something takes outside.
func (w *World) takes() time.Duration {
	if w.dice.chance(0.05) {
		return w.dice.between(0, 40*time.Second)
	}
	return w.dice.between(0, 800*time.Millisecond)
}

// returns brings the result of a call to the core, twice if the world likes.
func (c *call) returns(cmd interpreter.Command) {
	n := c.node
	n.w.tracef("%v has the answer to task %d of run %d: %T", n, c.task.ID, c.run, cmd)
	n.w.audit.result(c.run, c.task.ID, cmd)
	n.post(func(cr *core.Core) { cr.Command(c, c.run, cmd) })
	if n.w.dice.chance(n.w.plan.Doubled) {
		n.w.audit.result(c.run, c.task.ID, cmd)
		n.after(n.w.takes(), func() {
			n.post(func(cr *core.Core) { cr.Command(nil, c.run, cmd) })
		})
	}
}

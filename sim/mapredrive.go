package sim

import (
	"context"
	"errors"
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

var _ mapruns.Redriver = runner{}

// belongs says whether a run belongs to this task of another run, or to an earlier
// one, as engine/redrive.go does.
func belongs(t parentTask) func(*store.Head) bool {
	return func(h *store.Head) bool {
		p, ok := parentOf(h)
		return ok && p.run == t.run && p.task <= t.task
	}
}

// reopen opens a run again for a later task of its parent, and tells whether the
// run belongs to that then.
func (c *call) reopen(run store.RunID, p *parent, then func(bool)) {
	w, life := c.node.w, c.node.life
	w.audit.redrivingFor(run, p.parentTask)
	before := p.parentTask
	before.task--
	q := &question{run: run, cmd: interpreter.Redrive{}, only: &core.Condition{
		Holds: belongs(before), Attributes: map[string]any{parentAttribute: p.attribute()},
	}}
	q.done = func(a core.Answer) {
		switch {
		case c.node.life != life:
		case a.Err != nil && !errors.Is(a.Err, core.ErrNotFound):
			c.node.after(time.Second, func() { c.reopen(run, p, then) })
		default:
			h, err := w.mem.Head(context.Background(), run)
			now, ok := parent{}, false
			if err == nil {
				now, ok = parentOf(h)
			}
			then(ok && now.parentTask == p.parentTask)
		}
	}
	w.tracef("%v opens run %d again for task %d of run %d", c.node, run, p.task, p.run)
	w.ask(q, func() {
		if c.node.life == life {
			c.reopen(run, p, then)
		}
	})
}

// RedriveMapRun lets a map run go on for a later task of its execution.
func (r runner) RedriveMapRun(ctx context.Context, arn string, input []byte, trace string, origin connector.Parent) error {
	w, p := r.node.w, parentFrom(origin)
	m, name := w.library.mapRunOf(arn)
	run, err := w.mem.ByName(ctx, m.id, name)
	if err != nil {
		return r.StartMapRun(ctx, arn, input, trace, origin)
	}
	r.goOn(run, p)
	return errLater
}

// reopenTries is that of catalog/launch/redrive.go.
const reopenTries = 3

// goOn opens a map run again, which may still run for an earlier task.
func (c *call) goOn(run store.RunID, p *parent) { c.tryToGoOn(run, p, 0) }

func (c *call) tryToGoOn(run store.RunID, p *parent, tried int) {
	c.reopen(run, p, func(done bool) {
		switch {
		case done:
			c.reopened(run, p)
		case tried == reopenTries:
			c.returns(c.failure("Unredrivable"))
		default:
			before := p.parentTask
			before.task--
			c.node.w.stopFor(run, before, nil, func() {})
			c.awaitEnd(run, func() { c.tryToGoOn(run, p, tried+1) })
		}
	})
}

// awaitEnd waits for the end of a run.
func (c *call) awaitEnd(run store.RunID, then func()) {
	h, err := c.node.w.mem.Head(context.Background(), run)
	if err != nil || h.Status.Closed() {
		then()
		return
	}
	c.node.after(time.Second, func() { c.awaitEnd(run, then) })
}

// reopened stops a map run again for which nobody waits any longer.
func (c *call) reopened(run store.RunID, p *parent) {
	if !c.node.w.audit.waited(run) {
		c.node.w.stopFor(run, p.parentTask, nil, func() {})
	}
	c.returns(interpreter.TaskSubmitted{ID: c.task.ID, Output: []byte("{}")})
}

// RedriveChild opens a Standard child again, or gives its end.
func (r runner) RedriveChild(ctx context.Context, req mapruns.ChildRequest) (*connector.ChildEnd, error) {
	w, p := r.node.w, parentFrom(req.Parent)
	run, err := w.mem.ByName(ctx, childrenOf(r.run), childName(req))
	if err != nil {
		return nil, errGone
	}
	r.reopen(run, p, func(done bool) {
		output := []byte("{}")
		if l := w.audit.runs[run]; !done && !l.open() && !l.purged {
			end := endOf(req.Parent.Form, &l.head, w.library.info(l.machine, l.head.Name), l.state.Result())
			output = mapruns.Result(end).Output
		}
		r.returns(interpreter.TaskSubmitted{ID: r.task.ID, Output: output})
	})
	return nil, errLater
}

// Recall reads inputs of children off the log of a map run, as
// catalog/launch/recall.go does.
func (r runner) Recall(ctx context.Context, mapRun uint64, request []byte) ([]byte, error) {
	var wanted maprun.RecallRequest
	read(request, &wanted)
	reading, from, err := maprun.NewRecall(wanted.Cursor)
	if err != nil {
		return nil, err
	}
	var found maprun.Recalled
	more := true
	take := func(number int64, input []byte) bool {
		if number == wanted.Numbers[len(found.Inputs)] {
			found.Inputs = append(found.Inputs, input)
			more = len(found.Inputs) < len(wanted.Numbers) && !r.node.w.maps.chance(0.3)
		}
		return more
	}
	err = r.node.w.mem.Entries(ctx, store.RunID(mapRun), from, func(position uint64, data []byte) bool {
		e, broken := core.ParseEntry(data)
		if broken == nil {
			broken = reading.Entry(position, e.Facts, take)
		}
		if broken != nil {
			r.node.w.fail("run %d: entry %d gives no inputs: %v", mapRun, position, broken)
		}
		return more
	})
	if err != nil {
		return nil, errGone
	}
	found.Cursor = reading.Cursor()
	return found.Text(), nil
}

// Recount reads records of children off it, as catalog/launch/recall.go does.
func (r runner) Recount(ctx context.Context, mapRun uint64, request []byte) ([]byte, error) {
	w := r.node.w
	var wanted maprun.RecountRequest
	read(request, &wanted)
	if w.maps.chance(0.5) {
		wanted.Bytes = 1 // one at a time
	}
	reading := maprun.NewRecount(wanted)
	err := w.mem.Entries(ctx, store.RunID(mapRun), 0, func(position uint64, data []byte) bool {
		e, broken := core.ParseEntry(data)
		if broken == nil {
			broken = reading.Entry(e.Facts)
		}
		if broken != nil {
			w.fail("run %d: entry %d gives no records: %v", mapRun, position, broken)
		}
		return true
	})
	if err != nil {
		return nil, errGone
	}
	return reading.Found().Text(), nil
}

// Restore reads records off it that were deferred, as catalog/launch/recall.go does.
func (r runner) Restore(ctx context.Context, mapRun uint64, request []byte) ([]byte, error) {
	w := r.node.w
	var wanted maprun.RestoreRequest
	read(request, &wanted)
	if w.maps.chance(0.5) {
		wanted.Bytes = 1 // one at a time
	}
	reading, from, err := maprun.NewRestore(wanted)
	if err != nil {
		return nil, err
	}
	err = w.mem.Entries(ctx, store.RunID(mapRun), from, func(position uint64, data []byte) (more bool) {
		e, broken := core.ParseEntry(data)
		if broken == nil {
			more, broken = reading.Entry(position, e.Facts)
		}
		if broken != nil {
			w.fail("run %d: entry %d gives no records: %v", mapRun, position, broken)
		}
		return more
	})
	if err != nil {
		return nil, errGone
	}
	return reading.Found().Text(), nil
}

// stopFor aborts a run if it belongs to that task, or to an earlier one, and does
// something when that is acknowledged.
func (w *World) stopFor(run store.RunID, of parentTask, cause *string, then func()) {
	w.tracef("run %d is to be stopped for task %d of run %d", run, of.task, of.run)
	w.audit.stopping(run)
	again := func() { w.stopFor(run, of, cause, then) }
	q := &question{run: run, cmd: interpreter.Stop{Cause: cause}, only: &core.Condition{Holds: belongs(of)}}
	q.done = func(a core.Answer) {
		if a.Err != nil && a.Err != core.ErrNotFound {
			w.after(time.Second, again)
			return
		}
		then()
	}
	w.ask(q, again)
}

// redriveMaps has a client redrive its execution some more, for the sake of its
// map runs.
func (w *World) redriveMaps(run store.RunID) {
	if !w.plan.Maps || w.plan.Redrive == 0 {
		return
	}
	for range 2 {
		w.after(w.maps.between(0, 90*time.Second), func() { w.redrive(run) })
	}
}

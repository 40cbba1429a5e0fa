package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/store"
)

// client starts one execution and wants to know that it is there.
type client struct {
	w       *World
	machine *machine
	name    string
	input   []byte
	served  bool
}

// startClients has the clients come in the course of the chaos. Some start with
// the name of another one.
func (w *World) startClients() {
	d := w.dice
	for i := range w.plan.Clients {
		m := w.library.machines[d.IntN(len(w.library.machines))]
		c := &client{w: w, machine: m, name: fmt.Sprintf("run-%d", i), input: fmt.Appendf(nil, `{"i":0,"seed":%d}`, d.IntN(1000))}
		if i > 0 && d.chance(0.2) {
			twin := w.clients[d.IntN(i)]
			c.machine, c.name, c.input = twin.machine, twin.name, twin.input
		}
		w.clients = append(w.clients, c)
		w.after(d.between(0, w.plan.Chaos*3/4), c.start)
	}
}

// served reports whether every client was told that its execution has begun, and
// that what it wanted redriven is, and that the machine that was to be deleted is gone.
func (w *World) served() bool {
	for _, c := range w.clients {
		if !c.served {
			return false
		}
	}
	return w.redriving == 0 && w.deletion.done()
}

// start starts the execution, until that is acknowledged, or refused.
func (c *client) start() {
	w := c.w
	if w.deletion.refuses(c.machine) {
		w.tracef("%s of %s is refused", c.name, c.machine.name)
		c.served = true
		return
	}
	n := w.anyNode()
	if !n.up {
		w.after(300*time.Millisecond, c.start)
		return
	}
	run := n.takeRun()
	q := &question{run: run}
	q.done = func(a core.Answer) { c.started(run, a) }
	w.tracef("client starts %s of %s as run %d on %v", c.name, c.machine.name, run, n)
	w.deletion.begins(c.machine, q, n)
	n.after(w.dice.between(0, time.Millisecond), func() { n.create(q, &birth{c.machine, c.machine.id, c.name, c.input, nil}) })
	w.after(w.dice.between(2*time.Second, 6*time.Second), func() {
		if !q.over {
			q.over = true
			c.start()
		}
	})
}

func (c *client) started(run store.RunID, a core.Answer) {
	w := c.w
	var taken *core.NameTaken
	switch {
	case errors.As(a.Err, &taken):
		run = taken.Run
	case a.Err != nil:
		w.after(time.Second, c.start)
		return
	}
	c.served = true
	w.audit.acknowledged(run, c)
	if w.dice.chance(w.plan.Stop) {
		w.after(w.takes(), func() { w.stop(run) })
	}
	if w.second.chance(w.plan.Redrive) {
		w.after(w.second.between(0, 30*time.Second), func() { w.redrive(run) })
	}
	w.redriveMaps(run)
	c.watch(run)
}

// watch describes the execution now and then.
func (c *client) watch(run store.RunID) {
	c.w.after(c.w.dice.between(time.Second, 60*time.Second), func() {
		if !c.w.audit.describe(run) {
			c.watch(run)
		}
	})
}

// startRetention purges closed runs now and then, also when it is calm.
func (w *World) startRetention() {
	if w.plan.Retention < 0 {
		return
	}
	w.after(w.dice.between(100*time.Millisecond, 5*time.Second), func() {
		if n := w.anyNode(); n.up {
			w.purge(n)
		}
		w.startRetention()
	})
}

// purge removes the runs that closed some time ago, as engine/retention.go does.
// It assumes what that assumes: no request that creates a run is still sent again
// when the run is due to be purged.
func (w *World) purge(n *node) {
	before := n.clock().Add(-w.plan.Retention)
	rows, _ := w.mem.ClosedBefore(context.Background(), store.WakeRow{}, before, 1<<20)
	for _, r := range rows {
		h, err := w.mem.Head(context.Background(), r.Run)
		if err != nil || w.now-w.audit.runs[r.Run].closedAt < int64(w.requests/time.Microsecond) {
			continue
		}
		batch := store.Batch{Run: r.Run, Position: h.Position, Expect: h.Commit, Commit: store.CommitID(w.dice.Uint64() | 1)}
		w.after(w.slowly(), func() { w.disk.apply([]store.Batch{batch}) })
	}
}

package sim

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// deletion is that of the machine which no other machine starts, as package catalog
// does it: the machine is marked and takes no more starts and redrives; when those
// under way are done, its executions are told, page by page, and a record in the
// store says how far that has come; when none runs any more, the record goes. Each
// step is made by a node, and one that dies leaves the rest to another.
type deletion struct {
	w       *World
	machine *machine
	starts  []*beginning // that may be under way
	marked  bool
	over    bool
}

// beginning is a start that a node was asked for.
type beginning struct {
	q    *question
	node *node
	life int
	lost int64 // when the node was found to have died, 0 for not
}

// deletionKey is the key of the record, a told.
const deletionKey = "deletion"

// told is how far executions were told, in the order of their listing.
type told struct {
	Started time.Time
	Run     store.RunID
	All     bool
}

// startDeletion draws whether a machine is deleted, and when. It has dice of its own.
func (w *World) startDeletion(d dice) {
	if !d.chance(0.25) {
		return
	}
	w.deletion = &deletion{w: w, machine: w.library.machines[len(w.library.machines)-1]}
	w.after(d.between(0, w.plan.Chaos), w.deletion.mark)
}

func (d *deletion) mark() {
	d.w.tracef("%s is being deleted", d.machine.name)
	d.marked = true
	d.write(0, told{})
	d.sweep()
}

func (d *deletion) write(version uint64, t told) {
	text, err := json.Marshal(t)
	if err == nil {
		err = d.w.mem.Write(context.Background(), store.Change{Key: deletionKey, Expect: version, Value: text})
	}
	if err != nil {
		d.w.fail("the record of the deletion: %v", err)
	}
}

// refuses reports whether a machine takes no more starts and redrives.
func (d *deletion) refuses(m *machine) bool { return d != nil && d.marked && d.machine == m }

// done reports whether nothing is left to do for the deletion.
func (d *deletion) done() bool { return d == nil || d.over }

// begins notes a start that a node was asked for.
func (d *deletion) begins(m *machine, q *question, n *node) {
	if d != nil && d.machine == m {
		d.starts = append(d.starts, &beginning{q: q, node: n, life: n.life})
	}
}

// begun reports whether what began before the mark may still be under way. What a
// node that died has sent may be carried out late.
func (d *deletion) begun() bool {
	d.starts = slices.DeleteFunc(d.starts, func(b *beginning) bool {
		if b.node.life != b.life && b.lost == 0 {
			b.lost = d.w.now
		}
		return b.q.heard || b.lost > 0 && d.w.now-b.lost > int64(d.w.requests/time.Microsecond)
	})
	return d.w.redriving > 0 || len(d.starts) > 0
}

// sweep makes one step of the deletion.
func (d *deletion) sweep() {
	w, n := d.w, d.w.anyNode()
	if !n.up || d.begun() {
		w.after(w.dice.between(0, 2*time.Second), d.sweep)
		return
	}
	record, err := w.mem.Record(context.Background(), deletionKey)
	var t told
	if err == nil {
		err = json.Unmarshal(record.Value, &t)
	}
	if err != nil {
		w.fail("the record of the deletion: %v", err)
	}
	if !t.All {
		d.tell(n, record.Version, t)
		return
	}
	if rows := d.running(store.ListRow{}, 1); len(rows) > 0 {
		w.after(w.dice.between(0, 20*time.Second), d.sweep)
		return
	}
	if err := w.mem.Write(context.Background(), store.Change{Key: deletionKey, Expect: record.Version}); err != nil {
		w.fail("the record of the deletion: %v", err)
	}
	w.tracef("%s is deleted", d.machine.name)
	d.over = true
}

func (d *deletion) running(after store.ListRow, limit int) []store.ListRow {
	query := store.ListQuery{Machine: d.machine.id, Status: store.Running}
	rows, err := d.w.mem.List(context.Background(), query, after, limit)
	if err != nil {
		d.w.fail("executions cannot be listed: %v", err)
	}
	return rows
}

// deletionPage is how many executions are told at once.
const deletionPage = 2

// tell has a node tell a page of executions. If the node dies, the page is told
// again.
func (d *deletion) tell(n *node, version uint64, t told) {
	page, life := d.running(store.ListRow{Started: t.Started, Run: t.Run}, deletionPage), n.life
	left := len(page)
	next := func() {
		if left--; left > 0 {
			return
		}
		if n.life == life {
			d.write(version, d.passed(t, page))
		}
		d.w.after(d.w.slowly(), d.sweep)
	}
	if left == 0 {
		left = 1
		next()
		return
	}
	for _, row := range page {
		d.tellOne(row.Run, func() bool { return n.life == life }, next)
	}
}

// tellOne tells one execution, while the node lives that wants it.
func (d *deletion) tellOne(run store.RunID, alive func() bool, then func()) {
	if !alive() {
		then()
		return
	}
	again := func() { d.tellOne(run, alive, then) }
	d.w.tracef("run %d is to know that its machine is deleted", run)
	d.w.ask(&question{run: run, cmd: interpreter.MachineDeleted{}, done: func(a core.Answer) {
		if a.Err != nil && !errors.Is(a.Err, core.ErrNotFound) {
			d.w.after(time.Second, again)
			return
		}
		then()
	}}, again)
}

// passed is how far the executions were told with a page of them. When all were, each
// that is open knows.
func (d *deletion) passed(t told, page []store.ListRow) told {
	if len(page) > 0 {
		last := page[len(page)-1]
		t.Started, t.Run = last.Started, last.Run
	}
	if t.All = len(page) < deletionPage; t.All {
		for _, l := range d.w.audit.order {
			if l.machine == d.machine && l.open() && !l.deleted {
				d.w.fail("run %d is open, and does not know that its machine is deleted", l.run)
			}
		}
	}
	return t
}

// The kinds of facts of package asl by which an execution learns that its machine was
// deleted, and of those that are no transition: they are all that can follow.
const factDeleted = 37

var noTransition = []byte{
	6,  // a worker fetched a task
	7,  // a submission was acknowledged
	8,  // a result came before that
	20, // the execution was stopped, or timed out
	38, // it failed, for its machine was deleted
}

// deletedSince looks at a fact of a run whose machine may be deleted.
func (a *auditor) deletedSince(l *ledger, fact []byte) {
	switch {
	case a.w.deletion == nil || l.machine != a.w.deletion.machine:
	case l.deleted && !slices.Contains(noTransition, fact[0]):
		a.w.fail("run %d knows that its machine is deleted, and goes on with a fact of kind %d", l.run, fact[0])
	case fact[0] == factDeleted:
		l.deleted = true
		a.report.Deleted++
	}
}

// endsDeleted checks the end of a run whose machine is deleted.
func (a *auditor) endsDeleted(l *ledger, r interpreter.Result) {
	name, cause := "States.Runtime", "State machine "+l.machine.name+" has been deleted"
	if want := (interpreter.Result{Status: interpreter.Failed, Error: &name, Cause: &cause}); !sameResult(r, want) {
		a.w.fail("run %d of a deleted machine ends with %s", l.run, show(r))
	}
}

package sim

import (
	"bytes"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// auditor sees every batch that the store carries out, and checks that
//
//   - a batch builds on the head that stands, positions rise by one, time does not
//     run backwards, and each entry carries the id of its commit;
//   - a run is created once, is purged only when closed, and never reappears;
//   - a closed run gets no entry and keeps its status, unless the entry is a redrive
//     that somebody asked for;
//   - every open run has what it needs to go on (see needs);
//   - a child that closes tells its parent, and a message is consumed only by the
//     commit that decides it;
//   - a snapshot is the fold of the log;
//   - a run ends as it does in an ideal world;
//   - a run that knows that its machine is deleted makes no further transition (see
//     deletion.go);
//   - map runs keep their promises (see mapaudit.go);
//   - a node counts the memory of what it holds, and of nothing else.
type auditor struct {
	w     *World
	runs  map[store.RunID]*ledger
	order []*ledger // by first mention
	// children are the runs that tasks have started.
	children map[parentTask]*ledger
	visits   map[visit]*ledger // the last map run of each
	open     int
	report   Report
	buffer   []byte
}

func newAuditor(w *World) *auditor {
	return &auditor{w: w, runs: map[store.RunID]*ledger{}, children: map[parentTask]*ledger{}, visits: map[visit]*ledger{}}
}

// creating notes what a run is to be, before anybody tries to create it.
func (a *auditor) creating(run store.RunID, m *machine, input []byte) {
	if a.runs[run] != nil {
		a.w.fail("run id %d is used twice", run)
	}
	l := &ledger{
		run: run, machine: m, input: input, tasks: map[uint64]*taskRecord{},
		queued: map[uint64]store.QueueRow{}, inbox: map[store.MessageID]uint64{},
	}
	a.runs[run] = l
	a.order = append(a.order, l)
}

// committed is told of every batch that reached the store.
func (a *auditor) committed(b *store.Batch, r *store.Result) {
	l := a.runs[b.Run]
	a.w.tracef("store: run %d at %d, commit %x: %v", b.Run, b.Position, b.Commit, r.Outcome)
	if r.Outcome != store.OK {
		l.refused = l.refused || r.Outcome == store.NameTaken
		a.report.Refused++
		return
	}
	a.report.Commits++
	a.fence(l, b)
	if b.Head == nil {
		a.purge(l)
		return
	}
	if b.Create {
		a.create(l, b)
	}
	a.fold(l, b)
	a.move(l, b)
	a.maps(l, b)
	a.rows(l, b)
	a.messages(l, b)
	a.needs(l)
	a.snapshots(l, b)
	if l.head.Status.Closed() {
		a.closed(l, b)
	}
}

func (a *auditor) fence(l *ledger, b *store.Batch) {
	switch {
	case b.Create && l.created:
		a.w.fail("run %d is created a second time", b.Run)
	case b.Create:
	case !l.created:
		a.w.fail("run %d has a commit before it was created", b.Run)
	case l.purged:
		a.w.fail("run %d was purged and has a commit", b.Run)
	case b.Position != l.head.Position || b.Expect != l.head.Commit:
		a.w.fail("run %d: a batch that builds on %d/%x was carried out on %d/%x",
			b.Run, b.Position, b.Expect, l.head.Position, l.head.Commit)
	}
}

func (a *auditor) purge(l *ledger) {
	if !l.head.Status.Closed() {
		a.w.fail("run %d is purged while it is open", l.run)
	}
	a.w.tracef("run %d is purged", l.run)
	l.purged = true
	l.state, l.live, l.inbox = nil, nil, nil
}

func (a *auditor) create(l *ledger, b *store.Batch) {
	l.created = true
	a.report.Runs++
	a.open++
	program, info := a.w.library.of(b.Head)
	l.state = program.New(info)
	l.parent, l.hasParent = parentOf(b.Head)
	if !l.hasParent {
		return
	}
	if other := a.children[l.parent.parentTask]; other != nil && !other.purged {
		a.w.fail("runs %d and %d are children of the same task", other.run, l.run)
	}
	a.children[l.parent.parentTask] = l
	a.born(l)
}

// fold folds the batch's entry.
func (a *auditor) fold(l *ledger, b *store.Batch) {
	if b.Entry == nil {
		return
	}
	redrives := l.state.Result().Redrives
	e, err := core.ParseEntry(b.Entry)
	if err != nil {
		a.w.fail("run %d: entry %d: %v", l.run, b.Position, err)
	}
	if e.Commit != b.Commit || !e.At.Equal(b.Head.Last) || e.At.Before(l.head.Last) {
		a.w.fail("run %d: entry %d of commit %x at %v does not fit its head", l.run, b.Position, e.Commit, e.At)
	}
	for i, fact := range e.Facts {
		a.deletedSince(l, fact)
		if err := l.state.Apply(fact, e.At); err != nil {
			a.w.fail("run %d: entry %d, fact %d: %v", l.run, b.Position, i, err)
		}
	}
	if redriven := l.state.Result().Redrives; l.head.Status.Closed() && redriven == redrives {
		a.w.fail("run %d is closed and gets an entry", l.run)
	} else if redriven > l.redrives {
		a.w.fail("run %d was redriven %d times, and asked for %d times", l.run, redriven, l.redrives)
	} else if redriven > redrives {
		a.reopened(l, b.Head)
	}
	l.recount(b.Head.Position)
}

// reopened notes that a run was opened again, perhaps in the decision that has
// ended it. Its end belongs to another task from then on.
func (a *auditor) reopened(l *ledger, h *store.Head) {
	if a.report.Redrives++; l.head.Status.Closed() {
		a.open++
		l.reopened = true
	}
	if l.parent, l.hasParent = parentOf(h); l.hasParent {
		a.children[l.parent.parentTask] = l
	}
	if l.maps != nil {
		l.maps.redriven = true
	}
}

// move takes the head to the batch's.
func (a *auditor) move(l *ledger, b *store.Batch) {
	h := b.Head
	position := b.Position
	if b.Entry != nil {
		position++
	}
	status := store.Status(l.state.Result().Status)
	switch was := l.head; {
	case h.Position != position:
		a.w.fail("run %d: position %d follows %d", l.run, h.Position, b.Position)
	case h.Status != status:
		a.w.fail("run %d: its head says %d, its log %d", l.run, h.Status, status)
	case was.Status.Closed() && !l.reopened && (h.Status != was.Status || !h.Closed.Equal(was.Closed) || len(b.Send) > 0):
		a.w.fail("run %d is closed and goes on", l.run)
	case h.Incident != "":
		a.w.fail("run %d has an incident: %s", l.run, h.Incident)
	}
	l.head, l.reopened = *h.Canonical(), false
}

// rows keeps the queue rows, and checks that they are those of the log.
func (a *auditor) rows(l *ledger, b *store.Batch) {
	for _, r := range b.Dequeue {
		delete(l.queued, r.Task)
	}
	for _, r := range b.Enqueue {
		l.queued[r.Task] = r
		a.w.outside.news(r.Queue)
	}
	n := 0
	l.state.Outstanding(func(t *interpreter.Task, p interpreter.Phase) bool {
		if t.Delivery == interpreter.Pull && p == interpreter.Scheduled {
			n++
			if r, ok := l.queued[t.ID]; !ok || r.Queue != t.Resource {
				a.w.fail("run %d: task %d waits for a worker and is not in its queue", l.run, t.ID)
			}
		}
		return true
	})
	if n != len(l.queued) {
		a.w.fail("run %d has %d rows in queues and %d tasks that wait for a worker", l.run, len(l.queued), n)
	}
}

// messages checks what the batch sends and consumes.
func (a *auditor) messages(l *ledger, b *store.Batch) {
	for _, m := range b.Consume {
		task, there := l.inbox[m]
		if there && l.wants(task) {
			a.w.fail("run %d consumes the message of run %d, and task %d does not know", l.run, m.Source, task)
		}
		delete(l.inbox, m)
	}
	for _, m := range b.Send {
		to := a.runs[m.To]
		if m.Source != l.run || !l.hasParent || m.To != l.parent.run {
			a.w.fail("run %d sends a message to run %d as run %d", l.run, m.To, m.Source)
		}
		if to != nil && !to.purged {
			to.inbox[m.MessageID] = l.parent.task
		}
	}
}

// needs checks that an open run has what it needs to go on.
func (a *auditor) needs(l *ledger) {
	if !l.open() {
		if l.head.Owner != 0 || !l.head.Wake.IsZero() || len(l.queued) > 0 {
			a.w.fail("run %d is closed and has an owner, a wake-up or rows in queues", l.run)
		}
		return
	}
	wake := l.state.Wake()
	switch {
	case (l.state.Active() > 0 || l.state.Pending()) && l.head.Owner == 0:
		a.w.fail("run %d is at work and has no owner", l.run)
	case wake.IsZero():
	case l.head.Wake.IsZero():
		a.w.fail("run %d wants to be woken at %v and has no wake-up", l.run, wake)
	case l.head.Wake.After(wake) && !l.beats():
		a.w.fail("run %d wants to be woken at %v and has its wake-up at %v", l.run, wake, l.head.Wake)
	}
}

// snapshots checks that a snapshot is the fold of the log.
func (a *auditor) snapshots(l *ledger, b *store.Batch) {
	if b.Snapshot == nil {
		return
	}
	a.report.Snapshots++
	a.buffer = l.state.Snapshot(a.buffer[:0])
	if !bytes.Equal(a.buffer, b.Snapshot) || l.head.SnapshotAt != l.head.Position {
		a.w.fail("run %d: the snapshot at %d is not the fold of the log", l.run, l.head.SnapshotAt)
	}
	a.restores(l, b.Snapshot)
	l.folded = true
}

// restores checks that a snapshot of the state gives that state, and one that has
// as much to do.
func (a *auditor) restores(l *ledger, snapshot []byte) {
	program, info := a.w.library.of(&l.head)
	if restored, err := program.Restore(info, snapshot); err != nil || !sameTasks(restored, l.state) || !a.sameState(restored, l.state) || restored.Pending() != l.state.Pending() {
		a.w.fail("run %d: a snapshot at %d gives another state than the log: %v", l.run, l.head.Position, err)
	}
}

// closed checks how a run ended, once.
func (a *auditor) closed(l *ledger, b *store.Batch) {
	if b.Entry == nil {
		return
	}
	a.open--
	l.closedAt = a.w.now
	r := l.state.Result()
	a.w.tracef("run %d ends: %v", l.run, r.Status)
	if l.hasParent && l.parent.notify && len(b.Send) != 1 {
		a.w.fail("run %d ends and does not tell run %d", l.run, l.parent.run)
	}
	if l.ended = r.Status; l.machine.role == mapItemOfIt {
		a.itemClosed(l)
	}
	if l.maps != nil {
		a.mapRunClosed(l)
		return
	}
	if r.Status == interpreter.Aborted && l.stopped || r.Status == interpreter.TimedOut && l.machine.timed {
		return
	}
	if l.deleted {
		a.endsDeleted(l, r)
		return
	}
	if want := a.w.library.ideal(l.machine, l.input); !sameResult(r, want) {
		a.w.fail("run %d of %s ends with %s, in an ideal world with %s", l.run, l.machine.name, show(r), show(want))
	}
}

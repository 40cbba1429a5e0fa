package core

import (
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// A snapshot is written when the tail of the log since the last one has at least
// snapshotFloor bytes and snapshotRatio times those of the state. So snapshots
// add a fraction to what is written, and loading a run stays linear in its state.
const (
	snapshotFloor = 64 << 10
	snapshotRatio = 4
)

// ErrIncident answers what was asked of a run that an incident has stopped.
var ErrIncident = errors.New("execution is stopped by an incident")

// decide carries out what waits in a ready mailbox and makes a batch of it.
func (c *Core) decide(b *mailbox) {
	c.current = b
	c.env.Now = c.now
	if b.head.Last.After(c.now) {
		c.env.Now = b.head.Last
	}
	if b.head.Incident != "" {
		if !b.resuming() {
			c.refuseIncident(b)
			return
		}
		b.reissue, b.orphaned = true, true
	}
	d := &c.decision
	d.Reset()
	if !b.hesitates() {
		b.regain()
	}
	c.takeOver(b)
	if b.adopt && !c.settleEarly(b, d) {
		return
	}
	taken, consumed, sorted := 0, 0, false
	for taken < len(b.queue) && !(taken > 0 && d.Full(&c.limits)) {
		if !sorted && b.hesitates() {
			c.putOff(b, taken)
			sorted = true
			continue
		}
		it := &b.queue[taken]
		taken++
		if it.kind == message {
			consumed++
		}
		if fault := c.guard(b, func() { c.carryOut(b, it, d) }); fault != "" {
			c.incident(b, fault)
			return
		}
		if it.changes() || b.stopped() {
			break
		}
	}
	if b.orphaned && !c.settleEarly(b, d) {
		return
	}
	if d.Facts() == 0 && consumed == 0 && !b.creating && !b.adopt && b.head.Incident == "" && !c.wakeIsLost(b) {
		c.nothingToCommit(b, taken)
		return
	}
	c.propose(b, taken, d)
}

// stopped reports whether what was decided closes a run that an incident had stopped: what
// has caused that may come next, and must not take the stop with it.
func (b *mailbox) stopped() bool { return b.head.Incident != "" && b.run.Result().Status.Closed() }

// guard runs f and turns a panic into the text of an incident.
func (c *Core) guard(b *mailbox, f func()) (fault string) {
	defer func() {
		if p := recover(); p != nil {
			fault = fmt.Sprintf("panic in the interpreter: %v\n%s", p, debug.Stack())
		}
	}()
	f()
	return ""
}

// carryOut decides one item.
func (c *Core) carryOut(b *mailbox, it *item, d *interpreter.Decision) {
	switch it.kind {
	case beat:
		it.outcome = c.beat(b, it.task)
	case resume:
		b.reissue, b.orphaned = true, true // also without an incident
		it.outcome = b.run.Decide(&c.env, interpreter.Recover{}, d)
	case message:
		cmd, err := c.cfg.Mail(*it.msg)
		if err != nil {
			panic(fmt.Sprintf("message %d of run %d cannot be read: %v", it.msg.ID, it.msg.Source, err))
		}
		it.outcome = b.run.Decide(&c.env, cmd, d)
	case command:
		if it.refused(&b.head) {
			it.outcome = interpreter.Closed
			return
		}
		if started, ok := it.cmd.(interpreter.TaskStarted); ok {
			it.handed, _ = b.run.Task(started.ID)
		}
		it.outcome = b.run.Decide(&c.env, it.cmd, d)
	}
}

func (c *Core) beat(b *mailbox, task uint64) interpreter.Outcome {
	if b.run.Result().Status.Closed() {
		return interpreter.Closed
	}
	t, _ := b.run.Task(task)
	if t == nil {
		return interpreter.NoTask
	}
	if t.Heartbeat > 0 {
		of := c.beats[b.id]
		if of == nil {
			of = map[uint64]time.Time{}
			c.beats[b.id] = of
		}
		if n := len(of); n >= fewBeats && n&(n-1) == 0 { // seldom while they grow in number
			maps.DeleteFunc(of, func(id uint64, _ time.Time) bool { t, _ := b.run.Task(id); return t == nil })
		}
		of[task] = c.now
	}
	return interpreter.Done
}

// fewBeats is how many tasks of a run may have been heard of, at least, before those
// that have ended are forgotten.
const fewBeats = 16

// wakeIsLost reports whether the run's wake-up is neither in memory nor where
// the store has it, so that it has to be written.
func (c *Core) wakeIsLost(b *mailbox) bool {
	at := b.run.Wake()
	return !at.IsZero() && !at.Equal(b.head.Wake) && !at.Before(c.horizon)
}

// nothingToCommit answers items that changed nothing. What they were told rests
// on durable facts, for no commit is under way.
func (c *Core) nothingToCommit(b *mailbox, taken int) {
	if c.cfg.Shared && b.doubtful(taken) {
		c.read(b)
		return
	}
	for i := range taken {
		c.answer(&b.queue[i], nil)
	}
	c.drop(b, taken)
	c.arm(b)
	c.reissue(b)
	c.settle(b)
}

// drop removes the first n items of the queue, which are done with.
func (c *Core) drop(b *mailbox, n int) {
	c.letGo(b, b.queue[:n])
	b.shift(n)
}

// shift takes the first n items off the queue.
func (b *mailbox) shift(n int) {
	rest := copy(b.queue, b.queue[n:])
	clear(b.queue[rest:])
	b.queue = b.queue[:rest]
}

// settle looks at what a mailbox has to do after something ended. A run that is not
// at the end of what it can do by itself is told to go on after whatever waits: else
// one that loops for ever could not be stopped.
func (c *Core) settle(b *mailbox) {
	if b.run != nil && b.run.Pending() {
		b.queue = append(b.queue, item{kind: command, cmd: interpreter.Continue{}})
	}
	c.touch(b)
}

// propose makes the batch of what was decided.
func (c *Core) propose(b *mailbox, taken int, d *interpreter.Decision) {
	p := c.newProposal(b)
	if taken == len(b.queue) {
		p.items, b.queue = b.queue, p.items
	} else {
		p.items = append(p.items, b.queue[:taken]...)
		b.shift(taken)
	}
	p.effects = withoutPairs(append(p.effects, d.Effects...))
	b.phase = committing
	p.next = b.head
	p.batch = store.Batch{
		Run:      b.id,
		Create:   b.creating,
		Position: b.head.Position,
		Expect:   b.head.Commit,
		Commit:   store.CommitID(c.rand.Uint64() | 1),
		Head:     &p.next,
	}
	c.nextHead(b, d)
	p.rows()
	c.out.Commits, c.out.Transitions = append(c.out.Commits, p.batch), append(c.out.Transitions, d.Transitions)
	c.decided += p.batch.Bytes()
}

// nextHead fills in the new head, the entry and the snapshot of the batch.
func (c *Core) nextHead(b *mailbox, d *interpreter.Decision) {
	batch, h := &b.proposal.batch, &b.proposal.next
	h.Commit = batch.Commit
	h.Incident = ""
	if b.creating {
		h.Started = c.env.Now
	}
	if d.Facts() > 0 {
		batch.Entry = appendEntry(nil, h.Commit, c.env.Now, d)
		h.Position++
		h.Last = c.env.Now
		h.TailBytes += uint64(len(batch.Entry))
	}
	result := b.run.Result()
	if reopened(h, result) {
		h.Status, h.Closed, h.Attributes = store.Status(interpreter.Running), zeroTime, withChanges(withRedrives(h.Attributes, result), b.proposal.items)
	}
	if result.Status.Closed() {
		c.closeHead(b, result)
		return
	}
	h.Owner = 0
	if b.run.Active() > 0 || b.run.Pending() {
		h.Owner = c.cfg.Node
	}
	wake := b.run.Wake()
	if early := h.Wake; early.IsZero() || wake.IsZero() || wake.Before(early) || !wake.Before(c.horizon) {
		h.Wake = wake
	} // else the store may wake it too early: cheaper than to move the row with every task
	if h.TailBytes >= snapshotFloor && h.TailBytes >= snapshotRatio*uint64(b.run.Size()) && d.Facts() > 0 {
		b.snapshot()
	}
}

// snapshot puts a snapshot of the decided state into the batch.
func (b *mailbox) snapshot() {
	p := b.proposal
	p.batch.Snapshot = b.run.Snapshot(nil)
	p.next.SnapshotAt, p.next.TailBytes = p.next.Position, 0
}

func (c *Core) closeHead(b *mailbox, result interpreter.Result) {
	batch, h := &b.proposal.batch, &b.proposal.next
	h.Owner, h.Wake = 0, zeroTime
	if h.Closed.IsZero() {
		h.Status = store.Status(result.Status)
		h.Closed = c.env.Now
		if c.cfg.Farewell != nil {
			batch.Send = c.cfg.Farewell(b.id, h, b.info, result)
		}
		if h.SnapshotAt > 0 && batch.Entry != nil { // a closed run is small: what was written for the open one goes
			b.snapshot()
		}
	}
}

// rows fills in the queue rows and the consumed messages of the batch.
func (p *proposal) rows() {
	b := &p.batch
	for _, e := range p.effects {
		switch e := e.(type) {
		case interpreter.Invoke:
			if e.Task.Delivery == interpreter.Pull {
				b.Enqueue = append(b.Enqueue, queueRow(b.Run, e.Task))
			}
		case interpreter.Cancel:
			if e.Task.Delivery == interpreter.Pull {
				b.Dequeue = append(b.Dequeue, queueRow(b.Run, e.Task))
			}
		}
	}
	for i := range p.items {
		it := &p.items[i]
		if it.kind == message {
			b.Consume = append(b.Consume, it.msg.MessageID)
		}
		if it.handed != nil && it.outcome == interpreter.Done {
			b.Dequeue = append(b.Dequeue, queueRow(b.Run, it.handed))
		}
	}
}

func queueRow(run store.RunID, t *interpreter.Task) store.QueueRow {
	return store.QueueRow{Queue: t.Resource, At: t.ScheduledAt, Run: run, Task: t.ID}
}

// withoutPairs removes tasks that were scheduled and cancelled in one decision:
// nobody has seen them.
func withoutPairs(effects []interpreter.Effect) []interpreter.Effect {
	var cancelled map[uint64]bool
	for _, e := range effects {
		if e, ok := e.(interpreter.Cancel); ok {
			if cancelled == nil {
				cancelled = map[uint64]bool{}
			}
			cancelled[e.Task.ID] = true
		}
	}
	if cancelled == nil {
		return effects
	}
	kept, struck := effects[:0], map[uint64]bool{}
	for _, e := range effects {
		switch e := e.(type) {
		case interpreter.Invoke:
			if cancelled[e.Task.ID] {
				struck[e.Task.ID] = true
				continue
			}
		case interpreter.Cancel:
			if struck[e.Task.ID] {
				continue
			}
		}
		kept = append(kept, e)
	}
	clear(effects[len(kept):])
	return kept
}

package core

import (
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// ErrNotFound answers what was asked of a run that does not exist.
var ErrNotFound = errors.New("no such execution")

// Loaded gives the log of a run that Take had asked for.
func (c *Core) Loaded(l *Loaded) {
	b := c.boxes[l.Run]
	if b == nil || b.phase != loading {
		return
	}
	c.withOutput(func() {
		switch {
		case l.Log == nil && l.Reason != "":
			c.unreadable(b, l.Reason)
			return
		case l.Log == nil:
			c.gone(b)
			return
		}
		b.phase, b.checked = ready, false
		for i := range b.queue[:b.asked] {
			b.queue[i].confirmed = true
		}
		b.head = *l.Log.Head
		b.info = l.Info
		b.info.Limits = &c.limits
		c.keepAll(b, l.Log.Inbox)
		b.mail.rescued = false
		if b.adopt && (b.head.Status.Closed() || b.head.Incident != "") {
			b.adopt = false // it ended, or was stopped, before its owner died
		}
		c.fold(b, l)
	})
}

// fold makes the state of what was read.
func (c *Core) fold(b *mailbox, l *Loaded) {
	seen := false
	fault := l.Reason
	if l.Program != nil {
		fault = c.guard(b, func() {
			var err error
			if seen, err = c.replay(b, l); err != nil {
				panic(err)
			}
		})
	}
	c.current = b
	c.env.Now = c.now
	if fault != "" {
		c.incident(b, fault)
		return
	}
	if b.adopt {
		b.reissue = true
	}
	if seen {
		c.alreadyDone(b)
		c.follow(b, nil)
	}
	b.lost, b.lostSize = 0, 0
	delete(c.stops, b.id)
	c.arm(b)
	c.touch(b)
}

// replay folds snapshot and entries, and reports whether the lost attempt is
// among them.
func (c *Core) replay(b *mailbox, l *Loaded) (seen bool, err error) {
	if l.Log.Snapshot != nil {
		if b.run, err = l.Program.Restore(b.info, l.Log.Snapshot); err != nil {
			return false, fmt.Errorf("snapshot: %w", err)
		}
	} else {
		b.run = l.Program.New(b.info)
	}
	for i, data := range l.Log.Entries {
		e, err := ParseEntry(data)
		if err != nil {
			return false, fmt.Errorf("entry %d: %w", l.Log.Head.SnapshotAt+uint64(i), err)
		}
		if b.lost != 0 && e.Commit == b.lost {
			seen = true
		}
		for n, fact := range e.Facts {
			if err := b.run.Apply(fact, e.At); err != nil {
				return false, fmt.Errorf("entry %d, fact %d: %w", l.Log.Head.SnapshotAt+uint64(i), n, err)
			}
		}
	}
	return seen, nil
}

// alreadyDone answers the items of an attempt that turned out to be committed.
func (c *Core) alreadyDone(b *mailbox) {
	for i := range b.lostSize {
		c.answer(&b.queue[i], nil)
	}
	c.drop(b, b.lostSize)
}

// gone answers everything that waits for a run which does not exist.
func (c *Core) gone(b *mailbox) {
	mail := b.checked || b.mail.more
	b.regain()
	for i := range b.queue {
		mail = mail || b.queue[i].kind == message
		c.answer(&b.queue[i], ErrNotFound)
	}
	if mail {
		c.out.Discards = append(c.out.Discards, b.id)
	}
	c.timers.clear(b.id)
	delete(c.stops, b.id)
	c.forget(b)
}

// unreadable lets a run be of which not even the head can be read.
func (c *Core) unreadable(b *mailbox, reason string) {
	c.stopped(Incident{Run: b.id, What: reason})
	b.regain()
	for i := range b.queue {
		c.answer(&b.queue[i], ErrIncident)
	}
	c.timers.clear(b.id)
	c.forget(b)
}

// stopped notes that a run cannot go on, and tells of it the first time.
func (c *Core) stopped(i Incident) {
	if !c.stops[i.Run] {
		c.stops[i.Run] = true
		c.out.Incidents = append(c.out.Incidents, i)
	}
}

// left reports whether messages to a run are left in its inbox: it cannot go on, and
// whoever resumes it reads them.
func (c *Core) left(run store.RunID) bool {
	return c.stops[run] && c.boxes[run] == nil && !c.cfg.Shared // else another node may have resumed it
}

// resuming reports whether somebody asks to take the run up again, or to stop it: else
// one that meets its fault again whenever it is resumed would be open for ever.
func (b *mailbox) resuming() bool {
	for i := range b.queue {
		it := &b.queue[i]
		if _, stop := it.cmd.(interpreter.Stop); it.kind == resume || stop && !it.refused(&b.head) {
			return true
		}
	}
	return false
}

// refuseIncident answers what cannot be done while an incident stands. Messages
// stay in the inbox.
func (c *Core) refuseIncident(b *mailbox) {
	c.stops[b.id] = true
	b.regain()
	for i := range b.queue {
		c.answer(&b.queue[i], ErrIncident)
	}
	c.drop(b, len(b.queue))
	b.reissue = false
	c.timers.clear(b.id)
	c.forget(b)
}

// incident stops a run: its head says why, nobody owns it and nothing wakes it.
// What was decided is dropped; what the store has stays as it is.
func (c *Core) incident(b *mailbox, what string) {
	what = what[:min(len(what), store.MaxIncident)]
	c.stopped(Incident{Run: b.id, Execution: b.info.ExecutionARN, What: what})
	b.regain()
	for i := range b.queue {
		c.answer(&b.queue[i], ErrIncident)
	}
	c.drop(b, len(b.queue))
	b.mail.more = false // whoever resumes it reads them
	c.timers.clear(b.id)
	if b.creating {
		delete(c.stops, b.id) // there is nothing durable to stop
	}
	if b.creating || b.head.Incident != "" {
		c.forget(b)
		return
	}
	b.run = nil
	b.adopt, b.reissue = false, false
	b.phase = committing
	p := c.newProposal(b)
	p.next = b.head
	p.next.Commit = store.CommitID(c.rand.Uint64() | 1)
	p.next.Incident, p.next.Owner, p.next.Wake = what, 0, zeroTime
	p.batch = store.Batch{Run: b.id, Position: b.head.Position, Expect: b.head.Commit, Commit: p.next.Commit, Head: &p.next}
	c.out.Commits = append(c.out.Commits, p.batch)
}

package core

import (
	"maps"
	"slices"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

var zeroTime time.Time

// Committed gives the result of a batch that Take had given out. A batch whose
// answer was lost must be sent again, as it is, until there is a result or the
// store has failed. A batch from before a failure (see Failed) is nobody's any more.
func (c *Core) Committed(batch *store.Batch, r store.Result) {
	b := c.awaiting(batch)
	if b == nil {
		return
	}
	switch r.Outcome {
	case store.OK:
		c.succeeded(b)
	case store.NameTaken:
		c.nameTaken(b, r.Run)
	case store.Stale:
		if r.Head != nil && r.Head.Commit == b.proposal.batch.Commit {
			c.succeeded(b) // it was ours: the answer had been lost
		} else {
			c.refused(b, r.Head != nil)
		}
	}
}

// awaiting is the mailbox that waits for what becomes of the batch, nil if none does.
func (c *Core) awaiting(batch *store.Batch) *mailbox {
	b := c.boxes[batch.Run]
	if b == nil || b.phase != committing || b.proposal.batch.Commit != batch.Commit {
		return nil
	}
	return b
}

// Failed says that the store can commit nothing any more. Everything that waits
// in this core is answered with err; nothing of it is known to be durable.
func (c *Core) Failed(err error) {
	for _, run := range slices.Sorted(maps.Keys(c.boxes)) { // the order of answers is not left to chance
		b := c.boxes[run]
		for _, items := range [3][]item{b.underWay(), b.queue, b.mail.held} {
			for i := range items {
				if items[i].ticket != nil {
					c.early = append(c.early, Answer{Ticket: items[i].ticket, Err: err})
				}
			}
		}
		b.show(Sight{})
	}
	// The mailboxes are not used again: batches under way still refer to them.
	clear(c.boxes)
	clear(c.dirty)
	c.dirty, c.cache, c.mail, c.weight = c.dirty[:0], cache{limit: c.cache.limit}, mail{limit: c.mail.limit}, 0
}

// succeeded releases what the commit justifies.
func (c *Core) succeeded(b *mailbox) {
	c.withOutput(func() {
		p := b.proposal
		before, _ := Redrives(&b.head)
		after, _ := Redrives(&p.next)
		ended := p.next.Status.Closed() && (!b.head.Status.Closed() || after > before)
		if c.cfg.TellOpened && (b.creating || after > before) {
			c.out.Opened = append(c.out.Opened, p.next.Machine)
		}
		b.head = p.next
		b.creating, b.adopt = false, false
		b.phase = ready
		b.show(b.sight())
		c.current = b
		c.env.Now = b.head.Last
		c.giveOut(b, p.effects)
		for i := range p.items {
			c.answer(&p.items[i], nil)
		}
		c.out.Mail = append(c.out.Mail, p.batch.Send...)
		if p.batch.Entry != nil {
			c.follow(b, p.batch.Entry)
		}
		c.letGo(b, p.items)
		c.endProposal(b)
		if ended {
			c.closed(b)
			return
		}
		if b.head.Incident != "" { // whoever comes next has to read the log again
			b.phase, b.run = absent, nil
			c.touch(b)
			return
		}
		c.arm(b)
		c.reissue(b)
		c.settle(b)
	})
}

// follow tells of the last entry of a run that somebody follows.
func (c *Core) follow(b *mailbox, entry []byte) {
	if b.info.Followed {
		c.out.Followed = append(c.out.Followed, Followed{Run: b.id, Head: b.head, Position: b.head.Position - 1, Entry: entry})
	}
}

// withOutput lets Committed write to an Output before Take: the effects wait in
// pending until then.
func (c *Core) withOutput(f func()) {
	if c.out != nil {
		f()
		return
	}
	c.out = &c.pending
	f()
	c.out = nil
}

// giveOut turns the decided effects into output.
func (c *Core) giveOut(b *mailbox, effects []interpreter.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case interpreter.Invoke:
			if e.Task.Delivery == interpreter.Pull {
				c.out.Queues = append(c.out.Queues, e.Task.Resource)
			} else {
				c.invoke(b, e.Task)
			}
		case interpreter.Cancel:
			c.out.Effects = append(c.out.Effects, Effect{Run: b.id, Task: e.Task, Info: &b.info, Cancel: true})
		}
	}
}

// invoke puts the start of a task into the output.
func (c *Core) invoke(b *mailbox, t *interpreter.Task) {
	c.out.Effects = append(c.out.Effects, Effect{Run: b.id, Task: t, Info: &b.info, TraceHeader: b.run.TraceHeader()})
}

// reissue gives the outstanding tasks of a freshly folded state out again, once
// nothing waits any more that could end them.
func (c *Core) reissue(b *mailbox) {
	if len(b.queue) > 0 || b.mail.expects() && !b.mayReissue() {
		return
	}
	if b.mail.expects() {
		c.rescue(b)
		return
	}
	b.orphaned = false // also where it is adopted by whom it belongs to, who is at work on the tasks
	if !b.reissue {
		return
	}
	b.reissue = false
	b.run.Outstanding(func(t *interpreter.Task, p interpreter.Phase) bool {
		if t.Delivery == interpreter.Push && p == interpreter.Scheduled {
			c.invoke(b, t)
		}
		return true
	})
}

// mayReissue reports whether tasks can be given out again: nothing waits any more
// that could end them, or the run waits for some of them to make room for the rest.
func (b *mailbox) mayReissue() bool {
	return !b.mail.expects() || !b.mail.rescued && b.hesitates()
}

// rescue gives those tasks out again that a hesitating run waits for.
func (c *Core) rescue(b *mailbox) {
	if !b.reissue {
		return
	}
	b.mail.rescued = true
	run := b.run.(interpreter.Hesitant)
	b.run.Outstanding(func(t *interpreter.Task, p interpreter.Phase) bool {
		if t.Delivery == interpreter.Push && p == interpreter.Scheduled && !run.Defers(interpreter.TaskSucceeded{ID: t.ID}) {
			c.invoke(b, t)
		}
		return true
	})
}

// closed lets a run go that has ended. Commands that came meanwhile are told.
func (c *Core) closed(b *mailbox) {
	c.out.Closed = append(c.out.Closed, Closed{Run: b.id, Head: b.head, Result: b.run.Result()})
	c.timers.clear(b.id)
	delete(c.beats, b.id)
	if len(b.queue) > 0 || b.check || b.mail.expects() {
		c.touch(b)
		return
	}
	c.forget(b)
}

func (c *Core) nameTaken(b *mailbox, by store.RunID) {
	c.withOutput(func() {
		for i := range b.proposal.items {
			c.answer(&b.proposal.items[i], &NameTaken{Run: by})
		}
		for i := range b.queue {
			c.answer(&b.queue[i], ErrNotFound)
		}
		c.forget(b)
	})
}

// withdraw puts the items of a proposal back to the head of the queue.
func (c *Core) withdraw(b *mailbox) {
	b.queue = slices.Concat(b.proposal.items, b.queue)
	c.endProposal(b)
}

// refused drops the state: it will be folded again from what is durable. The
// items go back to the head of the queue.
func (c *Core) refused(b *mailbox, exists bool) {
	b.show(Sight{})
	if !exists {
		c.withdraw(b)
		c.withOutput(func() { c.gone(b) })
		return
	}
	p := b.proposal
	b.lost, b.lostSize = p.batch.Commit, len(p.items)
	if p.batch.Entry == nil {
		b.lostSize = 0 // without an entry there is no trace to look for, and no harm in doing it again
	}
	c.withdraw(b)
	b.run = nil
	b.phase, b.creating, b.reissue = absent, false, true
	c.touch(b)
}

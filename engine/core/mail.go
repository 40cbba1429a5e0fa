package core

import (
	"slices"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Messages of other runs lie in the receiver's inbox until the receiver's commit
// consumes them. What a core holds of them in memory is bounded in bytes, over all
// its mailboxes: a message that comes is kept if there is room, else the mailbox
// notes that its inbox has more, and the beginning of the inbox is read once none of
// its messages is in memory. So a page never has what is being decided, and pages
// need no cursor: what was consumed is gone.
//
// A run may have no room for results (interpreter.Hesitant). Its messages are dropped
// from memory then, for they would hold up those of other runs; they are read again
// when it has room. Results of its own calls, which are nowhere else, are held aside.
//
// Tasks of a state that was folded anew are given out again only when the inbox is
// empty: the end of one may lie in it, and the child be purged that would be found by
// starting it again. But a run that hesitates is given those whose results it would
// take, for it waits for one of them. And where somebody else has consumed what was
// expected, the state is old, and the log is read anew first.

// mail is what a core holds of messages.
type mail struct {
	limit int // 0 for none
	bytes int // of those in mailboxes
	asked int // pages under way
	// waiting are the runs that a page is to be read for when there is room.
	waiting []store.RunID
}

// letters are the messages of a mailbox.
type letters struct {
	n int // in the queue, or being consumed
	// more: the inbox may have some that are not in memory. reading: its beginning is
	// being read. waiting: it is to be read when there is room.
	more, reading, waiting bool
	// known are the ids of the n, nil while they are few.
	known map[store.MessageID]struct{}
	// held are results of tasks that the run does not take at the moment.
	held []item
	// rescued: the tasks that a hesitating run waits for were given out again.
	rescued bool
}

// few is how many messages are looked through one by one.
const few = 16

// Fetch is the beginning of an inbox that is to be read.
type Fetch struct {
	Run   store.RunID
	Bytes int // see store.Runs.Inbox
}

// pageBytes is how much of an inbox is read at once.
func (m *mail) pageBytes() int {
	if m.limit <= 0 {
		return 1 << 20
	}
	return max(1, m.limit/4)
}

// room reports whether so many bytes more may be held.
func (m *mail) room(size int) bool {
	expected := m.bytes + m.asked*m.pageBytes()
	return m.limit <= 0 || expected == 0 || expected+size <= m.limit
}

// Deliver notes a message that lies in the inbox of a run.
func (c *Core) Deliver(m store.Message) {
	if c.left(m.To) {
		return
	}
	b := c.box(m.To)
	switch {
	case b.has(m.MessageID):
	case b.mail.more || b.mail.reading || !c.mail.room(m.Size()):
		b.mail.more = true
		c.touch(b)
	default:
		c.keep(b, &m)
		c.touch(b)
	}
}

// Mail notes that there are messages in the inbox of a run.
func (c *Core) Mail(run store.RunID) {
	if c.left(run) {
		return
	}
	b := c.box(run)
	b.mail.more = true
	c.touch(b)
}

// Fetched gives the beginning of an inbox that Take had asked for.
func (c *Core) Fetched(run store.RunID, in store.Inbox) {
	c.mail.asked = max(0, c.mail.asked-1)
	b := c.boxes[run]
	if b == nil || !b.mail.reading {
		return
	}
	b.mail.reading = false
	if len(in.Messages) == 0 && b.reissue && c.cfg.Shared {
		b.check = true
	}
	c.keepAll(b, in)
	c.touch(b)
}

// keepAll takes the beginning of an inbox: what there is room for.
func (c *Core) keepAll(b *mailbox, in store.Inbox) {
	b.mail.more = b.mail.more || in.More
	for i := range in.Messages {
		m := &in.Messages[i]
		if b.has(m.MessageID) {
			continue
		}
		if b.mail.n > 0 && !c.mail.room(m.Size()) {
			b.mail.more = true
			return
		}
		c.keep(b, m)
	}
}

// keep puts a message into the queue.
func (c *Core) keep(b *mailbox, m *store.Message) {
	c.mail.bytes += m.Size()
	b.mail.n++
	if b.mail.known != nil {
		b.mail.known[m.MessageID] = struct{}{}
	}
	if b.queue == nil {
		b.queue = c.queues.take()
	}
	b.queue = append(b.queue, item{kind: message, msg: m})
}

// letGo counts the messages among the items out, which are in memory no longer.
func (c *Core) letGo(b *mailbox, items []item) {
	for i := range items {
		if items[i].kind != message {
			continue
		}
		c.mail.bytes -= items[i].msg.Size()
		if b.mail.n--; b.mail.n == 0 {
			b.mail.known = nil
		} else if b.mail.known != nil {
			delete(b.mail.known, items[i].msg.MessageID)
		}
	}
}

// has reports whether a message waits in the mailbox or is being consumed.
func (b *mailbox) has(id store.MessageID) bool {
	if b.mail.known == nil && b.mail.n > few {
		b.mail.known = make(map[store.MessageID]struct{}, 2*b.mail.n)
		for m := range b.messages {
			b.mail.known[m.MessageID] = struct{}{}
		}
	}
	if b.mail.known != nil {
		_, known := b.mail.known[id]
		return known
	}
	for m := range b.messages {
		if m.MessageID == id {
			return true
		}
	}
	return false
}

// messages are those that wait or are being consumed.
func (b *mailbox) messages(yield func(*store.Message) bool) {
	if b.mail.n == 0 {
		return
	}
	for _, items := range [2][]item{b.queue, b.underWay()} {
		for i := range items {
			if items[i].kind == message && !yield(items[i].msg) {
				return
			}
		}
	}
}

// expects reports whether something is to come that is not in the queue.
func (l *letters) expects() bool { return l.more || l.reading || len(l.held) > 0 }

// fetch has the beginning of the inbox read, if nothing of it is in memory.
func (c *Core) fetch(b *mailbox) {
	switch l := &b.mail; {
	case !l.more || l.reading || l.n > 0 || b.hesitates():
	case c.mail.room(c.mail.pageBytes()):
		l.more, l.reading = false, true
		c.mail.asked++
		c.out.Fetches = append(c.out.Fetches, Fetch{Run: b.id, Bytes: c.mail.pageBytes()})
	case !l.waiting:
		l.waiting = true
		c.mail.waiting = append(c.mail.waiting, b.id)
	}
}

// admit lets those go on that wait for room. It reports whether there were any.
func (c *Core) admit() bool {
	m := &c.mail
	n := 0
	for ; n < len(m.waiting) && (n == 0 || m.bytes+m.asked > 0) && m.room((n+1)*m.pageBytes()); n++ {
		if b := c.boxes[m.waiting[n]]; b != nil && b.mail.waiting {
			b.mail.waiting = false
			c.touch(b)
		}
	}
	m.waiting = slices.Delete(m.waiting, 0, n)
	return n > 0
}

// hesitates reports whether the run takes no results of some tasks at the moment.
func (b *mailbox) hesitates() bool {
	h, ok := b.run.(interpreter.Hesitant)
	return ok && h.Hesitates()
}

// putOff takes what a hesitating run does not take now out of the queue, from there on.
func (c *Core) putOff(b *mailbox, from int) {
	run := b.run.(interpreter.Hesitant)
	rest := b.queue[:from]
	for i := from; i < len(b.queue); i++ {
		switch it := &b.queue[i]; {
		case it.kind == message:
			c.letGo(b, b.queue[i:i+1])
			b.mail.more = true
		case it.kind == command && run.Defers(it.cmd):
			b.mail.held = append(b.mail.held, *it)
		default:
			rest = append(rest, *it)
		}
	}
	clear(b.queue[len(rest):])
	b.queue = rest
}

// regain puts what was held aside to the head of the queue.
func (b *mailbox) regain() {
	if len(b.mail.held) > 0 {
		b.queue = slices.Concat(b.mail.held, b.queue)
		b.mail.held = nil
	}
}

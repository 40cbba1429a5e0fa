package core

import (
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// phase of a mailbox.
type phase uint8

const (
	absent     phase = iota // nothing but the queue is known
	loading                 // the log is being read
	ready                   // the folded state is here and durable
	committing              // a batch is under way
)

// mailbox owns the mutable state of one run while it is in memory.
type mailbox struct {
	id    store.RunID
	phase phase
	dirty bool

	run  interpreter.Run
	info interpreter.Info
	head store.Head // durable

	queue []item
	// creating: there is no head yet. adopt: to be taken over after loading.
	// reissue: the state was folded anew, so outstanding tasks have to be given
	// out again as soon as what waits is decided.
	// orphaned: until they are given out again, nobody may be at work on the tasks.
	// check: the log has to be read anew. checked: it is being read for that
	// reason. asked: how many items waited when the log was asked for.
	creating, adopt, reissue, orphaned, check, checked bool
	asked                                              int

	proposal *proposal // nil but while committing
	// lost is the attempt whose fate is to be read off the log after a refusal.
	lost     store.CommitID
	lostSize int // how many items at the head of the queue belong to it

	mail letters
	// looks wait for the end of the commit that is under way.
	looks []func(Sight)

	// Links of the cache's list, and the size that it has counted.
	newer, older *mailbox
	cached       bool
	size         int64
	weight       int64 // what Core.weight has of it
}

// proposal is what a mailbox has decided and is committing.
type proposal struct {
	batch   store.Batch
	next    store.Head
	items   []item
	effects []interpreter.Effect
}

// underWay are the items that are being committed.
func (b *mailbox) underWay() []item {
	if b.proposal == nil {
		return nil
	}
	return b.proposal.items
}

// itemKind says what an item of a mailbox's queue is.
type itemKind uint8

const (
	command itemKind = iota
	message          // of another run, in the inbox
	beat             // a heartbeat
	resume           // after an incident
)

// item is one input that waits in a mailbox.
type item struct {
	kind    itemKind
	outcome interpreter.Outcome
	// confirmed: the log was read after the item had come.
	confirmed bool
	cmd       interpreter.Command
	msg       *store.Message // of a message
	task      uint64         // of a beat
	ticket    Ticket
	handed    *interpreter.Task
	only      *Condition // nil for none
}

// box returns the mailbox of a run, an absent one if there is none yet.
func (c *Core) box(run store.RunID) *mailbox {
	if b := c.boxes[run]; b != nil {
		return b
	}
	return c.newBox(run)
}

func (c *Core) newBox(run store.RunID) *mailbox {
	b := c.free.take()
	if b == nil {
		b = &mailbox{}
	}
	b.id = run
	c.boxes[run] = b
	return b
}

// forget drops a mailbox. What waits in it must have been answered.
func (c *Core) forget(b *mailbox) {
	b.show(Sight{})
	c.cache.remove(b)
	delete(c.boxes, b.id)
	c.letGo(b, b.underWay())
	c.letGo(b, b.queue)
	c.weigh(b, 0)
	clear(b.queue)
	c.giveQueue(b)
	c.endProposal(b)
	*b = mailbox{dirty: b.dirty}
	if !b.dirty {
		c.free.give(b)
	}
}

func (c *Core) enqueue(b *mailbox, it item) {
	if b.queue == nil {
		b.queue = c.queues.take()
	}
	b.queue = append(b.queue, it)
	c.touch(b)
}

// touch has a mailbox looked at in the next Take.
func (c *Core) touch(b *mailbox) {
	c.cache.remove(b)
	if !b.dirty {
		b.dirty = true
		c.dirty = append(c.dirty, b)
	}
}

// advance does what the mailbox can do now.
func (c *Core) advance(b *mailbox) {
	if c.boxes[b.id] != b {
		return // it was forgotten since
	}
	switch b.phase {
	case absent:
		if len(b.queue) > 0 || b.adopt || b.check || b.mail.expects() {
			c.read(b)
		} else {
			c.forget(b)
		}
	case ready:
		if b.check && !b.creating {
			c.read(b)
		} else if len(b.queue) > 0 || b.adopt || b.reissue && b.mayReissue() || len(b.mail.held) > 0 && !b.hesitates() {
			c.decide(b)
		} else {
			c.fetch(b)
			c.rest(b)
		}
	case loading, committing:
	}
}

// read asks for the log. A state that is there is given up.
func (c *Core) read(b *mailbox) {
	b.phase, b.run = loading, nil
	b.asked, b.checked, b.check = len(b.queue), b.checked || b.check || b.mail.more, false
	b.mail.more = false // what there is now is read with the log
	c.out.Loads = append(c.out.Loads, b.id)
}

// rest lets a mailbox with nothing to do go to the cache, or away.
func (c *Core) rest(b *mailbox) {
	atWork := b.run.Active() > 0 || b.run.Pending() || b.mail.expects()
	if atWork && !c.cfg.Weigh {
		return // it stays
	}
	size := int64(b.run.Memory()) + b.overhead()
	if c.cfg.Weigh {
		c.weigh(b, size+callBytes*int64(b.run.Active()))
	}
	if atWork {
		return
	}
	c.giveQueue(b)
	c.cache.add(b, size)
}

// weigh notes what a mailbox and what is under way for it hold.
func (c *Core) weigh(b *mailbox, weight int64) {
	c.weight += weight - b.weight
	b.weight = weight
}

// The memory of a mailbox at rest with its place in the map, and that of the
// attributes of its head without their texts, in bytes.
const (
	mailboxBytes    = 556
	attributesBytes = 320
)

// callBytes is what the shell holds of a call that is under way, beside what the
// function that is called makes of it.
const callBytes = 700

// overhead estimates the memory of a mailbox at rest, beside its run.
func (b *mailbox) overhead() int64 {
	info := &b.info
	size := mailboxBytes + len(info.ExecutionARN) + len(info.Name) + len(info.MachineARN)
	if len(b.head.Attributes) > 0 {
		size += attributesBytes
	}
	for _, v := range b.head.Attributes {
		if text, ok := v.(string); ok {
			size += len(text)
		}
	}
	return int64(size)
}

// evict makes the cache fit its limit again.
func (c *Core) evict() {
	for c.cache.bytes > c.cache.limit && c.cache.oldest != nil {
		c.forget(c.cache.oldest)
	}
}

// answer answers an item.
func (c *Core) answer(it *item, err error) {
	if it.ticket == nil {
		return
	}
	c.out.Answers = append(c.out.Answers, Answer{Ticket: it.ticket, Outcome: it.outcome, At: c.env.Now, Err: err, Task: it.handed})
}

package core

import (
	"time"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Inspection is what a core holds of a run, for tests and the simulation. It is
// to be read only, and only until the core's next input.
type Inspection struct {
	// Ready: State is folded from what is durable, and nothing is under way.
	Ready bool
	// Head that the mailbox knows to be durable. The zero Head while it is absent,
	// loading or creating.
	Head  store.Head
	State interpreter.Run // nil while there is none
	// Waiting is the number of inputs that wait.
	Waiting int
	// Armed is the wake-up in memory, zero for none.
	Armed time.Time
}

// Inspect tells what the core holds of a run; ok is false if it has no mailbox.
func (c *Core) Inspect(run store.RunID) (i Inspection, ok bool) {
	if t := c.timers.byRun[run]; t != nil {
		i.Armed = t.when()
	}
	b := c.boxes[run]
	if b == nil {
		return i, false
	}
	i.Ready, i.State, i.Waiting = b.phase == ready, b.run, len(b.queue)
	if (b.phase == ready || b.phase == committing) && !b.creating {
		i.Head = b.head
	}
	return i, true
}

// Cached is the memory of the mailboxes that have nothing to do, as the core counts
// it.
func (c *Core) Cached() int64 { return c.cache.bytes }

// Weight estimates the memory of all runs that have a mailbox and of their calls, in
// bytes, where Config.Weigh is set. That of a run whose decision is under way is what
// it was before.
func (c *Core) Weight() int64 { return c.weight }

// Held is the number of mailboxes in memory.
func (c *Core) Held() int { return len(c.boxes) }

// Mailed is the memory of the messages in the mailboxes, as the core counts it.
func (c *Core) Mailed() int { return c.mail.bytes }

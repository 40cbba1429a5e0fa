package core

import (
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// A run that is at work is in memory, and nobody has to fold its log to see how it
// stands.

// Sight is how a run stands as far as it is durable. The state is nil where the core
// does not know that.
type Sight struct {
	State interpreter.Run
	Head  store.Head
}

// Look calls f with how a run stands: at once, or when the commit that is under way has
// ended. f is not to change the state, nor to keep it, and has to be quick. The core
// does not know of a run that is not in memory, and of one that others work on, too.
func (c *Core) Look(run store.RunID, f func(Sight)) {
	switch b := c.boxes[run]; {
	case b == nil || b.creating || c.cfg.Shared:
		f(Sight{})
	case b.phase == committing:
		b.looks = append(b.looks, f)
	case b.phase == ready:
		f(b.sight())
	default:
		f(Sight{})
	}
}

// sight is how a run stands of which no commit is under way.
func (b *mailbox) sight() Sight {
	if b.run == nil {
		return Sight{}
	}
	return Sight{State: b.run, Head: b.head}
}

// show tells those who look how the run stands, now that a commit has ended.
func (b *mailbox) show(now Sight) {
	looks := b.looks
	b.looks = nil
	for _, f := range looks {
		f(now)
	}
}

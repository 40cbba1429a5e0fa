package core

import "github.com/fermata-dev/fermata/store"

// Impossible says that the store will never take a batch that Take had given out:
// it is malformed, or beyond the store's limits. That is a fault of our own, and
// becomes an incident of that run.
func (c *Core) Impossible(run store.RunID, reason error) {
	b := c.boxes[run]
	if b == nil || b.phase != committing {
		return
	}
	c.withOutput(func() {
		c.current = b
		if what := b.proposal.next.Incident; what != "" { // not even the incident can be written
			b.head.Incident = what
		}
		c.withdraw(b)
		c.incident(b, "the store cannot take what was decided: "+reason.Error())
	})
}

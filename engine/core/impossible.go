package core

import "github.com/fermata-dev/fermata/store"

// Impossible says that the store will never take a batch that Take had given out:
// it is malformed, or beyond the store's limits. That is a fault of our own, and
// becomes an incident of that run.
func (c *Core) Impossible(batch *store.Batch, reason error) {
	b := c.awaiting(batch)
	if b == nil {
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

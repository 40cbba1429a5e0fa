package core

import "github.com/fermata-dev/fermata/interpreter"

// A run changes hands when its owner has died (Adopt), and when a node goes on
// with it that is not its owner. Whoever takes a run over is its owner from its
// next commit on, and then nobody else looks after it. So it gives out again the
// tasks that are outstanding, and settles the results that came before the answer
// to a submission: that answer was on its way to the former owner. Until the
// tasks are given out again the run is orphaned, and a result that comes meanwhile
// is settled, too.

// takeOver makes the run this node's own if it is another one's.
func (c *Core) takeOver(b *mailbox) {
	if owner := b.head.Owner; owner != 0 && owner != c.cfg.Node && !b.creating {
		b.adopt, b.reissue = true, true
	}
	b.orphaned = b.orphaned || b.adopt
}

// settleEarly settles early results. It reports false if the run was stopped by
// an incident.
func (c *Core) settleEarly(b *mailbox, d *interpreter.Decision) bool {
	fault := c.guard(b, func() { b.run.Decide(&c.env, interpreter.Recover{}, d) })
	if fault != "" {
		c.incident(b, fault)
	}
	return fault == ""
}

// doubtful reports whether an item among the first n may have found nothing to do
// only because the state is older than what it is about: another node may have
// gone on with the run.
func (b *mailbox) doubtful(n int) bool {
	for i := range n {
		it := &b.queue[i]
		_, tick := it.cmd.(interpreter.Tick)
		if !it.confirmed && it.kind != message && (tick || it.outcome != interpreter.Done) {
			return true
		}
	}
	return false
}

package core

// spare keeps things that were used to be used again.
type spare[T any] struct{ all []T }

// mostSpare is how many of a kind are kept.
const mostSpare = 1024

// take gives one, the zero T if there is none.
func (s *spare[T]) take() (one T) {
	last := len(s.all) - 1
	if last < 0 {
		return one
	}
	s.all[last], one = one, s.all[last]
	s.all = s.all[:last]
	return one
}

func (s *spare[T]) give(one T) {
	if len(s.all) < mostSpare {
		s.all = append(s.all, one)
	}
}

// emptied is a slice without what it had, for as many again, or nil where that would
// keep too much.
func emptied[T any](s []T) []T {
	if cap(s) > mostSpare {
		return nil
	}
	clear(s)
	return s[:0]
}

// mostRoom is how many items or effects a slice that is kept has room for at most.
const mostRoom = 64

// giveQueue takes the empty queue of a mailbox away.
func (c *Core) giveQueue(b *mailbox) {
	if cap(b.queue) > 0 && cap(b.queue) <= mostRoom {
		c.queues.give(b.queue[:0])
	}
	b.queue = nil
}

// newProposal gives a mailbox room for what it has decided.
func (c *Core) newProposal(b *mailbox) *proposal {
	b.proposal = c.proposals.take()
	if b.proposal == nil {
		b.proposal = &proposal{}
	}
	return b.proposal
}

// endProposal takes it away.
func (c *Core) endProposal(b *mailbox) {
	p := b.proposal
	b.proposal = nil
	if p == nil || cap(p.items) > mostRoom || cap(p.effects) > mostRoom {
		return
	}
	clear(p.items)
	clear(p.effects)
	*p = proposal{items: p.items[:0], effects: p.effects[:0]}
	c.proposals.give(p)
}

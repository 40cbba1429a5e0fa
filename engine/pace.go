package engine

import (
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/store"
)

// Pace is a rate at which something may happen: a token bucket whose tokens can be
// taken before they are there. It must be safe for concurrent use and must not block.
type Pace interface {
	// Reserve takes n tokens and says when they are there: now, or later.
	Reserve(now time.Time, n int) time.Time
}

// pacedBatchFacts is BatchFacts where transitions have a pace: runs that loop take
// turns in short steps.
const pacedBatchFacts = 256

// paced is a queue from which things leave at a pace. Tokens are taken for the first
// of the queue only, so that what leaves it by another way costs none.
type paced[T any] struct {
	queue []T
	at    time.Time // when the tokens for the first are there; zero: none were taken
}

// next removes the first of the queue if its time has come. cost is how many tokens
// it needs.
func (p *paced[T]) next(now time.Time, pace Pace, cost func(T) int) (first T, ok bool) {
	if len(p.queue) == 0 {
		return first, false
	}
	if p.at.IsZero() {
		p.at = pace.Reserve(now, cost(p.queue[0]))
	}
	if p.at.After(now) {
		return first, false
	}
	var none T
	first, p.queue[0] = p.queue[0], none
	p.queue, p.at = p.queue[1:], time.Time{}
	return first, true
}

// heldBatch is a batch that waits for the tokens of its transitions.
type heldBatch struct {
	store.Batch
	transitions int
}

// addPaced is add where transitions have a pace. A batch that makes transitions waits
// for their tokens, so that its run goes on later; all others pass it by. One that
// creates a run passes, too, for its caller waits, but what comes after it waits for
// the tokens that it takes.
func (c *committer) addPaced(o *core.Output, now time.Time) {
	pace := c.shard.e.cfg.Transitions
	pass := o.Commits[:0]
	for i, b := range o.Commits {
		switch n := o.Transitions[i]; {
		case b.Create:
			pace.Reserve(now, n)
			pass = append(pass, b)
		case n == 0:
			pass = append(pass, b)
		default:
			c.hold(heldBatch{b, n})
		}
	}
	c.add(pass)
}

func (c *committer) hold(b heldBatch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held.queue = append(c.held.queue, b)
}

// release commits those of the held batches whose time has come: all of them when the
// engine stops.
func (c *committer) release(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unpaced {
		for _, b := range c.held.queue {
			c.enqueue(b.Batch)
		}
		c.held = paced[heldBatch]{}
	}
	for {
		b, ok := c.held.next(now, c.shard.e.cfg.Transitions, func(b heldBatch) int { return b.transitions })
		if !ok {
			break
		}
		c.enqueue(b.Batch)
	}
	c.start()
}

// stopPacing lets everything pass from now on: what is decided is to be committed
// before the engine stops.
func (c *committer) stopPacing(now time.Time) {
	if c.shard.e.cfg.Transitions == nil {
		return
	}
	c.mu.Lock()
	c.unpaced = true
	c.mu.Unlock()
	c.release(now)
}

// nextRelease is when the next held batch is to be committed, zero for none.
func (c *committer) nextRelease() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held.at
}

// begin has a call carried out, at the pace of its connector if that has one.
func (s *shard) begin(c *call) {
	name := c.task.Connector
	if s.e.cfg.Paces[name] == nil {
		s.e.pool(name).do(c.carryOut)
		return
	}
	if s.begins == nil {
		s.begins = map[string]*paced[*call]{}
	}
	if s.begins[name] == nil {
		s.begins[name] = &paced[*call]{}
	}
	p := s.begins[name]
	p.queue = append(p.queue, c)
	s.beginPaced(name, p)
}

// beginPaced begins those calls of a connector whose time has come, and those that
// were cancelled meanwhile: they are settled at once.
func (s *shard) beginPaced(name string, p *paced[*call]) {
	tokens := func(c *call) int {
		if c.ctx.Err() != nil {
			return 0
		}
		return 1
	}
	for {
		c, ok := p.next(s.e.now(), s.e.cfg.Paces[name], tokens)
		if !ok {
			return
		}
		s.e.pool(name).do(c.carryOut)
	}
}

// keepPaces lets go on what has waited for its time, as part of a turn. It returns
// when there will be more, zero for never.
func (s *shard) keepPaces() (next time.Time) {
	if s.e.cfg.Transitions != nil {
		s.committer.release(s.e.now())
		next = s.committer.nextRelease()
	}
	if len(s.begins) > 0 && s.e.draining.Load() {
		clear(s.begins) // they are left to whoever comes after us
	}
	for name, p := range s.begins {
		s.beginPaced(name, p)
		next = earlier(next, p.at)
	}
	return next
}

// earlier is the earlier of two times of which zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

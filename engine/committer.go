package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/store"
)

// committer carries the batches of a shard to the store. They are of different
// runs, so that several commits may be under way and the store can give them one
// sync. With a single one under way, every batch would wait for the sync of those
// before it, then miss the one that has just begun, and so for three syncs on
// average where one and a half will do. What comes while the most are under way
// goes with the next one, as soon as one of them ends: there is no delay.
type committer struct {
	shard *shard

	mu       sync.Mutex // guards the fields below
	pending  []store.Batch
	waiting  int // bytes of pending
	held     paced[heldBatch]
	unpaced  bool      // nothing is held any more
	room     sync.Cond // there are fewer
	underWay int
	began    map[*store.Batch]time.Time // the first of each commit under way: when it was decided
	idle     sync.Cond                  // nothing waits and nothing is under way
}

const (
	// commitsUnderWay is how many commits a shard may have under way.
	commitsUnderWay = 4
	// commitBytes bounds the entries of one commit, so that a big one does not hold
	// up the others for long.
	commitBytes = 4 << 20
	// mostWaiting is how many bytes may wait for their commit before the shard does.
	mostWaiting = 8 << 20
)

func (c *committer) init(s *shard) {
	c.shard = s
	c.began = map[*store.Batch]time.Time{}
	c.idle.L, c.room.L = &c.mu, &c.mu
}

// add commits the batches as soon as there is room. It blocks while too much waits: a
// shard does not decide faster than the store commits.
func (c *committer) add(batches []store.Batch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range batches {
		c.enqueue(b)
	}
	c.start()
	for c.waiting >= mostWaiting {
		c.room.Wait()
	}
}

func (c *committer) enqueue(b store.Batch) {
	c.pending = append(c.pending, b)
	c.waiting += b.Bytes()
}

// start begins commits of what waits.
func (c *committer) start() {
	for len(c.pending) > 0 && c.underWay < commitsUnderWay {
		group := c.take()
		c.underWay++
		c.began[&group[0]] = group[0].Head.Last
		c.shard.e.commits.do(func() {
			c.commit(group)
			c.ended(group)
		})
	}
	if len(c.pending) == 0 && c.underWay == 0 {
		c.idle.Broadcast()
	}
}

// take returns what waits, up to commitBytes.
func (c *committer) take() []store.Batch {
	n, size := 0, 0
	for n < len(c.pending) && (n == 0 || size < commitBytes) {
		size += c.pending[n].Bytes()
		n++
	}
	c.waiting -= size
	c.room.Broadcast()
	group := slices.Clone(c.pending[:n])
	clear(c.pending[:n]) // their array lives on while others wait
	c.pending = c.pending[n:]
	return group
}

func (c *committer) ended(group []store.Batch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.underWay--
	delete(c.began, &group[0])
	c.start()
}

// oldest is when the oldest batch was decided that is not committed, or limit if
// that is earlier.
func (c *committer) oldest(limit time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pending) > 0 && c.pending[0].Head.Last.Before(limit) {
		limit = c.pending[0].Head.Last
	}
	if held := c.held.queue; len(held) > 0 && held[0].Head.Last.Before(limit) {
		limit = held[0].Head.Last
	}
	for _, at := range c.began {
		if at.Before(limit) {
			limit = at
		}
	}
	return limit
}

// flush returns when nothing waits and nothing is under way.
func (c *committer) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.pending) > 0 || c.underWay > 0 {
		c.idle.Wait()
	}
}

// commit carries batches to the store until it says what became of them. A call
// without an answer is made again: the commit ids tell what had happened.
func (c *committer) commit(batches []store.Batch) {
	var results []store.Result
	err := c.shard.e.retry(func() (err error) {
		results, err = c.shard.e.cfg.Store.Commit(context.WithoutCancel(c.shard.e.ctx), batches)
		return err
	})
	switch {
	case unacceptable(err):
		c.oneByOne(batches, err)
	case err != nil:
		c.shard.e.fail(err)
		c.shard.post(func(cr *core.Core) { cr.Failed(fmt.Errorf("%w: %w", ErrStopped, err)) })
	default:
		c.shard.post(func(cr *core.Core) {
			for i := range batches {
				cr.Committed(&batches[i], results[i])
			}
		})
	}
}

// unacceptable reports whether the store refuses a batch for what it is, or for what
// it meets there: trying again is in vain.
func unacceptable(err error) bool {
	return errors.Is(err, store.ErrInvalid) || errors.Is(err, store.ErrTooLarge) || errors.Is(err, store.ErrCorrupt)
}

// oneByOne finds the batches that the store does not accept: their runs are
// stopped, the others go on.
func (c *committer) oneByOne(batches []store.Batch, err error) {
	if len(batches) == 1 {
		c.shard.post(func(cr *core.Core) { cr.Impossible(&batches[0], err) })
		return
	}
	for i := range batches {
		c.commit(batches[i : i+1])
	}
}

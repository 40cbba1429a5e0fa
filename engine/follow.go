package engine

import (
	"context"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
)

// follow tells whoever follows a run of its entry.
func (e *Engine) follow(f *core.Followed) {
	e.named(f.Run, &f.Head)
	e.cfg.Follow(Committed{
		Run: f.Run, Definition: f.Head.Definition, Name: f.Head.Name,
		Position: f.Position, At: f.Head.Last, Data: f.Entry, Closed: f.Head.Status.Closed(),
		Again: core.Again(&f.Head),
	})
}

// Settled returns an instant up to which everything that was decided is durable,
// or was refused, and was told to Config.Follow. It waits for no commit.
func (e *Engine) Settled(ctx context.Context) (time.Time, error) {
	limit := e.now()
	for _, s := range e.shards {
		// What was decided before the limit lies with the committer after that; what
		// the committer has ended by then is told after the second time.
		if err := s.pass(ctx); err != nil {
			return time.Time{}, err
		}
		limit = s.committer.oldest(limit)
		if err := s.pass(ctx); err != nil {
			return time.Time{}, err
		}
	}
	return limit.Truncate(time.Millisecond).Add(-time.Millisecond), nil
}

// pass returns when the shard has carried out all that it had been given.
func (s *shard) pass(ctx context.Context) error {
	for range 2 { // the second turn begins when the first is carried out
		ch := make(chan struct{})
		if !s.post(func(*core.Core) { close(ch) }) {
			return ErrStopped
		}
		select {
		case <-ch:
		case <-s.done:
			return ErrStopped
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

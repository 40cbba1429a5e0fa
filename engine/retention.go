package engine

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// retain purges closed runs when their time has come.
func (e *Engine) retain() {
	if e.cfg.Retention < 0 {
		return
	}
	pause := min(max(e.cfg.Retention/16, 100*time.Millisecond), time.Minute)
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		if err := e.purge(e.now().Add(-e.cfg.Retention)); err != nil && e.ctx.Err() == nil {
			e.log.Warn("closed executions could not be purged, trying again", "error", err)
		}
		select {
		case <-ticker.C:
		case <-e.ctx.Done():
			return
		}
	}
}

// purgeBatch is how many runs are purged in one commit.
const purgeBatch = 256

// purge removes the runs that closed before an instant.
func (e *Engine) purge(before time.Time) error {
	for {
		if n, err := e.purgeSome(before); err != nil || n == 0 {
			return err
		}
	}
}

// purgeSome removes up to purgeBatch of the runs that closed before an instant,
// those that closed first, and returns how many there were.
func (e *Engine) purgeSome(before time.Time) (int, error) {
	rows, err := e.cfg.Store.ClosedBefore(e.ctx, store.WakeRow{}, before, purgeBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	batches := make([]store.Batch, 0, len(rows))
	for _, r := range rows {
		h, err := e.cfg.Store.Head(e.ctx, r.Run)
		if errors.Is(err, store.ErrNotFound) {
			continue // somebody else has purged it
		}
		if err != nil {
			return 0, err
		}
		if h.Closed.IsZero() || !h.Closed.Before(before) {
			continue // it was opened again this instant
		}
		batches = append(batches, store.Batch{
			Run: r.Run, Position: h.Position, Expect: h.Commit, Commit: store.CommitID(rand.Uint64() | 1),
		})
	}
	if len(batches) == 0 {
		return len(rows), nil
	}
	_, err = e.cfg.Store.Commit(e.ctx, batches)
	return len(rows), err
}

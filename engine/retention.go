package engine

import (
	"cmp"
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

// purge removes the runs that closed before an instant. One that cannot be removed
// does not keep the others.
func (e *Engine) purge(before time.Time) error {
	var faults error
	for after := (store.WakeRow{}); ; {
		rows, err := e.purgeSome(after, before)
		if len(rows) == 0 {
			return cmp.Or(err, faults)
		}
		after, faults = rows[len(rows)-1], cmp.Or(faults, err)
	}
}

// purgeSome removes up to purgeBatch of the runs that closed before an instant, those
// first that closed first after the cursor, and returns which they were. The error
// is that of the first that it could not remove, or comes without any.
func (e *Engine) purgeSome(after store.WakeRow, before time.Time) (rows []store.WakeRow, fault error) {
	rows, err := e.cfg.Store.ClosedBefore(e.ctx, after, before, purgeBatch)
	if err != nil {
		return nil, err
	}
	batches := make([]store.Batch, 0, len(rows))
	for _, r := range rows {
		h, err := e.cfg.Store.Head(e.ctx, r.Run)
		switch {
		case errors.Is(err, store.ErrNotFound): // somebody else has purged it
		case errors.Is(err, store.ErrCorrupt):
			fault = cmp.Or(fault, err)
		case err != nil:
			return nil, err
		case h.Closed.IsZero() || !h.Closed.Before(before): // it was opened again this instant
		default:
			batches = append(batches, store.Batch{
				Run: r.Run, Position: h.Position, Expect: h.Commit, Commit: store.CommitID(rand.Uint64() | 1),
			})
		}
	}
	unpurged, err := e.commitPurges(batches)
	if err != nil {
		return nil, err
	}
	return rows, cmp.Or(fault, unpurged)
}

// commitPurges removes runs; where one of them is damaged, the others alone. Its second
// error is that of a store that does not answer.
func (e *Engine) commitPurges(batches []store.Batch) (damaged, err error) {
	if len(batches) == 0 {
		return nil, nil
	}
	if _, err = e.cfg.Store.Commit(e.ctx, batches); !unacceptable(err) {
		return nil, err
	}
	for i := range batches {
		_, err := e.cfg.Store.Commit(e.ctx, batches[i:i+1])
		if err != nil && !unacceptable(err) {
			return nil, err
		}
		damaged = cmp.Or(damaged, err)
	}
	return damaged, nil
}

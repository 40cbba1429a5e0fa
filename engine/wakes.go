package engine

import (
	"context"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/store"
)

const (
	// near is how far ahead wake-ups are held in memory.
	near = time.Minute
	// wakesInMemory is how many wake-ups the scan lets into memory, with those whose
	// runs are to be read, before it waits for them to be carried out.
	wakesInMemory = 200_000
)

// wakes brings the wake-ups of the near future from the store into the cores.
//
// The horizon of the cores is moved first; from then on every commit with a
// wake-up before it arms itself. Then the rows that were there before are read,
// from the cursor on. So a wake-up before the horizon is either armed by its core
// or lies ahead of the cursor. The cursor never goes back.
type wakes struct {
	e      *Engine
	cursor store.WakeRow
	until  time.Time // the horizon of the cores
}

// scan arms one page of wake-ups and reports whether there are more to read
// right away.
func (w *wakes) scan(ctx context.Context) (more bool, err error) {
	if next := w.e.now().Add(near); next.Sub(w.until) > near/8 {
		w.e.setHorizon(next)
		w.until = next
	}
	rows, err := w.e.cfg.Store.Due(ctx, w.cursor, w.until, page)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	byShard := make([][]store.WakeRow, len(w.e.shards))
	for _, r := range rows {
		i := uint64(r.Run) % uint64(len(w.e.shards))
		byShard[i] = append(byShard[i], r)
	}
	for i, s := range w.e.shards {
		s.give(func(c *core.Core) {
			for _, r := range byShard[i] {
				c.Arm(r.Run, r.At)
			}
		})
	}
	w.cursor = rows[len(rows)-1]
	return len(rows) == page, nil
}

// setHorizon moves the horizon of all cores, and returns when they know.
func (e *Engine) setHorizon(until time.Time) {
	for _, s := range e.shards {
		s.give(func(c *core.Core) { c.Horizon(until) })
	}
}

// watch moves the near future ahead before it is used up.
func (w *wakes) watch() {
	ticker := time.NewTicker(near / 4)
	defer ticker.Stop()
	for {
		w.e.checkClock()
		w.e.awaitRoom()
		more, err := w.scan(w.e.ctx)
		if err != nil && w.e.ctx.Err() == nil {
			w.e.log.Warn("wake-ups could not be read, trying again", "error", err)
		}
		if more {
			continue
		}
		select {
		case <-ticker.C:
		case <-w.e.ctx.Done():
			return
		}
	}
}

// awaitRoom waits until the wake-ups in memory are few enough to add more.
func (e *Engine) awaitRoom() {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for e.wakesArmed() >= wakesInMemory {
		select {
		case <-ticker.C:
		case <-e.ctx.Done():
			return
		}
	}
}

// wakesArmed is the number of wake-ups in memory, with the runs that wait to be read.
func (e *Engine) wakesArmed() int64 {
	n := int64(e.loads.backlog())
	for _, s := range e.shards {
		n += s.timers.Load()
	}
	return n
}

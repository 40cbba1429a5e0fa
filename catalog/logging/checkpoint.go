package logging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// checkpointKey is the record of the checkpoint.
const checkpointKey = "logging/checkpoint"

// checkpointVersion is the format of the record. Newer ones are refused.
const checkpointVersion = 1

// checkpoint is what the store holds: up to At everything was logged. Clean says
// that everything was, and nobody is at work.
type checkpoint struct {
	Version int   `json:"version"`
	At      int64 `json:"at"` // Unix milliseconds
	Clean   bool  `json:"clean,omitempty"`
}

// mark is how far the log of Standard executions has come.
type mark struct {
	at    time.Time // that of the record in the store
	dirty bool      // something was logged since

	mu   sync.Mutex // guards held
	held time.Time  // something at this instant was not logged; zero for nothing
}

// hold keeps the checkpoint before an instant, whose entry was not logged.
func (m *mark) hold(s *source, at time.Time) {
	if !s.durable {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if at = at.Add(-time.Millisecond); m.held.IsZero() || at.Before(m.held) {
		m.held = at
	}
}

func (m *mark) heldAt() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.held
}

// begin reads the checkpoint and notes that it is not clean any more.
func (f *Follower) begin(ctx context.Context) error {
	fresh := f.cfg.Now().UnixMilli() - 1 // what is committed from now on is later
	var last checkpoint
	record, err := f.cfg.Store.Record(ctx, checkpointKey)
	if err == nil {
		err = json.Unmarshal(record.Value, &last)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		last.Clean = true
	case err != nil:
		return fmt.Errorf("logging: reading the checkpoint: %w", err)
	case last.Version > checkpointVersion:
		return fmt.Errorf("logging: the checkpoint has format %d, this version reads up to %d: %w", last.Version, checkpointVersion, store.ErrNewer)
	}
	if last.Clean {
		last.At = fresh
	}
	f.mark.at = time.UnixMilli(last.At).UTC()
	f.recovery.begin(!last.Clean, f.mark.at)
	return f.write(ctx, f.mark.at, false)
}

// end notes that everything was logged, if it was.
func (f *Follower) end(ctx context.Context) error {
	return f.write(ctx, f.cfg.Now().UTC(), f.mark.heldAt().IsZero() && !f.recovery.going)
}

// write moves the checkpoint to an instant, or to where it is held.
func (f *Follower) write(ctx context.Context, at time.Time, clean bool) error {
	if held := f.mark.heldAt(); !held.IsZero() && held.Before(at) {
		at = held
	}
	if f.recovery.going || at.Before(f.mark.at) {
		at = f.mark.at
	}
	value, err := json.Marshal(checkpoint{Version: checkpointVersion, At: at.UnixMilli(), Clean: clean})
	if err != nil {
		return err
	}
	if err := f.cfg.Store.Write(ctx, store.Change{Key: checkpointKey, Blind: true, Value: value}); err != nil {
		return fmt.Errorf("logging: writing the checkpoint: %w", err)
	}
	f.mark.at = at
	return nil
}

package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
)

// damagedStore cannot read the log of one run, nor even its head if that is damaged
// too.
type damagedStore struct {
	store.Store
	run     atomic.Uint64
	head    atomic.Bool
	reading atomic.Int64
}

func (s *damagedStore) Load(ctx context.Context, run store.RunID, mail int) (*store.Log, error) {
	if uint64(run) == s.run.Load() {
		s.reading.Add(1)
		return nil, fmt.Errorf("load: %w: a bit has flipped", store.ErrCorrupt)
	}
	return s.Store.Load(ctx, run, mail)
}

func (s *damagedStore) Head(ctx context.Context, run store.RunID) (*store.Head, error) {
	if uint64(run) == s.run.Load() && s.head.Load() {
		return nil, fmt.Errorf("head: %w: a bit has flipped", store.ErrCorrupt)
	}
	return s.Store.Head(ctx, run)
}

// TestRunThatCannotBeReadIsStopped: a run whose log is damaged stops with an incident
// that says so, the others go on, and it goes on itself when it can be read again.
func TestRunThatCannotBeReadIsStopped(t *testing.T) {
	for name, head := range map[string]bool{"log": false, "head and log": true} {
		t.Run(name, func(t *testing.T) {
			damaged := &damagedStore{}
			w := newWorld(t, echo, func(c *engine.Config) { damaged.Store, c.Store, c.Shards = c.Store, damaged, 1 })
			d := w.deploy(1, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`)
			run := w.start(d, "x", `{}`)
			w.reopen()
			damaged.run.Store(uint64(run))
			damaged.head.Store(head)
			if _, err := w.engine.Stop(t.Context(), run, nil, nil); !errors.Is(err, engine.ErrIncident) {
				t.Errorf("stop gave %v", err)
			}
			for i := range 40 { // more than there are readers
				w.start(d, fmt.Sprint(i), `{}`)
			}
			if n := damaged.reading.Load(); n != 1 {
				t.Errorf("the log was read %d times", n)
			}
			damaged.run.Store(0)
			w.resumes(run, head)
		})
	}
}

// resumes wants the run to be as it was; unless its head could not be read, the
// incident stands until somebody resumes it.
func (w *world) resumes(run store.RunID, headless bool) {
	w.t.Helper()
	if !headless {
		h, err := w.engine.Head(w.t.Context(), run)
		if err != nil || !strings.Contains(h.Incident, "its log cannot be read: load: store is corrupt") {
			w.t.Errorf("head %+v, %v", h, err)
		}
		if err := w.engine.Resume(w.t.Context(), run); err != nil {
			w.t.Fatal(err)
		}
	}
	if _, err := w.engine.Stop(w.t.Context(), run, nil, nil); err != nil {
		w.t.Errorf("stop gave %v", err)
	}
	w.expect(run, "ABORTED")
}

// reopen closes the engine and opens another one over the same store, whose cache
// is empty.
func (w *world) reopen() {
	w.t.Helper()
	if err := w.engine.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
}

// TestFailedStoreEndsCalls: once nothing can be kept any more, calls under way are
// given up, and whoever carries them out can tell that they will be made again.
func TestFailedStoreEndsCalls(t *testing.T) {
	left := &atomic.Int64{}
	left.Store(1000)
	called, ended := make(chan struct{}), make(chan error, 1)
	w := newWorld(t, func(ctx context.Context, call *connector.Call) ([]byte, error) {
		close(called)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return nil, ctx.Err()
	}, func(c *engine.Config) {
		c.Store, c.DrainTimeout = brokenStore{c.Store, left}, time.Hour
	})
	d := w.deploy(1, oneTask)
	w.start(d, "x", `{}`)
	<-called
	left.Store(0)
	if _, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Input: value.Text([]byte(`{}`))}); !errors.Is(err, store.ErrFailed) {
		t.Errorf("start gave %v", err)
	}
	if err := <-ended; !errors.Is(err, connector.ErrGivenUp) {
		t.Errorf("the call ended with %v", err)
	}
	if err := w.engine.Close(); err != nil {
		t.Error(err)
	}
}

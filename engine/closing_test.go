package engine_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
)

// awayStore answers no commit while it is away, and tells of the first that it does
// not answer.
type awayStore struct {
	store.Store
	away  atomic.Bool
	asked chan struct{}
}

func (s *awayStore) Commit(ctx context.Context, b []store.Batch) ([]store.Result, error) {
	if !s.away.Load() {
		return s.Store.Commit(ctx, b)
	}
	select {
	case s.asked <- struct{}{}:
	default:
	}
	return nil, errStore
}

// TestCloseDoesNotWaitForAStoreThatIsAway: an engine whose store does not answer ends
// when the time for draining is over, and what it could not commit is done by the next
// one.
func TestCloseDoesNotWaitForAStoreThatIsAway(t *testing.T) {
	away := &awayStore{asked: make(chan struct{}, 1)}
	w := newWorld(t, echo, func(c *engine.Config) {
		away.Store, c.Store, c.DrainTimeout = c.Store, away, 10*time.Millisecond
	})
	d := w.deploy(1, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`)
	run := w.start(d, "x", `{}`)
	away.away.Store(true)
	stopped := make(chan error, 1)
	go func() {
		_, err := w.engine.Stop(t.Context(), run, nil, nil)
		stopped <- err
	}()
	<-away.asked
	if err := w.engine.Close(); err != nil {
		t.Error(err)
	}
	if err := <-stopped; err == nil {
		t.Error("a stop that was never committed was acknowledged")
	}
	away.away.Store(false)
	w.open()
	if _, err := w.engine.Stop(t.Context(), run, nil, nil); err != nil {
		t.Error(err)
	}
	w.expect(run, "ABORTED")
}

// TestCloseLeavesWhatItHasNotReadAsItIs: a run whose definition is being read when the
// engine is closed is not stopped by an incident, however long the store takes then.
func TestCloseLeavesWhatItHasNotReadAsItIs(t *testing.T) {
	slow := &slowCatalog{reading: make(chan struct{}, 1)}
	found := make(chan struct{}, 1)
	var late *lateStore
	w := newWorld(t, echo, func(c *engine.Config) {
		slow.Catalog, c.Catalog = c.Catalog, slow
		late = &lateStore{Store: c.Store, asked: make(chan struct{}, 1), until: found}
		c.Store, c.Shards, c.DrainTimeout, c.Listener = late, 1, 10*time.Millisecond, incidents{found: found}
	})
	d := w.deploy(1, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`)
	run := w.start(d, "x", `{}`)
	w.reopen()
	slow.slow.Store(true)
	go func() { _, _ = w.engine.Stop(context.WithoutCancel(t.Context()), run, nil, nil) }()
	<-slow.reading
	late.late.Store(true)
	go func() {
		_, _ = w.engine.Start(context.WithoutCancel(t.Context()), engine.StartRequest{Definition: d, Name: "y", Input: value.Text([]byte(`{}`))})
	}()
	<-late.asked
	if err := w.engine.Close(); err != nil {
		t.Fatal(err)
	}
	slow.slow.Store(false)
	late.late.Store(false)
	w.open()
	if h, err := w.engine.Head(t.Context(), run); err != nil || h.Incident != "" {
		t.Errorf("head %+v, %v", h, err)
	}
}

// lateStore takes its time for commits while it is late, unless an incident is found
// meanwhile.
type lateStore struct {
	store.Store
	late  atomic.Bool
	asked chan struct{}
	until chan struct{}
}

func (s *lateStore) Commit(ctx context.Context, b []store.Batch) ([]store.Result, error) {
	if s.late.Load() {
		select {
		case s.asked <- struct{}{}:
		default:
		}
		select {
		case <-s.until:
		case <-time.After(100 * time.Millisecond):
		}
	}
	return s.Store.Commit(ctx, b)
}

// slowCatalog reads no definition before the reader is told to stop, while it is slow.
type slowCatalog struct {
	engine.Catalog
	slow    atomic.Bool
	reading chan struct{}
}

func (c *slowCatalog) Definition(ctx context.Context, id uint64) (*engine.Definition, error) {
	if c.slow.Load() {
		c.reading <- struct{}{}
		<-ctx.Done()
		return nil, fmt.Errorf("read definition: %w", ctx.Err())
	}
	return c.Catalog.Definition(ctx, id)
}

// TestDrainBeginsNoCalls: a call that waits for its turn when the engine is closed is
// left to the next one.
func TestDrainBeginsNoCalls(t *testing.T) {
	var calls atomic.Int64
	began, end := make(chan struct{}, 8), make(chan struct{})
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		calls.Add(1)
		began <- struct{}{}
		<-end
		return call.Payload, nil
	}, func(c *engine.Config) { c.MaxCalls, c.DrainTimeout = 1, time.Hour })
	d := w.deploy(1, oneTask)
	var runs []store.RunID
	for i := range 5 {
		runs = append(runs, w.start(d, fmt.Sprint(i), fmt.Sprint(i)))
	}
	<-began
	closed := make(chan error, 1)
	go func() { closed <- w.engine.Close() }()
	for w.engine.Healthy() == nil {
		time.Sleep(time.Millisecond)
	}
	close(end)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if n := calls.Load(); n != 1 {
		t.Errorf("%d calls were begun, want the one that was under way", n)
	}
	w.open()
	for i, run := range runs {
		w.expect(run, fmt.Sprintf("SUCCEEDED %d", i))
	}
	if n := calls.Load(); n != 5 {
		t.Errorf("%d calls in all, want 5", n)
	}
}

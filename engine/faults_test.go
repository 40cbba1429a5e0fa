package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

func TestBacklogIsBounded(t *testing.T) {
	block := make(chan struct{})
	w := newWorld(t, echo, func(c *engine.Config) {
		c.MaxBacklog, c.Shards = 3, 1
		c.Store = slowStore{c.Store, block}
	})
	d := w.deploy(1, oneTask)
	var busy, fine atomic.Int64
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			_, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Input: value.Text([]byte(`1`))})
			switch {
			case errors.Is(err, engine.ErrBusy):
				if busy.Add(1) == 7 {
					close(block)
				}
			case err == nil:
				fine.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if busy.Load() != 7 || fine.Load() != 3 {
		t.Errorf("%d were refused and %d started, want 7 and 3", busy.Load(), fine.Load())
	}
}

// slowStore commits nothing until the channel is closed.
type slowStore struct {
	store.Store
	until chan struct{}
}

func (s slowStore) Commit(ctx context.Context, b []store.Batch) ([]store.Result, error) {
	<-s.until
	return s.Store.Commit(ctx, b)
}

// flakyStore loses the answer of every third commit, and does not even carry out
// every fifth.
type flakyStore struct {
	store.Store
	n *atomic.Int64
}

func (s flakyStore) Commit(ctx context.Context, b []store.Batch) ([]store.Result, error) {
	switch n := s.n.Add(1); {
	case n%5 == 0:
		return nil, errStore
	case n%3 == 0:
		if _, err := s.Store.Commit(ctx, b); err != nil {
			return nil, err
		}
		return nil, errStore
	}
	return s.Store.Commit(ctx, b)
}

func TestLostAnswersOfTheStoreDoNoHarm(t *testing.T) {
	var calls sync.Map
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		if _, again := calls.LoadOrStore(call.IdempotencyKey, true); again {
			t.Errorf("call %s came twice", call.IdempotencyKey)
		}
		return call.Payload, nil
	}, func(c *engine.Config) { c.Store = flakyStore{c.Store, &atomic.Int64{}} })
	d := w.deploy(1, oneTask)
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			w.expect(w.start(d, fmt.Sprint(i), fmt.Sprint(i)), fmt.Sprintf("SUCCEEDED %d", i))
		})
	}
	group.Wait()
}

// brokenStore fails for good after some commits.
type brokenStore struct {
	store.Store
	left *atomic.Int64
}

func (s brokenStore) Commit(ctx context.Context, b []store.Batch) ([]store.Result, error) {
	if s.left.Add(-1) < 0 {
		return nil, fmt.Errorf("%w: disk full", store.ErrFailed)
	}
	return s.Store.Commit(ctx, b)
}

func TestFailedStoreStopsTheEngine(t *testing.T) {
	left := &atomic.Int64{}
	left.Store(4)
	w := newWorld(t, echo, func(c *engine.Config) { c.Store = brokenStore{c.Store, left} })
	d := w.deploy(1, oneTask)
	var err error
	for range 10 {
		if _, err = w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Input: value.Text([]byte(`1`))}); err != nil {
			break
		}
	}
	if !errors.Is(err, engine.ErrStopped) || !errors.Is(err, store.ErrFailed) {
		t.Errorf("start gave %v", err)
	}
	if err := w.engine.Healthy(); !errors.Is(err, engine.ErrStopped) {
		t.Errorf("Healthy gives %v", err)
	}
}

func TestIncidentStopsOneRunAndCanBeResumed(t *testing.T) {
	started := make(chan struct{}, 2)
	go1, found := make(chan struct{}), make(chan struct{}, 1)
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		started <- struct{}{}
		<-go1
		return call.Payload, nil
	}, func(c *engine.Config) { c.Listener = incidents{found: found} })
	d := w.deploy(1, oneTask)
	faulty := &faultyProgram{Program: d.Program}
	faulty.broken.Store(true)
	d.Program = faulty
	run := w.start(d, "x", `{}`)
	<-started
	close(go1)
	<-found
	if err := w.engine.Redrive(t.Context(), run, ""); !errors.Is(err, engine.ErrIncident) {
		t.Errorf("a redrive gave %v", err)
	}
	h, err := w.engine.Head(t.Context(), run)
	if err != nil || !strings.Contains(h.Incident, "our own fault") || h.Owner != 0 {
		t.Errorf("head %+v, %v", h, err)
	}
	faulty.broken.Store(false)
	if err := w.engine.Resume(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	w.expect(run, "SUCCEEDED {}")
}

// incidents tells of the first incident.
type incidents struct {
	engine.NopListener
	found chan struct{}
}

func (i incidents) Incident(store.RunID, string) {
	select {
	case i.found <- struct{}{}:
	default:
	}
}

// faultyProgram panics on results while it is broken.
type faultyProgram struct {
	interpreter.Program
	broken atomic.Bool
}

func (p *faultyProgram) New(info interpreter.Info) interpreter.Run {
	return &faultyRun{p.Program.New(info), p}
}

type faultyRun struct {
	interpreter.Run
	p *faultyProgram
}

func (r *faultyRun) Decide(env *interpreter.Env, cmd interpreter.Command, d *interpreter.Decision) interpreter.Outcome {
	if _, ok := cmd.(interpreter.TaskSucceeded); ok && r.p.broken.Load() {
		panic("our own fault")
	}
	return r.Run.Decide(env, cmd, d)
}

// forgetfulStore loses its answer to creations until it is too late: what was asked for is
// not created any more.
type forgetfulStore struct{ store.Store }

func (s forgetfulStore) Commit(ctx context.Context, batches []store.Batch) ([]store.Result, error) {
	if batches[0].Create {
		return slices.Repeat([]store.Result{{Outcome: store.Stale}}, len(batches)), nil
	}
	return s.Store.Commit(ctx, batches)
}

// TestStartWhoseAnswerWasLostIsToBeTriedAgain, and is not said to be of an execution that
// there is not.
func TestStartWhoseAnswerWasLostIsToBeTriedAgain(t *testing.T) {
	w := newWorld(t, echo, func(c *engine.Config) { c.Store = forgetfulStore{c.Store} })
	_, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: w.deploy(1, oneTask), Name: "x", Input: value.Text([]byte(`1`))})
	if !errors.Is(err, engine.ErrBusy) {
		t.Errorf("got %v", err)
	}
}

// pickyStore does not accept entries beyond a size.
type pickyStore struct{ store.Store }

func (s pickyStore) Commit(ctx context.Context, batches []store.Batch) ([]store.Result, error) {
	for i := range batches {
		if len(batches[i].Entry) > 1000 {
			return nil, fmt.Errorf("%w: %d bytes", store.ErrTooLarge, len(batches[i].Entry))
		}
	}
	return s.Store.Commit(ctx, batches)
}

func TestBatchThatTheStoreCannotTakeStopsItsRunOnly(t *testing.T) {
	found := make(chan struct{}, 1)
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		if string(call.Payload) == `"big"` {
			return []byte(`"` + strings.Repeat("x", 2000) + `"`), nil
		}
		return call.Payload, nil
	}, func(c *engine.Config) {
		c.Store, c.Shards, c.Listener = pickyStore{c.Store}, 1, incidents{found: found}
	})
	d := w.deploy(1, oneTask)
	big := w.start(d, "big", `"big"`)
	<-found
	for i := range 20 {
		w.expect(w.start(d, fmt.Sprint(i), fmt.Sprint(i)), fmt.Sprintf("SUCCEEDED %d", i))
	}
	if _, err := w.engine.Stop(t.Context(), big, nil, nil); err != nil {
		t.Errorf("stop gave %v", err)
	}
	if _, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Input: value.Text([]byte(`"` + strings.Repeat("x", 2000) + `"`))}); !errors.Is(err, engine.ErrIncident) {
		t.Errorf("a start that is too large gave %v", err)
	}
}

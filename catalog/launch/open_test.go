package launch_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// drainEngine is an engine that can be told to drain.
type drainEngine struct {
	*mapEngine
	draining chan struct{}
	known    error // the answer to ByName
}

func (e *drainEngine) Draining() <-chan struct{} { return e.draining }

func (e *drainEngine) ByName(context.Context, uint64, string) (store.RunID, error) { return 0, e.known }

// fullOfMapRuns is a launcher with as many open map runs as there may be.
func fullOfMapRuns(t *testing.T) (*launch.Launcher, *drainEngine, *launch.Open) {
	t.Helper()
	_, inner := newMapEngine(t)
	c, err := catalog.Open(t.Context(), catalog.Config{Records: memstore.New(memstore.Options{}), Compile: catalog.ASL(nil)})
	if err != nil {
		t.Fatal(err)
	}
	open, err := launch.CountOpen(t.Context(), memstore.New(memstore.Options{}), c, catalog.Quotas{OpenMapRuns: 1})
	if err != nil {
		t.Fatal(err)
	}
	open.Opened(catalog.MapRunsOf(7))
	l, e := launch.New(c), &drainEngine{inner, make(chan struct{}), engine.ErrNotFound}
	inner.waited = true
	l.Limit(open)
	l.Attach(e, nil)
	return l, e, open
}

// TestMapRunsWaitForRoom until another has ended, nobody wants them any more, or the
// engine drains.
func TestMapRunsWaitForRoom(t *testing.T) {
	for name, c := range map[string]struct {
		then    func(e *drainEngine, open *launch.Open, cancel context.CancelFunc)
		started bool
		err     error
	}{
		"another has ended":   {func(_ *drainEngine, o *launch.Open, _ context.CancelFunc) { o.Closed(catalog.MapRunsOf(9)) }, true, nil},
		"nobody waits for it": {func(_ *drainEngine, _ *launch.Open, cancel context.CancelFunc) { cancel() }, false, context.Canceled},
		"the engine drains":   {func(e *drainEngine, _ *launch.Open, _ context.CancelFunc) { close(e.draining) }, false, engine.ErrStopped},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, e, open := fullOfMapRuns(t)
			before := len(e.started)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan error, 1)
			go func() {
				done <- l.StartMapRun(ctx, mapRunARN, nil, "", connector.Parent{Origin: connector.Origin{Run: 1, Task: 2}})
			}()
			synctest.Wait()
			open.Opened(7)
			open.Closed(catalog.ChildrenOf(3))
			open.Closed(7)
			synctest.Wait()
			select {
			case err := <-done:
				t.Fatalf("%s: it did not wait: %v", name, err)
			default:
			}
			c.then(e, open, cancel)
			if err := <-done; !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if got := len(e.started) > before; got != c.started {
				t.Errorf("%s: started is %t", name, got)
			}
		})
	}
}

// TestMapRunThatIsThereNeedsNoRoom: its task is carried out again after a crash.
func TestMapRunThatIsThereNeedsNoRoom(t *testing.T) {
	l, e, _ := fullOfMapRuns(t)
	e.known = nil
	if err := l.StartMapRun(t.Context(), mapRunARN, nil, "", connector.Parent{Origin: connector.Origin{Run: 1, Task: 2}}); err != nil {
		t.Error(err)
	}
}

// TestNumbersThatWereKept are used once, and only far from the quota.
func TestNumbersThatWereKept(t *testing.T) {
	const kept = "launch/open"
	c, err := catalog.Open(t.Context(), catalog.Config{Records: memstore.New(memstore.Options{}), Compile: catalog.ASL(nil)})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":          "2 0 0",
		"2 4 2":     "2 4 2",
		"2 5 2":     "2 0 0", // it is counted: there is none
		"2 4 5":     "2 0 0",
		"1 4 2":     "2 0 0", // of before those without quotas took it away
		"3 4 2":     "2 0 0",
		"2 4":       "2 0 0",
		"something": "2 0 0",
	} {
		s := memstore.New(memstore.Options{})
		if text != "" {
			if err := s.Write(t.Context(), store.Change{Key: kept, Value: []byte(text)}); err != nil {
				t.Fatal(err)
			}
		}
		open, err := launch.CountOpen(t.Context(), s, c, catalog.Quotas{OpenExecutions: 10, OpenMapRuns: 10})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Record(t.Context(), kept); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q is there yet: %v", text, err)
		}
		open.Opened(7)
		open.Closed(7)
		if err := open.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r, err := s.Record(t.Context(), kept); err != nil || string(r.Value) != want {
			t.Errorf("%q became %q, %v, want %q", text, r.Value, err, want)
		}
	}
}

package engine_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// TestWhenEnded calls once, when the end is durable: for a run that is open, one that is
// closed and one that is not there.
func TestWhenEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo)
		run := w.start(w.deploy(1, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`), "x", `{}`)
		var calls atomic.Int64
		then := func() {
			if h, err := w.engine.Head(t.Context(), run); err != nil || !h.Status.Closed() {
				t.Errorf("the end is not durable: %+v, %v", h, err)
			}
			calls.Add(1)
		}
		when := func() {
			if err := w.engine.WhenEnded(t.Context(), run, then); err != nil {
				t.Fatal(err)
			}
		}
		when()
		when()
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if n := calls.Load(); n != 0 {
			t.Errorf("%d calls before the end", n)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		when()
		if n := calls.Load(); n != 3 {
			t.Errorf("%d calls, want 3", n)
		}
		gone := false
		if err := w.engine.WhenEnded(t.Context(), run+1, func() { gone = true }); err != nil || !gone {
			t.Errorf("a run that is not there: %t, %v", gone, err)
		}
	})
}

// TestWhenEndedOfARunThatCannotBeRead gives an error, and calls nobody when it ends.
func TestWhenEndedOfARunThatCannotBeRead(t *testing.T) {
	damaged := &damagedStore{}
	w := newWorld(t, echo, func(c *engine.Config) { damaged.Store, c.Store = c.Store, damaged })
	run := w.start(w.deploy(1, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`), "x", `{}`)
	damaged.run.Store(uint64(run))
	damaged.head.Store(true)
	called := false
	if err := w.engine.WhenEnded(t.Context(), run, func() { called = true }); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
	damaged.run.Store(0)
	if _, err := w.engine.Stop(t.Context(), run, nil, nil); err != nil || called {
		t.Errorf("called is %t, %v", called, err)
	}
}

package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
)

// TestRedrive: a run that ended without success goes on, in another life of the
// engine too, and is found by its status as what it is.
func TestRedrive(t *testing.T) {
	var healthy atomic.Bool
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		if !healthy.Load() {
			return nil, &connector.Error{Name: "Down"}
		}
		return call.Payload, nil
	})
	run := w.start(w.deploy(1, oneTask), "x", `{"a":1}`)
	w.expect(run, "FAILED Down ")
	w.restart()
	if err := w.engine.Redrive(t.Context(), run, "one"); err != nil {
		t.Fatal(err)
	}
	w.expect(run, "FAILED Down ")
	healthy.Store(true)
	w.restart()
	if err := w.engine.Redrive(t.Context(), run, "one"); err != nil {
		t.Errorf("the same token: %v", err)
	}
	w.expect(run, "FAILED Down ")
	if err := w.engine.Redrive(t.Context(), run, "two"); err != nil {
		t.Fatal(err)
	}
	w.expect(run, `SUCCEEDED {"a":1}`)
	if err := w.engine.Redrive(t.Context(), run, "three"); !errors.Is(err, engine.ErrNotRedrivable) {
		t.Errorf("after success: %v", err)
	}
	rows, err := w.engine.List(t.Context(), store.ListQuery{Machine: 1, AnyStatus: true}, store.ListRow{}, 10)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	if n, last := engine.Redrives(rows[0].Head); n != 2 || last.IsZero() || rows[0].Head.Status != 1 {
		t.Errorf("%d redrives, the last %v, status %d", n, last, rows[0].Head.Status)
	}
}

// restart closes the engine and opens another one over the same store.
func (w *world) restart() {
	w.t.Helper()
	if err := w.engine.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
}

// TestWhatWasOpenedAgainIsNotPurged until it has closed again for long enough.
func TestWhatWasOpenedAgainIsNotPurged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo, func(c *engine.Config) { c.Retention = time.Hour })
		run := w.start(w.deploy(1, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":36000,"End":true}}}`), "x", `{}`)
		if _, err := w.engine.Stop(t.Context(), run, nil, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Minute)
		if err := w.engine.Redrive(t.Context(), run, ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Hour)
		if h, err := w.engine.Head(t.Context(), run); err != nil || h.Status.Closed() {
			t.Fatalf("it is not there: %+v, %v", h, err)
		}
		time.Sleep(6 * time.Hour)
		if _, err := w.engine.Head(t.Context(), run); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		if _, err := w.engine.Head(t.Context(), run); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("it is still there: %v", err)
		}
		_ = w.engine.Close()
	})
}

// TestRedriveForATask: a run that another one has started is opened again once for
// each later task, which then is told of its end, and alone can stop it.
func TestRedriveForATask(t *testing.T) {
	w := newWorld(t, echo)
	def := w.deploy(1, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":36000,"End":true}}}`)
	task := func(id uint64) connector.Parent {
		return connector.Parent{Origin: connector.Origin{Run: 77, Task: id}, Notify: true, Form: "f"}
	}
	first, second, third := task(3), task(5), task(9)
	s, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: def, Name: "c", Input: value.Text([]byte("{}")), Parent: &first})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.engine.RedriveFor(t.Context(), s.Run, second); !errors.Is(err, engine.ErrNotRedrivable) {
		t.Errorf("a run that is open: %v", err)
	}
	if err := w.engine.StopFor(t.Context(), s.Run, first.Origin, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.engine.RedriveFor(t.Context(), s.Run, second); err != nil {
			t.Fatal(err)
		}
	}
	w.restart()
	if err := w.engine.StopFor(t.Context(), s.Run, first.Origin, nil); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("stopped for the task before: %v", err)
	}
	if h, err := w.engine.Head(t.Context(), s.Run); err != nil || h.Status.Closed() {
		t.Fatalf("it is %+v, %v", h, err)
	} else if n, _ := engine.Redrives(h); n != 1 {
		t.Errorf("%d redrives", n)
	}
	if err := w.engine.StopFor(t.Context(), s.Run, second.Origin, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.engine.RedriveFor(t.Context(), s.Run, first); !errors.Is(err, engine.ErrNotRedrivable) {
		t.Errorf("redriven for the task before: %v", err)
	}
	if err := w.engine.RedriveFor(t.Context(), s.Run, second); err != nil {
		t.Errorf("redriven for its own task: %v", err)
	}
	if err := w.engine.RedriveFor(t.Context(), s.Run, third); err != nil {
		t.Fatal(err)
	}
	if err := w.engine.RedriveFor(t.Context(), 12345, third); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("a run that is not there: %v", err)
	}
}

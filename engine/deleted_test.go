package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// TestMachineDeleted: a run that sleeps learns of it by one small entry, sleeps on in
// the next life of the engine, and fails when it is woken.
func TestMachineDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const day = 24 * time.Hour
		w := newWorld(t, echo)
		run := w.start(w.deploy(1, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":86400,"Next":"P"},"P":{"Type":"Pass","End":true}}}`), "x", `{}`)
		for range 3 {
			if err := w.engine.MachineDeleted(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			w.restart()
		}
		entries := w.entries(run)
		if len(entries) != 2 || len(entries[1].Facts) != 1 || len(entries[1].Facts[0]) != 1 {
			t.Errorf("the log is %+v", entries)
		}
		time.Sleep(day - time.Minute)
		if h, err := w.engine.Head(t.Context(), run); err != nil || h.Status.Closed() {
			t.Fatalf("it does not sleep on: %+v, %v", h, err)
		}
		time.Sleep(2 * time.Minute)
		w.expect(run, "FAILED States.Runtime State machine m1 has been deleted")
		if err := w.engine.MachineDeleted(t.Context(), run); !errors.Is(err, engine.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
		if err := w.engine.Redrive(t.Context(), run, ""); !errors.Is(err, engine.ErrNotRedrivable) {
			t.Errorf("a redrive: %v", err)
		}
		if err := w.engine.MachineDeleted(t.Context(), run+1); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("a run that is not there: %v", err)
		}
	})
}

func (w *world) entries(run store.RunID) (all []engine.Entry) {
	w.t.Helper()
	err := w.engine.Entries(context.Background(), run, func(e engine.Entry) bool {
		all = append(all, e)
		return true
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

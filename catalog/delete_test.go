package catalog_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

type noRuns struct{}

func (noRuns) List(context.Context, store.ListQuery, store.ListRow, int) ([]store.ListRow, error) {
	return nil, nil
}

func (noRuns) Stop(context.Context, store.RunID, *string, *string) (time.Time, error) {
	return time.Time{}, engine.ErrNotFound
}

// runs is an engine whose executions of one machine run until they are stopped.
type runs struct {
	mu      sync.Mutex // guards all below
	machine uint64
	running map[store.RunID]bool
	fail    error
	stopped int
}

func (r *runs) List(_ context.Context, q store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rows []store.ListRow
	for run := store.RunID(300); run > 0 && len(rows) < limit; run-- {
		if r.running[run] && q.Machine == r.machine && q.Status == store.Running && (after.Run == 0 || run < after.Run) {
			rows = append(rows, store.ListRow{Run: run})
		}
	}
	return rows, nil
}

func (r *runs) Stop(_ context.Context, run store.RunID, _, _ *string) (time.Time, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return time.Time{}, r.fail
	}
	delete(r.running, run)
	r.stopped++
	return time.Time{}, nil
}

func runningOf(machine uint64, n int) *runs {
	r := &runs{machine: machine, running: map[store.RunID]bool{}}
	for i := range n {
		r.running[store.RunID(i+1)] = true
	}
	return r
}

func TestDeleteOfAnIdleMachine(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	c.Attach(noRuns{})
	defer c.Close()
	old := mustCreate(t, c, request("m", "one"))
	for range 2 {
		if err := c.DeleteMachine(t.Context(), "m"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := current(t, c, "m")
	wantCode(t, err, catalog.StateMachineDoesNotExist)
	if m := mustCreate(t, c, request("m", "two")); m.ID == old.ID {
		t.Error("the new machine has the id of the old one")
	}
	if _, err := c.Definition(t.Context(), old.Revision); err != nil {
		t.Errorf("the revision of the old machine: %v", err)
	}
}

func TestDeleteStopsExecutions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, memstore.New(memstore.Options{}))
		m := mustCreate(t, c, request("m", "one"))
		r := runningOf(m.ID, 250)
		c.Attach(noRuns{}, r)
		defer c.Close()
		r.fail = errors.New("not now")
		if err := c.DeleteMachine(t.Context(), "m"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		_, err := current(t, c, "m")
		wantCode(t, err, catalog.StateMachineDeleting)
		_, err = c.CreateMachine(t.Context(), request("m", "one"))
		wantCode(t, err, catalog.StateMachineDeleting)
		if described, err := c.MachineByName(t.Context(), "m"); err != nil || described.Status != catalog.Deleting {
			t.Errorf("got %+v, %v", described, err)
		}
		r.mu.Lock()
		r.fail = nil
		r.mu.Unlock()
		time.Sleep(time.Minute)
		_, err = current(t, c, "m")
		wantCode(t, err, catalog.StateMachineDoesNotExist)
		if r.stopped != 250 {
			t.Errorf("%d executions were stopped", r.stopped)
		}
	})
}

func TestDeletionGoesOnInTheNextProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memstore.New(memstore.Options{})
		c := open(t, s) // never attached: it can only mark
		m := mustCreate(t, c, request("m", "one"))
		if err := c.DeleteMachine(t.Context(), "m"); err != nil {
			t.Fatal(err)
		}
		next := open(t, s)
		r := runningOf(m.ID, 1)
		next.Attach(r)
		defer next.Close()
		synctest.Wait()
		_, err := next.MachineByName(t.Context(), "m")
		wantCode(t, err, catalog.StateMachineDoesNotExist)
		if r.stopped != 1 {
			t.Errorf("%d executions were stopped", r.stopped)
		}
	})
}

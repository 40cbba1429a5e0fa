package catalog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
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

func (noRuns) MachineDeleted(context.Context, store.RunID) error { return engine.ErrNotFound }

func (noRuns) WhenEnded(_ context.Context, _ store.RunID, then func()) error {
	then()
	return nil
}

// runs is an engine whose executions of one machine run until end is called.
type runs struct {
	mu      sync.Mutex // guards all below
	machine uint64
	running map[store.RunID]bool
	told    map[store.RunID]int // how often
	fail    error
	left    int // how many can be told before fail, -1 for all
	lists   int
	then    map[store.RunID][]func() // by what run's end it is called
	// stopped is the run that an incident has stopped; deaf is how often the next ends
	// cannot be awaited.
	stopped store.RunID
	deaf    int
}

func (r *runs) List(_ context.Context, q store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lists++
	var rows []store.ListRow
	for run := store.RunID(2000); run > 0 && len(rows) < limit; run-- {
		if r.running[run] && q.Machine == r.machine && q.Status == store.Running && (after.Run == 0 || run < after.Run) {
			head := &store.Head{Name: fmt.Sprint("x", run)}
			if run == r.stopped {
				head.Incident = "our own fault"
			}
			rows = append(rows, store.ListRow{Run: run, Started: time.Unix(int64(run), 0).UTC(), Head: head})
		}
	}
	return rows, nil
}

func (r *runs) MachineDeleted(_ context.Context, run store.RunID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if run == r.stopped {
		return engine.ErrIncident
	}
	if r.left == 0 {
		return r.fail
	}
	r.left--
	r.told[run]++
	return nil
}

func (r *runs) WhenEnded(_ context.Context, run store.RunID, then func()) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deaf > 0 {
		r.deaf--
		return r.fail
	}
	if !r.running[run] {
		then()
		return nil
	}
	r.then[run] = append(r.then[run], then)
	return nil
}

// end ends all executions but one, or all.
func (r *runs) end(but store.RunID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.running[but]
	r.running = map[store.RunID]bool{but: one}
	for run, list := range r.then {
		for _, then := range list {
			if run != but {
				then()
			}
		}
		if run != but {
			delete(r.then, run)
		}
	}
}

// awaited counts what is to be called when an execution ends.
func (r *runs) awaited() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, list := range r.then {
		n += len(list)
	}
	return n
}

func runningOf(machine uint64, n int) *runs {
	r := &runs{machine: machine, running: map[store.RunID]bool{}, told: map[store.RunID]int{}, then: map[store.RunID][]func(){}, fail: errors.New("not now"), left: -1}
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

// TestDeletionWaitsForExecutions: each execution is told, not again and again; the
// machine stays until the last has ended, and takes nothing any more.
func TestDeletionWaitsForExecutions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, memstore.New(memstore.Options{}))
		m := mustCreate(t, c, request("m", "one"))
		r, two := runningOf(m.ID, 1000), "two"
		c.Attach(r)
		defer c.Close()
		for range 2 {
			if err := c.DeleteMachine(t.Context(), "m"); err != nil {
				t.Fatal(err)
			}
		}
		for _, left := range []store.RunID{1000, 7} {
			time.Sleep(time.Hour)
			_, err := current(t, c, "m")
			wantCode(t, err, catalog.StateMachineDeleting)
			_, err = c.CreateMachine(t.Context(), request("m", "one"))
			wantCode(t, err, catalog.StateMachineDeleting)
			_, err = c.UpdateMachine(t.Context(), "m", catalog.UpdateRequest{Definition: &two})
			wantCode(t, err, catalog.StateMachineDeleting)
			_, err = c.PublishVersion(t.Context(), "m", catalog.PublishRequest{})
			wantCode(t, err, catalog.StateMachineDeleting)
			if described, err := c.MachineByName(t.Context(), "m"); err != nil || described.Status != catalog.Deleting {
				t.Errorf("got %+v, %v", described, err)
			}
			r.end(left)
		}
		r.end(0)
		r.mu.Lock()
		if len(r.told) != 1000 {
			t.Errorf("%d executions were told", len(r.told))
		}
		for run, n := range r.told {
			if n > 3 { // by either call, and by who goes on with deletions
				t.Errorf("execution %d was told %d times", run, n)
			}
		}
		if r.lists > 30 {
			t.Errorf("%d looks in two hours", r.lists)
		}
		r.mu.Unlock()
		time.Sleep(2 * time.Second)
		_, err := c.MachineByName(t.Context(), "m")
		wantCode(t, err, catalog.StateMachineDoesNotExist)
		if m := mustCreate(t, c, request("m", "two")); m.ID == r.machine {
			t.Error("the new machine has the id of the old one")
		}
	})
}

// TestDeletionGoesOnInTheNextProcess: a process that dies half-way leaves to the
// next one what it has not told.
func TestDeletionGoesOnInTheNextProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memstore.New(memstore.Options{})
		c := open(t, s)
		m := mustCreate(t, c, request("m", "one"))
		r := runningOf(m.ID, 1000)
		if err := c.DeleteMachine(t.Context(), "m"); err != nil { // not attached: it can only mark
			t.Fatal(err)
		}
		for _, left := range []int{600, -1} {
			r.left = left
			next := open(t, s)
			next.Attach(r)
			synctest.Wait()
			next.Close()
			if left == 600 && len(r.told) != 600 {
				t.Fatalf("%d executions were told before the process died", len(r.told))
			}
		}
		if len(r.told) != 1000 {
			t.Errorf("%d executions were told", len(r.told))
		}
		r.end(0)
		last := open(t, s)
		last.Attach(r)
		defer last.Close()
		synctest.Wait()
		_, err := last.MachineByName(t.Context(), "m")
		wantCode(t, err, catalog.StateMachineDoesNotExist)
		again := 0
		for _, n := range r.told {
			again += n - 1
		}
		if again >= 256 {
			t.Errorf("%d executions were told again", again)
		}
	})
}

// TestDeletionWaitsForStarts: whoever is about to start an execution is waited for,
// and what was started is told.
func TestDeletionWaitsForStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, memstore.New(memstore.Options{}))
		m := mustCreate(t, c, request("m", "one"))
		r := runningOf(m.ID, 0)
		c.Attach(r)
		defer c.Close()
		c.Enter("m")
		c.Enter("m")
		if _, err := current(t, c, "m"); err != nil {
			t.Fatal(err)
		}
		if err := c.DeleteMachine(t.Context(), "m"); err != nil {
			t.Fatal(err)
		}
		c.Leave("m")
		time.Sleep(time.Minute)
		if _, err := c.MachineByName(t.Context(), "m"); err != nil {
			t.Errorf("the machine is gone, and its execution about to start: %v", err)
		}
		r.mu.Lock()
		r.running[5] = true
		r.mu.Unlock()
		c.Leave("m")
		time.Sleep(time.Minute)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.told[5] != 1 {
			t.Error("the execution that was started last was not told")
		}
	})
}

// TestDeletionAmongRefusedStarts: those who come after the mark are refused, and nobody
// waits for them, however many come.
func TestDeletionAmongRefusedStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, memstore.New(memstore.Options{}))
		mustCreate(t, c, request("m", "one"))
		c.Attach(noRuns{})
		defer c.Close()
		c.Enter("m")
		if err := c.DeleteMachine(t.Context(), "m"); err != nil {
			t.Fatal(err)
		}
		c.Leave("m")
		c.Enter("m") // refused, and not gone yet when somebody looks
		synctest.Wait()
		_, err := c.MachineByName(t.Context(), "m")
		wantCode(t, err, catalog.StateMachineDoesNotExist)
		c.Leave("m")
	})
}

// TestDeletionIsPrompt: a machine goes a second after the end of its last execution,
// whatever was asked meanwhile, and others that wait cost nothing.
func TestDeletionIsPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, memstore.New(memstore.Options{}))
		m, other := mustCreate(t, c, request("m", "one")), mustCreate(t, c, request("other", "one"))
		r := runningOf(m.ID, 300)
		c.Attach(r)
		defer c.Close()
		for range 100 {
			if err := c.DeleteMachine(t.Context(), "m"); err != nil {
				t.Fatal(err)
			}
		}
		if n := r.awaited(); n != 1 {
			t.Errorf("the ends of %d executions are awaited", n)
		}
		time.Sleep(24 * time.Hour)
		r.end(7)
		time.Sleep(24 * time.Hour)
		r.mu.Lock()
		lists := r.lists
		r.mu.Unlock()
		r.end(0)
		time.Sleep(time.Second - 1)
		if _, err := c.MachineByName(t.Context(), "m"); err != nil {
			t.Errorf("nobody has time to ask how the last execution ended: %v", err)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		_, err := c.MachineByName(t.Context(), "m")
		wantCode(t, err, catalog.StateMachineDoesNotExist)
		if r.lists != lists+1 {
			t.Errorf("%d looks after the end", r.lists-lists)
		}
		if _, err := current(t, c, other.Name); err != nil {
			t.Error(err)
		}
	})
}

// TestDeletionGoesOnWhenTheEngineAnswersAgain, and keeps no other waiting.
func TestDeletionGoesOnWhenTheEngineAnswersAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, memstore.New(memstore.Options{}))
		m := mustCreate(t, c, request("m", "one"))
		mustCreate(t, c, request("idle", "one"))
		r := runningOf(m.ID, 10)
		r.left = 3
		c.Attach(r)
		defer c.Close()
		for _, name := range []string{"m", "idle"} {
			if err := c.DeleteMachine(t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		_, err := c.MachineByName(t.Context(), "idle")
		wantCode(t, err, catalog.StateMachineDoesNotExist)
		time.Sleep(time.Minute)
		r.mu.Lock()
		r.left = -1
		r.mu.Unlock()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if n := r.awaited(); len(r.told) != 10 || n != 1 {
			t.Errorf("%d executions were told, the ends of %d are awaited", len(r.told), n)
		}
	})
}

// TestDeletionIsHeldByAnIncident: the operator is told of the execution that an incident
// has stopped, when it is to learn of the deletion and, by the next process, when it is
// waited for, which is the newest.
func TestDeletionIsHeldByAnIncident(t *testing.T) {
	for _, tc := range []struct {
		stopped, other store.RunID
		restart        bool
	}{{stopped: 1, other: 2}, {stopped: 2, other: 1, restart: true}} {
		synctest.Test(t, func(t *testing.T) {
			records := memstore.New(memstore.Options{})
			c, log := openTold(t, records)
			m := mustCreate(t, c, request("m", "one"))
			r := runningOf(m.ID, 2)
			r.stopped = tc.stopped
			c.Attach(r)
			if err := c.DeleteMachine(t.Context(), "m"); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if tc.restart {
				c.Close()
				c, log = openTold(t, records)
				c.Attach(r)
			}
			defer c.Close()
			synctest.Wait()
			line := func(run store.RunID) bool { return strings.Contains(log.String(), fmt.Sprint("execution:m:x", run)) }
			if !line(tc.stopped) || line(tc.other) {
				t.Errorf("of execution %d nothing is told, or of %d: %s", tc.stopped, tc.other, log)
			}
		})
	}
}

// openTold is open, with what the operator is told.
func openTold(t *testing.T, records store.Records) (*catalog.Catalog, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	c, err := catalog.Open(t.Context(), catalog.Config{Records: records, Compile: compile, Place: place, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return c, &log
}

// TestDeletionWhoseEndCannotBeAwaited: it is tried again until it can.
func TestDeletionWhoseEndCannotBeAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, memstore.New(memstore.Options{}))
		m := mustCreate(t, c, request("m", "one"))
		r := runningOf(m.ID, 1)
		r.deaf = 3
		c.Attach(r)
		defer c.Close()
		if err := c.DeleteMachine(t.Context(), "m"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		r.end(0)
		time.Sleep(time.Second)
		synctest.Wait()
		_, err := c.MachineByName(t.Context(), "m")
		wantCode(t, err, catalog.StateMachineDoesNotExist)
	})
}

// TestDeletionOfAnExpressMachine waits for nobody.
func TestDeletionOfAnExpressMachine(t *testing.T) {
	c := open(t, memstore.New(memstore.Options{}))
	req := request("x", "one")
	req.Type = catalog.Express
	m := mustCreate(t, c, req)
	r := runningOf(m.ID, 1)
	c.Attach(r)
	defer c.Close()
	if err := c.DeleteMachine(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	_, err := c.MachineByName(t.Context(), "x")
	wantCode(t, err, catalog.StateMachineDoesNotExist)
	if len(r.told) != 0 {
		t.Errorf("%d executions were told", len(r.told))
	}
}

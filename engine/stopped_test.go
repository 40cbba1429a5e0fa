package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// countedIncidents counts what an operator is told.
type countedIncidents struct {
	engine.NopListener
	n     atomic.Int64
	first sync.Once
	told  chan struct{} // closed with the first
}

func newCountedIncidents() *countedIncidents { return &countedIncidents{told: make(chan struct{})} }

func (c *countedIncidents) Incident(store.RunID, string) {
	c.n.Add(1)
	c.first.Do(func() { close(c.told) })
}

// await returns when the operator has been told of one.
func (c *countedIncidents) await() { <-c.told }

// TestMessagesToAStoppedRunWaitInItsInbox: it is not read for each of them, nor the
// operator told again, and it has them all when it is resumed.
func TestMessagesToAStoppedRunWaitInItsInbox(t *testing.T) {
	for name, head := range map[string]bool{"log": false, "head and log": true} {
		t.Run(name, func(t *testing.T) {
			damaged, incidents := &damagedStore{}, newCountedIncidents()
			w := newWorld(t, echo, func(c *engine.Config) { damaged.Store, c.Store, c.Shards = c.Store, damaged, 1 })
			w.cfg.Listener = incidents
			tokens := make(chan connector.Origin, 1)
			w.cfg.Connectors["states"] = connector.Func(func(_ context.Context, call *connector.Call) ([]byte, error) {
				tokens <- call.Origin
				return []byte(`{}`), nil
			})
			w.cfg.ChildResult = func(end connector.ChildEnd) connector.ChildResult { return connector.ChildResult{Output: end.Output} }
			w.reopen()
			parent := w.deploy(1, `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
				"Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m2"}, "End": true}}}`)
			child := w.deploy(2, oneTask)
			run := w.start(parent, "x", `{}`)
			task := <-tokens
			w.settle(run)
			w.cfg.Connectors["states"] = connector.Func(func(context.Context, *connector.Call) ([]byte, error) { return []byte(`{}`), nil })
			damaged.run.Store(uint64(run))
			damaged.head.Store(head)
			w.reopen()
			for i := range 20 {
				of := connector.Parent{Origin: connector.Origin{Run: task.Run, Task: task.Task + 1 - uint64(min(i, 1))}, Notify: true, Form: "sync:2"}
				s, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: child, Name: fmt.Sprint(i), Input: value.Text([]byte(`5`)), Parent: &of})
				if err != nil {
					t.Fatal(err)
				}
				w.expect(s.Run, "SUCCEEDED 5")
			}
			incidents.await() // the run is read beside the others
			if n := damaged.reading.Load(); n > 2 {
				t.Errorf("the log was read %d times", n)
			}
			if n := incidents.n.Load(); n != 1 {
				t.Errorf("the operator was told %d times", n)
			}
			damaged.run.Store(0)
			if err := w.engine.Resume(t.Context(), run); err != nil {
				t.Fatal(err)
			}
			w.expect(run, "SUCCEEDED 5")
		})
	}
}

// TestStopOfAStoppedRun: what an incident has stopped can be aborted once it can be
// read, and then its task is not done again; and its end is told as any other's.
func TestStopOfAStoppedRun(t *testing.T) {
	w, damaged, run, called := stoppedRun(t, oneTask)
	if _, err := w.engine.Stop(t.Context(), run, nil, nil); !errors.Is(err, engine.ErrIncident) {
		t.Errorf("stop of a run that cannot be read gave %v", err)
	}
	damaged.run.Store(0)
	if err := w.engine.StopFor(t.Context(), run, connector.Origin{Run: 1, Task: 1}, nil); !errors.Is(err, engine.ErrIncident) {
		t.Errorf("whoever has no part in it has touched it: %v", err)
	}
	if h, err := w.engine.Head(t.Context(), run); err != nil || h.Incident == "" {
		t.Errorf("head %+v, %v", h, err)
	}
	ended := false
	if err := w.engine.WhenEnded(t.Context(), run, func() { ended = true }); err != nil {
		t.Fatal(err)
	}
	if _, err := w.engine.Stop(t.Context(), run, nil, nil); err != nil {
		t.Fatal(err)
	}
	w.expect(run, "ABORTED")
	if h, err := w.engine.Head(t.Context(), run); err != nil || h.Incident != "" || !ended || called.Load() != 1 {
		t.Errorf("head %+v, %v; ended is %t; the function was called %d times", h, err, ended, called.Load())
	}
}

// TestStopOfARunWithAMessageThatCannotBeRead: the message has stopped it, and stops it again
// whenever it is resumed.
func TestStopOfARunWithAMessageThatCannotBeRead(t *testing.T) {
	incidents := newCountedIncidents()
	w := newWorld(t, echo, func(c *engine.Config) { c.Listener = incidents })
	run := w.start(w.deploy(1, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`), "x", `{}`)
	sender, err := w.cfg.Store.AllocateRuns(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	message := store.Message{To: run, MessageID: store.MessageID{Source: sender, ID: 1}, Body: []byte("of a newer version")}
	batch := store.Batch{Run: sender, Create: true, Commit: 1, Entry: []byte("sends"), Head: &store.Head{Machine: 2, Position: 1, Commit: 1}, Send: []store.Message{message}}
	if r, err := w.cfg.Store.Commit(t.Context(), []store.Batch{batch}); err != nil || r[0].Outcome != store.OK {
		t.Fatal(r, err)
	}
	w.reopen()
	incidents.await()
	if err := w.engine.Resume(t.Context(), run); !errors.Is(err, engine.ErrIncident) {
		t.Errorf("a resume gave %v", err)
	}
	if _, err := w.engine.Stop(t.Context(), run, nil, nil); err != nil {
		t.Errorf("a stop gave %v", err)
	}
	if h, err := w.engine.Head(t.Context(), run); err != nil || h.Status != store.Status(interpreter.Aborted) {
		t.Errorf("head %+v, %v", h, err)
	}
}

// TestResumeDeleted: a run whose machine was deleted while an incident had stopped it
// knows when it goes on.
func TestResumeDeleted(t *testing.T) {
	w, damaged, run, _ := stoppedRun(t, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"P"},"P":{"Type":"Pass","End":true}}}`)
	damaged.run.Store(0)
	if err := w.engine.MachineDeleted(t.Context(), run); !errors.Is(err, engine.ErrIncident) {
		t.Errorf("it was told: %v", err)
	}
	if err := w.engine.ResumeDeleted(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	w.expect(run, "FAILED States.Runtime State machine m1 has been deleted")
	if err := w.engine.ResumeDeleted(t.Context(), run); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("after its end: %v", err)
	}
}

// stoppedRun is a run of a definition which an incident has stopped: its log cannot be
// read until the store is mended. Its function does not answer, and counts its calls.
func stoppedRun(t *testing.T, definition string) (w *world, damaged *damagedStore, run store.RunID, called *atomic.Int64) {
	t.Helper()
	damaged, called = &damagedStore{}, &atomic.Int64{}
	began := make(chan struct{}, 8)
	w = newWorld(t, func(ctx context.Context, _ *connector.Call) ([]byte, error) {
		called.Add(1)
		began <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}, func(c *engine.Config) {
		damaged.Store, c.Store, c.Shards, c.DrainTimeout = c.Store, damaged, 1, time.Millisecond
	})
	run = w.start(w.deploy(1, definition), "x", `{}`)
	if definition == oneTask {
		<-began
	}
	damaged.run.Store(uint64(run))
	w.reopen()
	if err := w.engine.MachineDeleted(t.Context(), run); !errors.Is(err, engine.ErrIncident) {
		t.Fatalf("a run that cannot be read: %v", err)
	}
	return w, damaged, run, called
}

// settle returns when what the run has been told is durable.
func (w *world) settle(run store.RunID) {
	w.t.Helper()
	for {
		h, err := w.engine.Head(w.t.Context(), run)
		if err != nil {
			w.t.Fatal(err)
		}
		if h.Position > 1 {
			return
		}
	}
}

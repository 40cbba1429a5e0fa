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

// countedIncidents counts what an operator is told.
type countedIncidents struct {
	engine.NopListener
	n atomic.Int64
}

func (c *countedIncidents) Incident(store.RunID, string) { c.n.Add(1) }

// await returns when the operator has been told of one.
func (c *countedIncidents) await() {
	for c.n.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
}

// TestMessagesToAStoppedRunWaitInItsInbox: it is not read for each of them, nor the
// operator told again, and it has them all when it is resumed.
func TestMessagesToAStoppedRunWaitInItsInbox(t *testing.T) {
	for name, head := range map[string]bool{"log": false, "head and log": true} {
		t.Run(name, func(t *testing.T) {
			damaged, incidents := &damagedStore{}, &countedIncidents{}
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

package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTaskRunsToItsEnd(t *testing.T) {
	w := newWorld(t, echo)
	w.expect(w.start(w.deploy(1, oneTask), "x", `{"a": 1}`), `SUCCEEDED {"a": 1}`)
}

func TestTaskFailure(t *testing.T) {
	w := newWorld(t, func(context.Context, *connector.Call) ([]byte, error) {
		return nil, &connector.Error{Name: "Declined", Cause: "no money"}
	})
	w.expect(w.start(w.deploy(1, oneTask), "x", `{}`), "FAILED Declined no money")
}

func TestConnectorThatPanicsOrAnswersGarbageFailsItsTask(t *testing.T) {
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		if string(call.Payload) == `"panic"` {
			panic("oh no")
		}
		return []byte(`{"half":`), nil
	})
	d := w.deploy(1, oneTask)
	if got := w.wait(w.start(d, "a", `"panic"`)); !strings.HasPrefix(got, "FAILED States.TaskFailed the connector panicked: oh no") {
		t.Error(got)
	}
	if got := w.wait(w.start(d, "b", `"garbage"`)); !strings.HasPrefix(got, "FAILED States.Runtime") || !strings.Contains(got, "not valid JSON") {
		t.Error(got)
	}
}

func TestNameIsTakenOnce(t *testing.T) {
	w := newWorld(t, echo)
	d := w.deploy(1, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`)
	first := w.start(d, "x", `{}`)
	_, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Name: "x", Input: value.Text([]byte(`{}`))})
	var taken *engine.NameTakenError
	if !errors.As(err, &taken) || taken.Run != first {
		t.Errorf("second start gave %v, want NameTakenError with run %d", err, first)
	}
}

func TestManyAtOnce(t *testing.T) {
	w := newWorld(t, echo)
	d := w.deploy(1, oneTask)
	var group sync.WaitGroup
	for i := range 500 {
		group.Go(func() {
			ended := make(chan engine.Description, 1)
			s, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Input: value.Text(fmt.Append(nil, i)), Ended: ended})
			if err != nil {
				t.Error(err)
				return
			}
			if got := outcome(<-ended); got != fmt.Sprintf("SUCCEEDED %d", i) {
				t.Errorf("run %d: %v", s.Run, got)
			}
		})
	}
	group.Wait()
}

func TestWaitIsWokenByTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo)
		d := w.deploy(1, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 86400, "End": true}}}`)
		began := time.Now()
		run := w.start(d, "x", `{}`)
		if r, err := w.engine.Wait(t.Context(), run); err != nil || outcome(r) != "SUCCEEDED {}" {
			t.Errorf("%v %v", outcome(r), err)
		}
		if took := time.Since(began); took < 86400*time.Second || took > 86401*time.Second {
			t.Errorf("a wait of a day took %v", took)
		}
		_ = w.engine.Close()
	})
}

func TestStopIsFinal(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	w := newWorld(t, func(ctx context.Context, _ *connector.Call) ([]byte, error) {
		close(started)
		<-ctx.Done() // the call is cancelled
		close(release)
		return []byte(`{}`), nil
	})
	run := w.start(w.deploy(1, oneTask), "x", `{}`)
	<-started
	name, cause := "Stopped", "by hand"
	if _, err := w.engine.Stop(t.Context(), run, &name, &cause); err != nil {
		t.Fatal(err)
	}
	<-release
	w.expect(run, "ABORTED Stopped by hand")
	if _, err := w.engine.Stop(t.Context(), run, nil, nil); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("stopping twice gave %v", err)
	}
}

func TestCloseLeavesWorkForTheNextEngine(t *testing.T) {
	var calls atomic.Int64
	started := make(chan struct{}, 10)
	w := newWorld(t, func(ctx context.Context, call *connector.Call) ([]byte, error) {
		if calls.Add(1) == 1 {
			started <- struct{}{}
			<-ctx.Done() // the first call never ends by itself
			return nil, ctx.Err()
		}
		return []byte(`"second"`), nil
	}, func(c *engine.Config) { c.DrainTimeout = 10 * time.Millisecond })
	run := w.start(w.deploy(1, oneTask), "x", `{}`)
	<-started
	if err := w.engine.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: w.deploy(2, oneTask), Input: value.Text([]byte(`1`))}); !errors.Is(err, engine.ErrStopped) {
		t.Errorf("a closed engine answers %v", err)
	}
	w.cfg.Store = reopened{w.cfg.Store, 2}
	w.open()
	w.expect(run, `SUCCEEDED "second"`)
	if n := calls.Load(); n != 2 {
		t.Errorf("%d calls", n)
	}
}

// reopened is a store as the next process sees it.
type reopened struct {
	store.Store
	node store.NodeID
}

func (r reopened) Node() store.NodeID { return r.node }

func TestIdempotencyKeyIsTheSameAfterARestart(t *testing.T) {
	keys := make(chan string, 2)
	var calls atomic.Int64
	w := newWorld(t, func(ctx context.Context, call *connector.Call) ([]byte, error) {
		keys <- call.IdempotencyKey
		if calls.Add(1) == 1 {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return []byte(`{}`), nil
	}, func(c *engine.Config) { c.DrainTimeout = 10 * time.Millisecond })
	run := w.start(w.deploy(1, oneTask), "x", `{}`)
	first := <-keys
	_ = w.engine.Close()
	w.cfg.Store = reopened{w.cfg.Store, 2}
	w.open()
	w.expect(run, "SUCCEEDED {}")
	if again := <-keys; again != first {
		t.Errorf("keys %q and %q differ", first, again)
	}
}

func TestChildTellsItsParent(t *testing.T) {
	w := newWorld(t, echo)
	child := w.deploy(2, oneTask)
	w.cfg.Connectors["states"] = connector.Func(func(ctx context.Context, call *connector.Call) ([]byte, error) {
		s, err := w.engine.Start(ctx, engine.StartRequest{
			Definition: child, Name: "child-" + call.IdempotencyKey, Input: value.Text([]byte(`"from the child"`)),
			Parent: &connector.Parent{Origin: call.Origin, Notify: true, Form: call.Action},
		})
		return fmt.Appendf(nil, "%d", s.Run), err
	})
	w.cfg.ChildResult = func(end connector.ChildEnd) connector.ChildResult {
		return connector.ChildResult{Output: end.Output}
	}
	_ = w.engine.Close()
	w.cfg.Store = memstore.New(memstore.Options{})
	w.open()
	parent := w.deploy(1, `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
		"Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m2"}, "End": true}}}`)
	w.expect(w.start(parent, "x", `{}`), `SUCCEEDED "from the child"`)
	if mail, err := w.cfg.Store.Mail(t.Context(), 0, 10); err != nil || len(mail) > 0 {
		t.Errorf("inboxes %v, %v", mail, err)
	}
}

func TestRetentionPurges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo, func(c *engine.Config) { c.Retention = time.Hour })
		d := w.deploy(1, oneTask)
		run := w.start(d, "x", `{}`)
		w.expect(run, "SUCCEEDED {}")
		time.Sleep(59 * time.Minute)
		if _, err := w.engine.Describe(t.Context(), run); err != nil {
			t.Errorf("before its time: %v", err)
		}
		time.Sleep(3 * time.Minute)
		if _, err := w.engine.Describe(t.Context(), run); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("after its time: %v", err)
		}
		if again := w.start(d, "x", `{}`); again == run {
			t.Error("the run's id was used again")
		}
		_ = w.engine.Close()
	})
}

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
	"github.com/fermata-dev/fermata/interpreter"
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

const token = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
	"Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}}, "End": true}}}`

func TestTaskTokenEndsTheTaskOnce(t *testing.T) {
	tokens := make(chan string, 1)
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		tokens <- call.TaskToken
		return []byte(`{}`), nil
	})
	run := w.start(w.deploy(1, token), "x", `{}`)
	tok := <-tokens
	if err := w.engine.HeartbeatTask(t.Context(), tok); err != nil {
		t.Errorf("heartbeat: %v", err)
	}
	if err := w.engine.CompleteTask(t.Context(), tok, []byte(`"done"`)); err != nil {
		t.Fatal(err)
	}
	w.expect(run, `SUCCEEDED "done"`)
	for name, err := range map[string]error{
		"completing again": w.engine.CompleteTask(t.Context(), tok, []byte(`1`)),
		"late failure":     w.engine.FailTask(t.Context(), tok, nil, nil),
		"late heartbeat":   w.engine.HeartbeatTask(t.Context(), tok),
	} {
		if !errors.Is(err, engine.ErrClosed) {
			t.Errorf("%s gave %v, want ErrClosed", name, err)
		}
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	w := newWorld(t, echo)
	other := newWorld(t, echo)
	tokens := make(chan string, 1)
	other.cfg.Connectors["lambda"] = connector.Func(func(_ context.Context, call *connector.Call) ([]byte, error) {
		tokens <- call.TaskToken
		return []byte(`{}`), nil
	})
	_ = other.engine.Close()
	other.open()
	other.start(other.deploy(1, token), "x", `{}`)
	foreign := <-tokens
	for _, tok := range []string{"", "x", strings.Repeat("A", 44), foreign, foreign[:len(foreign)-1] + "A"} {
		if err := w.engine.CompleteTask(t.Context(), tok, []byte(`1`)); !errors.Is(err, engine.ErrToken) {
			t.Errorf("token %q gave %v", tok, err)
		}
	}
}

const activity = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:work", "End": true}}}`

func TestActivityIsHandedOutOnceAndInOrder(t *testing.T) {
	w := newWorld(t, echo)
	d := w.deploy(1, activity)
	const n = 50
	runs := make([]store.RunID, n)
	for i := range runs {
		runs[i] = w.start(d, fmt.Sprint(i), fmt.Sprint(i))
	}
	var seen sync.Map
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for {
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				item, err := w.engine.Poll(ctx, "arn:aws:states:us-east-1:123456789012:activity:work", "me")
				cancel()
				if err != nil {
					t.Error(err)
				}
				if item == nil {
					return
				}
				if _, again := seen.LoadOrStore(string(item.Input), true); again {
					t.Errorf("task %s was handed out twice", item.Input)
				}
				if err := w.engine.CompleteTask(t.Context(), item.Token, item.Input); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for i, run := range runs {
		w.expect(run, fmt.Sprintf("SUCCEEDED %d", i))
	}
}

func TestPollWaitsForWork(t *testing.T) {
	w := newWorld(t, echo)
	d := w.deploy(1, activity)
	got := make(chan *engine.WorkItem)
	go func() {
		item, err := w.engine.Poll(t.Context(), "arn:aws:states:us-east-1:123456789012:activity:work", "me")
		if err != nil {
			t.Error(err)
		}
		got <- item
	}()
	run := w.start(d, "x", `7`)
	item := <-got
	if item == nil {
		t.Fatal("no item")
	}
	name := "Broken"
	if err := w.engine.FailTask(t.Context(), item.Token, &name, nil); err != nil {
		t.Fatal(err)
	}
	w.expect(run, "FAILED Broken")
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
	go1, found := make(chan struct{}), make(chan struct{})
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
	if _, err := w.engine.Stop(t.Context(), run, nil, nil); !errors.Is(err, engine.ErrIncident) {
		t.Errorf("stop gave %v", err)
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

func (i incidents) Incident(store.RunID, string) { close(i.found) }

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

package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
)

// oneIn is a pace of one token in so much time, with none at the beginning.
type oneIn struct {
	time time.Duration

	mu   sync.Mutex // guards next
	next time.Time
}

func (p *oneIn) Reserve(now time.Time, n int) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n == 0 {
		return now
	}
	if p.next.Before(now) {
		p.next = now
	}
	p.next = p.next.Add(time.Duration(n) * p.time)
	return p.next
}

// TestTransitionsArePaced: a run goes on when there are tokens for its next steps. Its
// start does not wait, nor does what makes no transition.
func TestTransitionsArePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo, func(cfg *engine.Config) { cfg.Transitions, cfg.Shards = &oneIn{time: time.Second}, 1 })
		d := w.deploy(1, threeTasks())
		began := time.Now()
		other := w.start(w.deploy(2, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`), "y", `{}`)
		run := w.start(d, "x", `{}`)
		if took := time.Since(began); took != 0 {
			t.Errorf("starting took %v", took)
		}
		synctest.Wait() // the answer of the first task is there
		if _, err := w.engine.Stop(t.Context(), other, nil, nil); err != nil || time.Since(began) != 0 {
			t.Errorf("stopping another took %v: %v", time.Since(began), err)
		}
		if got := w.wait(run); got != "SUCCEEDED {}" {
			t.Errorf("it ended as %s", got)
		}
		// Two for the starts, which are owed, then two for B and C.
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("it took %v", took)
		}
		_ = w.engine.Close()
	})
}

// TestLoopsTakeTurns: a run that makes transitions without end lets others go on.
func TestLoopsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo, func(cfg *engine.Config) {
			cfg.Transitions, cfg.Shards, cfg.Limits.HistoryEvents = &oneIn{time: time.Millisecond}, 1, 1_000_000_000
		})
		loop := w.deploy(1, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$", "IsString": true, "Next": "E"}], "Default": "P"}, "E": {"Type": "Succeed"}}}`)
		for i := range 4 {
			w.start(loop, fmt.Sprint(i), `{}`)
		}
		began := time.Now()
		if got := w.wait(w.start(w.deploy(2, threeTasks()), "x", `{}`)); got != "SUCCEEDED {}" {
			t.Errorf("it ended as %s", got)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("it waited %v behind the loops", took)
		}
		closing := time.Now()
		if err := w.engine.Close(); err != nil || time.Since(closing) != 0 {
			t.Errorf("closing took %v: %v", time.Since(closing), err)
		}
	})
}

// TestCloseCommitsWhatWasHeld, and what is left goes on with the next engine.
func TestCloseCommitsWhatWasHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo, func(cfg *engine.Config) { cfg.Transitions = &oneIn{time: time.Hour} })
		run := w.start(w.deploy(1, threeTasks()), "x", `{}`)
		synctest.Wait()
		began := time.Now()
		if err := w.engine.Close(); err != nil || time.Since(began) != 0 {
			t.Errorf("closing took %v: %v", time.Since(began), err)
		}
		entries := 0
		err := w.cfg.Store.Entries(context.Background(), run, 0, func(uint64, []byte) bool { entries++; return true })
		if err != nil || entries != 2 {
			t.Errorf("%d entries, %v", entries, err)
		}
		w.cfg.Transitions = nil
		w.cfg.Store = reopened{w.cfg.Store, 2}
		w.open()
		if got := w.wait(run); got != "SUCCEEDED {}" {
			t.Errorf("it ended as %s", got)
		}
		_ = w.engine.Close()
	})
}

// TestCallsArePaced by connector. Those that are cancelled while they wait take no
// tokens, and closing waits for none.
func TestCallsArePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
			calls++
			return call.Payload, nil
		}, func(cfg *engine.Config) {
			cfg.Paces, cfg.Shards = map[string]engine.Pace{"lambda": &oneIn{time: time.Second}}, 1
		})
		d := w.deploy(1, oneTask)
		began := time.Now()
		first := w.start(d, "first", `{}`)
		for i := range 10 {
			if _, err := w.engine.Stop(t.Context(), w.start(d, fmt.Sprint(i), `{}`), nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		last := w.start(d, "last", `{}`)
		w.wait(first)
		w.wait(last)
		if took := time.Since(began); took != 2*time.Second || calls != 2 {
			t.Errorf("%d calls took %v", calls, took)
		}
		run := w.start(d, "never", `{}`)
		closing := time.Now()
		if err := w.engine.Close(); err != nil || time.Since(closing) != 0 || calls != 2 {
			t.Errorf("closing took %v, %d calls: %v", time.Since(closing), calls, err)
		}
		w.cfg.Paces = nil
		w.cfg.Store = reopened{w.cfg.Store, 2}
		w.open()
		if got := w.wait(run); got != "SUCCEEDED {}" || calls != 3 {
			t.Errorf("it ended as %s, after %d calls", got, calls)
		}
		_ = w.engine.Close()
	})
}

// TestPacedCallsTimeOut as others do.
func TestPacedCallsTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, echo, func(cfg *engine.Config) {
			cfg.Paces = map[string]engine.Pace{"lambda": &oneIn{time: time.Hour}}
		})
		d := w.deploy(1, `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "TimeoutSeconds": 5, "End": true}}}`)
		s, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Name: "x", Input: value.Text([]byte(`{}`))})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if w.wait(s.Run); time.Since(began) > 6*time.Second {
			t.Errorf("it took %v", time.Since(began))
		}
		_ = w.engine.Close()
	})
}

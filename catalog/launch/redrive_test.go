package launch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// ender is an engine with one run, which ends when it is stopped or awaited. It
// notes what it is asked for.
type ender struct {
	mapper
	found   bool
	d       engine.Description
	refuses bool // to open the run again
	alone   bool // nobody waits for the run
	busy    int  // how often it is at its limit first
	asks    []string
}

func (e *ender) ByName(context.Context, uint64, string) (store.RunID, error) {
	if !e.found {
		return 0, engine.ErrNotFound
	}
	return 7, nil
}

func (e *ender) Start(_ context.Context, req engine.StartRequest) (engine.Started, error) {
	e.asks = append(e.asks, "start "+string(req.Input.Text()))
	return engine.Started{}, nil
}

func (e *ender) Describe(context.Context, store.RunID) (engine.Description, error) { return e.d, nil }

func (e *ender) RedriveFor(_ context.Context, _ store.RunID, p connector.Parent) error {
	if e.busy > 0 {
		e.busy--
		return engine.ErrBusy
	}
	e.asks = append(e.asks, fmt.Sprintf("redrive for %d", p.Task))
	if e.refuses || !e.d.Status.Closed() {
		return engine.ErrNotRedrivable
	}
	return nil
}

func (e *ender) StopFor(_ context.Context, _ store.RunID, of connector.Origin, _ *string) error {
	e.asks = append(e.asks, fmt.Sprintf("stop for %d", of.Task))
	if e.d.Status.Closed() {
		return engine.ErrClosed
	}
	return nil
}

func (e *ender) Waited(context.Context, store.RunID) (bool, error) { return !e.alone, nil }

func (e *ender) Wait(context.Context, store.RunID) (engine.Description, error) {
	e.asks = append(e.asks, "wait")
	if !e.d.Status.Closed() {
		e.d.Status = interpreter.Aborted
	}
	return e.d, nil
}

// EntriesFrom gives the log of a map run over three items.
func (e *ender) EntriesFrom(_ context.Context, _ store.RunID, _ uint64, yield func(engine.Entry) bool) error {
	p := &maprun.Program{}
	var d interpreter.Decision
	run := p.New(interpreter.Info{Limits: &interpreter.Limits{}})
	run.Decide(&interpreter.Env{}, interpreter.Start{Input: value.Text([]byte(`{"Name":"n","Items":["a","b","c"]}`))}, &d)
	var facts [][]byte
	for i := range d.Facts() {
		facts = append(facts, d.Fact(i))
	}
	yield(engine.Entry{Facts: facts})
	return nil
}

// TestRedriveOfAChildThatIsNotThere begins it anew, with the input that it had.
func TestRedriveOfAChildThatIsNotThere(t *testing.T) {
	l, e := newEnder(t, interpreter.Failed)
	e.found = false
	for number, want := range map[int64]string{2: `start "c"`, 3: ""} {
		e.asks = nil
		end, err := l.RedriveChild(t.Context(), mapruns.ChildRequest{MapRun: 1, Number: number, Parent: connector.Parent{Origin: connector.Origin{Run: 1, Task: 9}}})
		if got := strings.Join(e.asks, ", "); end != nil || got != want || (err == nil) != (want != "") {
			t.Errorf("child %d: answered %v, %v, asked to %q", number, end, err, got)
		}
	}
}

// newEnder is a launcher over an engine whose run stands so.
func newEnder(t *testing.T, status interpreter.Status) (*launch.Launcher, *ender) {
	t.Helper()
	_, m := newMapper(t)
	e := &ender{mapper: *m, found: true}
	now := time.Now()
	e.d = engine.Description{Head: &store.Head{Started: now.Add(-time.Hour), Closed: now}, Result: interpreter.Result{Status: status, Redrivable: true, Output: value.Text([]byte("1"))}}
	l := launch.New(m.catalog)
	l.Attach(e, nil)
	return l, e
}

// TestRedriveMapRun opens it, stops and awaits one that runs for an earlier task,
// and starts one that was not started.
func TestRedriveMapRun(t *testing.T) {
	for name, c := range map[string]struct {
		status  interpreter.Status
		change  func(*ender)
		asks    string
		refused bool
	}{
		"one that has ended":         {interpreter.Failed, func(*ender) {}, "redrive for 9", false},
		"one that runs":              {interpreter.Running, func(*ender) {}, "redrive for 9, stop for 8, wait, redrive for 9", false},
		"one that was never started": {interpreter.Failed, func(e *ender) { e.found = false }, `start {"in":1}`, false},
		"one that cannot go on":      {interpreter.Failed, func(e *ender) { e.refuses = true }, "redrive for 9" + strings.Repeat(", stop for 8, wait, redrive for 9", 3), true},
		"one that nobody waits for":  {interpreter.Failed, func(e *ender) { e.alone = true }, "redrive for 9, stop for 9", false},
		"a busy engine":              {interpreter.Failed, func(e *ender) { e.busy = 2 }, "redrive for 9", false},
	} {
		t.Run(name, func(t *testing.T) {
			l, e := newEnder(t, c.status)
			c.change(e)
			err := l.RedriveMapRun(t.Context(), "arn:aws:states:us-east-1:123456789012:mapRun:m/rows:x", []byte(`{"in":1}`), "",
				connector.Parent{Origin: connector.Origin{Run: 1, Task: 9}})
			var refusal *connector.Error
			if errors.As(err, &refusal) != c.refused || err != nil && (!c.refused || refusal.Name != "States.Runtime") {
				t.Errorf("answered %v", err)
			}
			if got := strings.Join(e.asks, ", "); got != c.asks {
				t.Errorf("asked to %s, not %s", got, c.asks)
			}
		})
	}
}

// TestRedriveChild opens it, or tells how it has ended and why it cannot go on.
func TestRedriveChild(t *testing.T) {
	for name, c := range map[string]struct {
		status interpreter.Status
		change func(*ender)
		asks   int
		want   string // how it has ended; empty for one that goes on
	}{
		"one that failed":         {interpreter.Failed, func(*ender) {}, 1, ""},
		"one that runs already":   {interpreter.Running, func(*ender) {}, 1, ""},
		"one that has succeeded":  {interpreter.Succeeded, func(*ender) {}, 0, "SUCCEEDED: Execution is SUCCEEDED and cannot be redriven"},
		"one that ended long ago": {interpreter.TimedOut, func(e *ender) { e.d.Head.Closed = e.d.Head.Closed.Add(-15 * 24 * time.Hour) }, 0, "TIMED_OUT: Execution redrivable period exceeded"},
		"one with a full history": {interpreter.Failed, func(e *ender) { e.d.Full = true }, 0, "FAILED: Execution has exceeded the maximum history event limit"},
	} {
		t.Run(name, func(t *testing.T) {
			l, e := newEnder(t, c.status)
			c.change(e)
			end, err := l.RedriveChild(t.Context(), mapruns.ChildRequest{MapRun: 1, Number: 2, Parent: connector.Parent{Origin: connector.Origin{Run: 1, Task: 9}}})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if end != nil {
				got = end.Status + ": " + end.NotRedrivable
			}
			if got != c.want || len(slices.DeleteFunc(e.asks, func(a string) bool { return !strings.HasPrefix(a, "redrive") })) != c.asks {
				t.Errorf("ended as %q, asked to %v", got, e.asks)
			}
		})
	}
}

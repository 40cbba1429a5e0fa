package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

func threeTasks() string {
	return strings.Replace(oneTask, `"End": true}`, `"Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}`, 1)
}

// TestCloseLetsVolatileRunsEnd: all of their steps, not only the calls under way,
// and nothing new begins meanwhile.
func TestCloseLetsVolatileRunsEnd(t *testing.T) {
	began, answer := make(chan struct{}, 2), make(chan struct{})
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		began <- struct{}{}
		<-answer
		return call.Payload, nil
	}, func(cfg *engine.Config) { cfg.Volatile, cfg.DrainTimeout = true, time.Minute })
	ended := make(chan engine.Description, 1)
	d := w.deploy(1, threeTasks())
	_, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Name: "x", Input: value.Text([]byte(`{}`)), Ended: ended})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	closed := make(chan error)
	go func() { closed <- w.engine.Close() }()
	light := w.deploy(2, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`)
	for { // until Close has begun
		_, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: light, Input: value.Text([]byte(`{}`))})
		if errors.Is(err, engine.ErrStopped) {
			break
		}
	}
	close(answer)
	if got := outcome(<-ended); got != "SUCCEEDED {}" {
		t.Errorf("it ended as %s", got)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// TestCloseGivesUpVolatileRunsInTheEnd and says to those who wait that it does.
func TestCloseGivesUpVolatileRunsInTheEnd(t *testing.T) {
	w := newWorld(t, echo, func(cfg *engine.Config) { cfg.Volatile, cfg.DrainTimeout = true, time.Millisecond })
	ended := make(chan engine.Description, 1)
	d := w.deploy(1, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`)
	_, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Name: "x", Input: value.Text([]byte(`{}`)), Ended: ended})
	if err != nil || w.engine.Close() != nil {
		t.Fatal(err)
	}
	if _, ok := <-ended; ok {
		t.Error("it has ended")
	}
}

// TestRoomIsMadeForNewRuns by purging closed runs, the oldest first; where all are
// open there is none.
func TestRoomIsMadeForNewRuns(t *testing.T) {
	s := memstore.New(memstore.Options{})
	const bound = 1 << 20
	w := newWorld(t, echo, func(cfg *engine.Config) { cfg.Store, cfg.MaxBytes, cfg.Shards = s, bound, 2 })
	d := w.deploy(1, oneTask)
	var runs []store.RunID
	for i := range 3000 {
		runs = append(runs, w.start(d, fmt.Sprint(i), `{}`))
		w.wait(runs[i])
		if n := s.Bytes(); n > bound+4096 {
			t.Fatalf("%d bytes after %d runs, the bound is %d", n, i+1, bound)
		}
	}
	if _, err := w.engine.Describe(t.Context(), runs[0]); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("the oldest run: %v", err)
	}
	if _, err := w.engine.Describe(t.Context(), runs[len(runs)-1]); err != nil {
		t.Errorf("the newest run: %v", err)
	}
	waits := w.deploy(2, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`)
	var err error
	n := 0
	for ; err == nil && n < 5000; n++ {
		_, err = w.engine.Start(t.Context(), engine.StartRequest{Definition: waits, Input: value.Text([]byte(`{}`))})
	}
	if !errors.Is(err, engine.ErrBusy) || s.Bytes() > bound+4096 || s.Bytes() < bound*3/4-8192 { // the cache has a quarter
		t.Errorf("after %d runs that wait: %v, %d bytes", n, err, s.Bytes())
	}
}

// TestRunsInMemoryCountAtOnce: whoever was told that a run has begun finds its memory
// counted, and whoever was told that it has ended finds it free.
func TestRunsInMemoryCountAtOnce(t *testing.T) {
	hang := func(ctx context.Context, _ *connector.Call) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	const bound = 1 << 20
	w := newWorld(t, hang, func(cfg *engine.Config) { cfg.MaxBytes = bound })
	d := w.deploy(1, oneTask)
	input := `"` + strings.Repeat("x", bound*3/5) + `"` // with what is in memory of it there is no room for another
	for i := range 500 {
		run := w.start(d, fmt.Sprint(i), input)
		_, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Input: value.Text([]byte(`1`))})
		if !errors.Is(err, engine.ErrBusy) {
			t.Fatalf("beside run %d: %v", i, err)
		}
		if _, err := w.engine.Stop(t.Context(), run, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
}

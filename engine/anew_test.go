package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
)

// TestStartAnew: a run takes the place of one with its name, whether that has ended or
// not, and knows how often it was redriven that way. Who follows it is told, too.
func TestStartAnew(t *testing.T) {
	var f follower
	held, release := make(chan struct{}, 1), make(chan struct{})
	w := newWorld(t, func(_ context.Context, call *connector.Call) ([]byte, error) {
		if string(call.Payload) == `"held"` {
			held <- struct{}{}
			<-release
		}
		return call.Payload, nil
	}, func(cfg *engine.Config) { cfg.Follow = f.follow })
	w.catalog.followed = 1
	defer close(release)
	d := w.deploy(1, oneTask)
	anew := func(input string, counted bool) store.RunID {
		t.Helper()
		s, err := w.engine.StartAnew(t.Context(), engine.StartRequest{Definition: d, Name: "x", Input: value.Text([]byte(input))}, counted)
		if err != nil {
			t.Fatal(err)
		}
		return s.Run
	}
	before := store.RunID(0)
	for i, c := range []struct {
		input   string
		counted bool
		count   int64
	}{{`1`, true, 1}, {`2`, true, 2}, {`"held"`, false, 2}, {`4`, true, 3}} {
		run := anew(c.input, c.counted)
		if c.input == `"held"` {
			<-held
		} else {
			w.expect(run, "SUCCEEDED "+c.input)
		}
		head, err := w.engine.Head(t.Context(), run)
		if err != nil {
			t.Fatal(err)
		}
		if n, last := engine.Redrives(head); n != c.count || !last.IsZero() {
			t.Errorf("%d: it was redriven %d times, last %v", i, n, last)
		}
		if told := f.of(run); len(told) == 0 || told[0].Again != c.count {
			t.Errorf("%d: told %+v, not that it was redriven %d times", i, told, c.count)
		}
		if _, err := w.engine.Head(t.Context(), before); before != 0 && !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("%d: the run of before is there: %v", i, err)
		}
		rows, err := w.engine.List(t.Context(), store.ListQuery{Machine: 1, AnyStatus: true}, store.ListRow{}, 10)
		if err != nil || len(rows) != 1 || rows[0].Run != run {
			t.Errorf("%d: listed are %v, %v", i, rows, err)
		}
		before = run
	}
}

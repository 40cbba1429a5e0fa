package sfn

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// counting counts the facts that are read of logs.
type counting struct {
	Engine
	facts int
}

func (c *counting) EntriesFrom(ctx context.Context, run store.RunID, from uint64, yield func(engine.Entry) bool) error {
	return c.Engine.EntriesFrom(ctx, run, from, func(e engine.Entry) bool {
		c.facts += len(e.Facts)
		return yield(e)
	})
}

const counts = `{"StartAt":"Begin","States":{
	"Begin":{"Type":"Pass","Result":{"n":0},"Next":"Add"},
	"Add":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n,1)"},"Next":"More"},
	"More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":2000,"Next":"Add"}],"Default":"End"},
	"End":{"Type":"Succeed"}}}`

// TestHistoryIsReadOnce: the pages of a history cost what they hold, whatever stands
// before them.
func TestHistoryIsReadOnce(t *testing.T) {
	w := newWorld(t)
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": w.machine("m", counts, "STANDARD")})["executionArn"].(string)
	w.ended(execution)
	count := &counting{Engine: w.cfg.Engine}
	s := w.with(count, slog.New(slog.DiscardHandler))
	read := func(size int, reverse bool) (facts, events int) {
		count.facts = 0
		in := map[string]any{"executionArn": execution, "maxResults": size, "reverseOrder": reverse}
		for {
			_, page := call(t, s, "GetExecutionHistory", in)
			for _, e := range page["events"].([]any) {
				events++
				want := float64(events)
				if reverse {
					want = 8007 - float64(events)
				}
				if id := e.(map[string]any)["id"]; id != want {
					t.Fatalf("reverse %t: event %d has the id %v", reverse, events, id)
				}
			}
			if page["nextToken"] == nil {
				return count.facts, events
			}
			in["nextToken"] = page["nextToken"]
		}
	}
	in1000, events := read(1000, false)
	for _, reverse := range []bool{false, true} {
		facts, n := read(50, reverse)
		if n != events || facts > 2*in1000 {
			t.Errorf("reverse %t: %d of %d events, for which %d facts were read; there are %d", reverse, n, events, facts, in1000)
		}
	}
}

// TestNewestEventsAreReadOnce: who asks for the newest events of an execution that
// runs, again and again, has no entry read twice.
func TestNewestEventsAreReadOnce(t *testing.T) {
	w := newWorld(t)
	count := &counting{Engine: w.cfg.Engine}
	s := w.with(count, slog.New(slog.DiscardHandler))
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": w.machine("m", waits, "STANDARD")})["executionArn"].(string)
	newest := func(want string) {
		t.Helper()
		if _, page := call(t, s, "GetExecutionHistory", map[string]any{"executionArn": execution, "reverseOrder": true, "maxResults": 2}); eventTypes(page) != want {
			t.Errorf("got %s, want %s", eventTypes(page), want)
		}
	}
	newest("WaitStateEntered ExecutionStarted")
	once := count.facts
	newest("WaitStateEntered ExecutionStarted")
	if count.facts != once || once == 0 {
		t.Errorf("%d facts were read, and %d in all the second time", once, count.facts)
	}
	w.must("StopExecution", map[string]any{"executionArn": execution})
	newest("ExecutionAborted WaitStateEntered")
	if count.facts != once+1 {
		t.Errorf("%d facts were read in all; there are %d", count.facts, once+1)
	}
}

// TestHistoryPageAgain: a page can be asked for again, and what happens after the
// first page is in the others.
func TestHistoryPageAgain(t *testing.T) {
	w := newWorld(t)
	w.cfg.Now = (&clock{time.Now()}).now // a token says when it was made
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": w.machine("m", waits, "STANDARD")})["executionArn"].(string)
	in := map[string]any{"executionArn": execution, "maxResults": 1}
	in["nextToken"] = w.must("GetExecutionHistory", in)["nextToken"]
	w.must("StopExecution", map[string]any{"executionArn": execution})
	second := w.must("GetExecutionHistory", in)
	if again := w.must("GetExecutionHistory", in); fmt.Sprint(again) != fmt.Sprint(second) {
		t.Errorf("got %v, and the second time %v", second, again)
	}
	in["nextToken"] = second["nextToken"]
	third := w.must("GetExecutionHistory", in)
	if got := eventTypes(third); got != "ExecutionAborted" || third["nextToken"] != nil {
		t.Errorf("the last page has %s, %v", got, third["nextToken"])
	}
}

// TestReplaysAreBounded keeps more readings than may wait.
func TestReplaysAreBounded(t *testing.T) {
	var r replays
	for i := range uint64(3 * maxReplays) {
		r.keep(place{from: i}, &replay{})
	}
	if r.take(place{from: 0}) != nil || r.take(place{from: 3*maxReplays - 1}) == nil || len(r.kept) != maxReplays-1 || r.size != 0 {
		t.Errorf("%d readings of %d bytes are left", len(r.kept), r.size)
	}
}

package show

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

// history of a Task that fails once, in a Map of two items, in AWS's shapes.
const history = `[
{"id":1,"previousEventId":0,"timestamp":100,"type":"ExecutionStarted","executionStartedEventDetails":{"input":"{}"}},
{"id":2,"previousEventId":0,"timestamp":100,"type":"MapStateEntered","stateEnteredEventDetails":{"name":"Each","input":"[1,2]"}},
{"id":3,"previousEventId":2,"timestamp":100,"type":"MapStateStarted","mapStateStartedEventDetails":{"length":2}},
{"id":4,"previousEventId":3,"timestamp":100,"type":"MapIterationStarted","mapIterationStartedEventDetails":{"name":"Each","index":0}},
{"id":5,"previousEventId":4,"timestamp":100.1,"type":"TaskStateEntered","stateEnteredEventDetails":{"name":"Charge","input":"1"}},
{"id":6,"previousEventId":5,"timestamp":100.1,"type":"LambdaFunctionScheduled","lambdaFunctionScheduledEventDetails":{"resource":"a"}},
{"id":7,"previousEventId":3,"timestamp":100.1,"type":"MapIterationStarted","mapIterationStartedEventDetails":{"name":"Each","index":1}},
{"id":8,"previousEventId":7,"timestamp":100.1,"type":"PassStateEntered","stateEnteredEventDetails":{"name":"Skip","input":"1"}},
{"id":9,"previousEventId":8,"timestamp":100.2,"type":"PassStateExited","stateExitedEventDetails":{"name":"Skip","output":"1"}},
{"id":10,"previousEventId":9,"timestamp":100.2,"type":"MapIterationSucceeded","mapIterationSucceededEventDetails":{"name":"Each","index":1}},
{"id":11,"previousEventId":6,"timestamp":100.3,"type":"LambdaFunctionFailed","lambdaFunctionFailedEventDetails":{"error":"Busy","cause":"{\"errorMessage\":\"come\\nback\"}"}},
{"id":12,"previousEventId":11,"timestamp":101.3,"type":"LambdaFunctionScheduled","lambdaFunctionScheduledEventDetails":{"resource":"a"}},
{"id":13,"previousEventId":12,"timestamp":101.4,"type":"LambdaFunctionSucceeded","lambdaFunctionSucceededEventDetails":{"output":"1"}},
{"id":14,"previousEventId":13,"timestamp":101.4,"type":"TaskStateExited","stateExitedEventDetails":{"name":"Charge","output":"1"}},
{"id":15,"previousEventId":14,"timestamp":101.4,"type":"MapIterationSucceeded","mapIterationSucceededEventDetails":{"name":"Each","index":0}},
{"id":16,"previousEventId":15,"timestamp":101.4,"type":"MapStateSucceeded"},
{"id":17,"previousEventId":16,"timestamp":101.4,"type":"MapStateExited","stateExitedEventDetails":{"name":"Each","output":"[1,1]"}},
{"id":18,"previousEventId":17,"timestamp":101.4,"type":"ExecutionSucceeded","executionSucceededEventDetails":{"output":"[1,1]"}}]`

func events(t *testing.T) []client.Event {
	t.Helper()
	var all []client.Event
	if err := json.Unmarshal([]byte(history), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLines(t *testing.T) {
	var out strings.Builder
	lines, tracker := NewLines(&out), NewTracker()
	for _, e := range events(t) {
		lines.Step(tracker.Add(e))
	}
	want := `   0.000s  execution                  started
   0.000s  Each                       entered
   0.000s  Each                       2 items
   0.100s  Each[0]/Charge             entered
   0.100s  Each[1]/Skip               entered
   0.200s  Each[1]/Skip               done in 100 ms
   0.300s  Each[0]/Charge             failed: Busy: come back
   1.300s  Each[0]/Charge             attempt 2
   1.400s  Each[0]/Charge             done in 1.3 s
   1.400s  Each                       done in 1.4 s
   1.400s  execution                  succeeded
`
	if out.String() != want {
		t.Errorf("lines are\n%s\nwant\n%s", out.String(), want)
	}
	if !tracker.Ended || len(tracker.Open) != 0 || tracker.Last != 18 {
		t.Errorf("tracker: ended %v, %d open, last %d", tracker.Ended, len(tracker.Open), tracker.Last)
	}
}

func TestLive(t *testing.T) {
	var out strings.Builder
	live, tracker := NewLive(&out, func() (int, int) { return 80, 5 }), NewTracker()
	all := events(t)
	for _, e := range all[:12] {
		live.Step(tracker.Add(e))
	}
	live.Tick(time.Unix(102, 0))
	first := out.String()
	for _, part := range []string{"✓\x1b[0m Each[1]/Skip", "●\x1b[0m Each  ", "Each[0]/Charge             1.9 s, attempt 2, Busy: come back"} {
		if !strings.Contains(first, part) {
			t.Errorf("the first drawing lacks %q:\n%q", part, first)
		}
	}
	out.Reset()
	for _, e := range all[12:] {
		live.Step(tracker.Add(e))
	}
	live.Done()
	if second := out.String(); !strings.HasPrefix(second, "\x1b[2A\r\x1b[J") || !strings.Contains(second, "succeeded\x1b[0m after 1.4 s") || strings.Contains(second, "●") {
		t.Errorf("the last drawing is %q", second)
	}
}

func TestLiveCutsToTheScreen(t *testing.T) {
	var out strings.Builder
	live := NewLive(&out, func() (int, int) { return 60, 6 })
	for range 50 {
		live.open = append(live.open, &Visit{Path: "A", Entered: time.Unix(0, 0)})
	}
	live.Tick(time.Unix(1, 0))
	if lines := strings.Count(out.String(), "\n"); lines != 4 || !strings.Contains(out.String(), "… and 47 more") {
		t.Errorf("%d lines:\n%s", lines, out.String())
	}
}

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 ms", 1300 * time.Millisecond: "1.3 s", 125400 * time.Millisecond: "2m5s"} {
		if got := Took(d); got != want {
			t.Errorf("Took(%v) = %q, want %q", d, got, want)
		}
	}
}

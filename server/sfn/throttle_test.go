package sfn

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/throttle"
)

// none is an input without members.
var none = map[string]any{}

const rateExceeded = "com.amazon.coral.availability#ThrottlingException: Rate exceeded"

// throttledWorld is a world whose calls are slowed down, and its clock.
func throttledWorld(t *testing.T, r *throttle.Rates) (*world, *clock) {
	w, c := newWorld(t), &clock{time.UnixMilli(0)}
	w.cfg.Throttle = throttle.New(r, c.now)
	return w, c
}

func TestThrottledCalls(t *testing.T) {
	w, c := throttledWorld(t, &throttle.Rates{Calls: map[string]throttle.Rate{"CreateActivity": {Size: 2, PerSecond: 1}}})
	create := func(name string) map[string]any { return map[string]any{"name": name} }
	w.must("CreateActivity", create("a"))
	w.must("CreateActivity", create("b"))
	w.fails("CreateActivity", create("c"), rateExceeded)
	w.fails("CreateActivity", map[string]any{}, rateExceeded) // whatever the call is
	w.must("ListStateMachines", none)                         // other operations have their own buckets
	c.at = c.at.Add(time.Second)
	w.must("CreateActivity", create("d"))
	w.fails("CreateActivity", create("e"), rateExceeded)
	names := []string{}
	for _, a := range w.must("ListActivities", none)["activities"].([]any) {
		names = append(names, a.(map[string]any)["name"].(string))
	}
	if slices.Sort(names); strings.Join(names, "") != "abd" {
		t.Errorf("there are %v: a refused call does nothing", names)
	}
}

// TestThrottledAnswer is as AWS was recorded to give it.
func TestThrottledAnswer(t *testing.T) {
	w, _ := throttledWorld(t, &throttle.Rates{Calls: map[string]throttle.Rate{"ListActivities": {Size: 1, PerSecond: 1}}})
	w.must("ListActivities", none)
	body := &unread{}
	rec := post(w, targetPrefix+"ListActivities", contentType, body)
	const want = `{"__type":"com.amazon.coral.availability#ThrottlingException","message":"Rate exceeded"}`
	if rec.Code != http.StatusBadRequest || rec.Body.String() != want || rec.Header().Get("Content-Type") != contentType || rec.Header().Get("X-Amzn-Errortype") != "ThrottlingException" {
		t.Errorf("%d %s %v", rec.Code, rec.Body, rec.Header())
	}
	if body.read {
		t.Error("the body of a refused call is read")
	}
}

// unread is a body that knows whether somebody reads it.
type unread struct{ read bool }

func (u *unread) Read([]byte) (int, error) {
	u.read = true
	return 0, io.EOF
}

// TestThrottledStarts: machines of either type have their own bucket, those that wait
// for the end have none.
func TestThrottledStarts(t *testing.T) {
	one := throttle.Rate{Size: 1, PerSecond: 1}
	w, _ := throttledWorld(t, &throttle.Rates{Calls: map[string]throttle.Rate{"StartExecution": one}, StartExpress: one})
	standard, express := w.machine("s", passes, "STANDARD"), w.machine("e", passes, "EXPRESS")
	for _, arn := range []string{standard, express} {
		in := map[string]any{"stateMachineArn": arn}
		w.must("StartExecution", in)
		w.fails("StartExecution", in, rateExceeded)
	}
	w.fails("StartExecution", map[string]any{"stateMachineArn": standard + "x"}, rateExceeded)
	w.fails("StartExecution", map[string]any{}, "ValidationException")
	for range 3 {
		w.must("StartSyncExecution", map[string]any{"stateMachineArn": express})
	}
}

// TestEveryOperationHasARate but the one that AWS has none for.
func TestEveryOperationHasARate(t *testing.T) {
	all := slices.Sorted(maps.Keys(operations))
	rated := append(slices.Collect(maps.Keys(throttle.AWS().Calls)), "StartSyncExecution")
	slices.Sort(rated)
	if !slices.Equal(all, rated) {
		t.Errorf("the operations are\n%v\nthose with rates\n%v", all, rated)
	}
}

// BenchmarkThrottled is what a refused call costs.
func BenchmarkThrottled(b *testing.B) {
	w := newWorld(b)
	w.cfg.Throttle = throttle.New(&throttle.Rates{Calls: map[string]throttle.Rate{"StopExecution": {Size: 1, PerSecond: 1}}}, func() time.Time { return time.UnixMilli(0) })
	body := bytes.Repeat([]byte(" "), 1<<20)
	for b.Loop() {
		post(w, targetPrefix+"StopExecution", contentType, bytes.NewReader(body))
	}
}

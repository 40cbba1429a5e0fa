package throttle_test

import (
	"testing"
	"time"

	"github.com/fermata-dev/fermata/throttle"
)

// clock is a time that a test sets.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestCalls(t *testing.T) {
	c := &clock{time.UnixMilli(0)}
	b := throttle.New(&throttle.Rates{Calls: map[string]throttle.Rate{"A": {Size: 3, PerSecond: 2}, "B": {Size: 1, PerSecond: 1}},
		StartExpress: throttle.Rate{Size: 1, PerSecond: 1}}, c.now)
	pass := func(operation string, want int) {
		t.Helper()
		n := 0
		for b.Call(operation) {
			if n++; n > want {
				break
			}
		}
		if n != want {
			t.Errorf("%d calls of %s pass at %v, want %d", n, operation, c.at, want)
		}
	}
	pass("A", 3)
	pass("B", 1)
	c.at = c.at.Add(time.Second)
	pass("A", 2)
	c.at = c.at.Add(time.Hour)
	pass("A", 3)
	c.at = c.at.Add(-time.Minute) // a clock that was set back gives nothing, and takes nothing
	pass("A", 0)
	if !b.StartExpress() || b.StartExpress() {
		t.Error("Express machines have a bucket of their own for starts")
	}
	for range 10 {
		if !b.Call("none") {
			t.Fatal("an operation without a rate is slowed down")
		}
	}
}

func TestNothingIsSlowedDown(t *testing.T) {
	var none *throttle.Buckets
	if !none.Call("A") || !none.StartExpress() || none.Transitions() != nil || none.HTTPTasks() != nil || none.MapRuns() != nil {
		t.Error("no buckets slow something down")
	}
	if throttle.NewBucket(throttle.Rate{}) != nil {
		t.Error("a rate of none has a bucket")
	}
}

// TestReserve: tokens may be owed, and whoever comes next waits for them.
func TestReserve(t *testing.T) {
	at := time.UnixMilli(0)
	b := throttle.NewBucket(throttle.Rate{Size: 10, PerSecond: 10})
	for _, c := range []struct {
		after time.Duration
		n     int
		wait  time.Duration
	}{{0, 10, 0}, {0, 5, 500 * time.Millisecond}, {0, 25, 3 * time.Second}, {3 * time.Second, 0, 0}, {0, 1, 100 * time.Millisecond}, {time.Hour, 10, 0}} {
		at = at.Add(c.after)
		if got := b.Reserve(at, c.n).Sub(at); got != c.wait {
			t.Errorf("%d tokens are there after %v, want %v", c.n, got, c.wait)
		}
	}
}

// TestReserveOutOfOrder: those who share a bucket read the clock before they come to it,
// and what has passed since is given once.
func TestReserveOutOfOrder(t *testing.T) {
	early := time.UnixMilli(0)
	late := early.Add(100 * time.Millisecond)
	b := throttle.NewBucket(throttle.Rate{Size: 10, PerSecond: 10})
	var last time.Time
	for range 100 {
		b.Reserve(late, 1)
		last = b.Reserve(early, 1)
	}
	if got, want := last.Sub(late), 19*time.Second; got != want {
		t.Errorf("200 tokens are there after %v, want %v", got, want)
	}
}

// TestReserveByAnotherClock: engines share a bucket, and the clock of one may have been set
// forward for a moment. The other does not wait until it is as late.
func TestReserveByAnotherClock(t *testing.T) {
	early := time.UnixMilli(0)
	b := throttle.NewBucket(throttle.Rate{Size: 10, PerSecond: 10})
	for range 3 {
		b.Reserve(early.Add(time.Hour), 1)
		if wait := b.Reserve(early, 1).Sub(early); wait != 0 {
			t.Fatalf("a token is there after %v", wait)
		}
	}
	b.Reserve(early, 10)
	if wait := b.Reserve(early, 1).Sub(early); wait < 100*time.Millisecond || wait > time.Second {
		t.Errorf("what was taken is there after %v", wait)
	}
}

// TestRatesOfAWS: what the regions share and what they do not.
func TestRatesOfAWS(t *testing.T) {
	large, small := throttle.AWS(), throttle.AWSSmall()
	if len(large.Calls) != 36 || len(small.Calls) != len(large.Calls) {
		t.Errorf("%d and %d operations have rates", len(large.Calls), len(small.Calls))
	}
	for operation, r := range large.Calls {
		s := small.Calls[operation]
		if r.Size < 1 || r.PerSecond < 1 || s.Size > r.Size || s.PerSecond > r.PerSecond || s.Size < 1 || s.PerSecond < 1 {
			t.Errorf("%s: %v, and %v in a small region", operation, r, s)
		}
	}
	if large.Calls["StartExecution"] != (throttle.Rate{Size: 1300, PerSecond: 300}) || small.Calls["StopExecution"] != (throttle.Rate{Size: 500, PerSecond: 25}) {
		t.Error("the table was changed")
	}
}

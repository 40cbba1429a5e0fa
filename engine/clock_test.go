package engine

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	wall := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	began := wall
	var elapsed time.Duration
	c := newClock(func() (time.Time, time.Duration) { return wall, elapsed })
	for _, step := range []struct {
		name       string
		wall, real time.Duration // how far the machine's clock moves, and how long that takes
		now        time.Duration // since the beginning
		behind     time.Duration
	}{
		{"time passes", time.Second, time.Second, time.Second, 0},
		{"an hour back", time.Second - time.Hour, time.Second, 2 * time.Second, time.Hour},
		{"time passes after it", time.Minute, time.Minute, 62 * time.Second, time.Hour},
		{"forward to where it was", time.Hour, 0, 62 * time.Second, 0},
		{"forward a day", 24 * time.Hour, 0, 24*time.Hour + 62*time.Second, 0},
		{"the machine has slept", time.Hour, 0, 25*time.Hour + 62*time.Second, 0},
		{"back a day", -24 * time.Hour, 0, 25*time.Hour + 62*time.Second, 24 * time.Hour},
	} {
		wall, elapsed = wall.Add(step.wall), elapsed+step.real
		if got := c.now().Sub(began); got != step.now {
			t.Errorf("%s: %v have passed, want %v", step.name, got, step.now)
		}
		if got := c.behind(); got != step.behind {
			t.Errorf("%s: the machine's clock is %v behind, want %v", step.name, got, step.behind)
		}
	}
}

func TestGivenClock(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := clockOf(func() time.Time { return now })
	for _, step := range []time.Duration{0, time.Hour, time.Millisecond} {
		now = now.Add(step)
		if got := c.now(); !got.Equal(now) {
			t.Errorf("it is %v, want %v", got, now)
		}
	}
}

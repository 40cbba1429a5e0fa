package engine

import (
	"sync/atomic"
	"time"
)

// clock is the time of an engine. It follows the clock of the machine when that is
// set forward, and goes on at its own pace when that is set back: an execution that
// waits two seconds waits two seconds. Were it to stop instead until the machine's
// clock has caught up, everything that waits would stop with it.
type clock struct {
	// read gives the machine's time, which may be set, and how much has passed since
	// the clock was made, which nobody sets.
	read  func() (wall time.Time, elapsed time.Duration)
	began time.Time
	ahead atomic.Int64 // nanoseconds that the wall has been set forward since then, at most
	told  atomic.Bool  // of a wall that was set back
}

func newClock(read func() (time.Time, time.Duration)) *clock {
	wall, _ := read()
	return &clock{read: read, began: wall.Round(0).UTC()}
}

// clockOf is a clock whose two readings come from one function: the wall of the
// times that it gives is what they show, the elapsed time what is between them.
func clockOf(now func() time.Time) *clock {
	start := now()
	return newClock(func() (time.Time, time.Duration) {
		t := now()
		return t, t.Sub(start)
	})
}

// now is the time, in UTC.
func (c *clock) now() time.Time {
	now, _ := c.both()
	return now
}

// behind is how far the machine's clock has been set back.
func (c *clock) behind() time.Duration {
	now, wall := c.both()
	return now.Sub(wall)
}

func (c *clock) both() (now, wall time.Time) {
	wall, elapsed := c.read()
	wall = wall.Round(0)
	steady := c.began.Add(elapsed)
	ahead := int64(wall.Sub(steady))
	for {
		most := c.ahead.Load()
		if ahead <= most {
			return steady.Add(time.Duration(most)), wall
		}
		if c.ahead.CompareAndSwap(most, ahead) {
			return steady.Add(time.Duration(ahead)), wall
		}
	}
}

// setBack is how far the machine's clock is set back before the operator is told.
const setBack = time.Second

// checkClock tells the operator once of a clock that was set back.
func (e *Engine) checkClock() {
	behind := e.clock.behind()
	if behind >= setBack && e.clock.told.CompareAndSwap(false, true) {
		e.log.Warn("the clock of the machine was set back: executions go on by the time that passes, and are ahead of it until it catches up or Fermata is started again", "by", behind)
	}
	if behind < setBack {
		e.clock.told.Store(false)
	}
}

package core

import (
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// beating is a run with the tasks from one number up to another.
type beating struct {
	interpreter.Run
	from, to uint64
}

func (r *beating) Result() interpreter.Result { return interpreter.Result{} }

func (r *beating) Task(id uint64) (*interpreter.Task, interpreter.Phase) {
	if id < r.from || id >= r.to {
		return nil, 0
	}
	return &interpreter.Task{ID: id, Heartbeat: time.Minute}, interpreter.Fetched
}

// TestBeatsOfTasksThatHaveEndedAreForgotten: what is remembered of a run is
// bounded by the tasks that it has at a time, and has all of those.
func TestBeatsOfTasksThatHaveEndedAreForgotten(t *testing.T) {
	for _, atOnce := range []uint64{1, 20, 300} {
		c := New(Config{})
		run := &beating{to: atOnce}
		b := &mailbox{id: store.RunID(1), run: run}
		for range 5000 {
			for id := run.from; id < run.to; id++ {
				if atOnce > 1 && id != run.from && id != run.to-1 {
					continue
				}
				if outcome := c.beat(b, id); outcome != interpreter.Done {
					t.Fatalf("task %d is not known: %v", id, outcome)
				}
			}
			if _, heard := c.beats[1][run.to-1]; !heard {
				t.Fatalf("task %d was heard of and forgotten", run.to-1)
			}
			if n, most := len(c.beats[1]), 2*max(int(atOnce), fewBeats); n > most {
				t.Fatalf("%d tasks are remembered where %d run at a time", n, atOnce)
			}
			run.from++
			run.to++
		}
	}
}

// TestTimersAreOfMilliseconds: a wake-up comes at its millisecond, and in order.
func TestTimersAreOfMilliseconds(t *testing.T) {
	c := New(Config{})
	base := time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
	c.SetTime(base)
	for i := range 5 {
		c.Arm(store.RunID(10-i), base.Add(time.Duration(10-i)*time.Millisecond))
	}
	for i := range 5 {
		due := base.Add(time.Duration(6+i) * time.Millisecond)
		if next := c.NextWake(); !next.Equal(due) {
			t.Fatalf("the next wake-up is at %v, want %v", next, due)
		}
		c.SetTime(due.Add(-1))
		if c.Tick(); c.Timers() != 5-i {
			t.Fatalf("a wake-up came before its time")
		}
		c.SetTime(due)
		if c.Tick(); c.Timers() != 4-i {
			t.Fatalf("%d wake-ups are left at %v", c.Timers(), due)
		}
	}
}

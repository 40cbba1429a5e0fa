package core

import (
	"container/heap"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// timers holds the wake-ups of the near future: at most one entry a run, in a
// heap by time. What lies beyond the horizon is only in the store.
type timers struct {
	entries timerHeap
	byRun   map[store.RunID]*timer
}

// timer takes little room: there may be one for every run that waits.
type timer struct {
	at    int64 // in milliseconds, as wake-ups are
	run   store.RunID
	index int
}

func (t *timer) when() time.Time { return time.UnixMilli(t.at).UTC() }

func (t *timers) init() { t.byRun = map[store.RunID]*timer{} }

// set makes at the wake-up of the run.
func (t *timers) set(run store.RunID, at time.Time) {
	due := at.UnixMilli()
	if e := t.byRun[run]; e != nil {
		if e.at != due {
			e.at = due
			heap.Fix(&t.entries, e.index)
		}
		return
	}
	e := &timer{at: due, run: run}
	t.byRun[run] = e
	heap.Push(&t.entries, e)
}

func (t *timers) clear(run store.RunID) {
	if len(t.byRun) == 0 {
		return
	}
	if e := t.byRun[run]; e != nil {
		heap.Remove(&t.entries, e.index)
		delete(t.byRun, run)
	}
}

// Horizon moves the end of the near future. Wake-ups before it that are in the
// store already have to be given to Arm afterwards.
func (c *Core) Horizon(until time.Time) { c.horizon = until }

// Arm notes a wake-up that the store knows of.
func (c *Core) Arm(run store.RunID, at time.Time) {
	if b := c.boxes[run]; b != nil && b.phase == ready {
		if c.cfg.Shared && !b.head.Wake.Equal(at) {
			c.Check(run) // the state may be older than the wake-up
		}
		c.arm(b) // the state knows better
		return
	}
	c.timers.set(run, at)
}

// Tick wakes the runs that are due.
func (c *Core) Tick() {
	for len(c.timers.entries) > 0 && c.timers.entries[0].at <= c.now.UnixMilli() {
		run := c.timers.entries[0].run
		c.timers.clear(run)
		if b := c.box(run); !b.ticking() {
			c.enqueue(b, item{kind: command, cmd: interpreter.Tick{}})
		}
	}
}

// ticking reports whether a Tick waits already.
func (b *mailbox) ticking() bool {
	for i := range b.queue {
		if _, ok := b.queue[i].cmd.(interpreter.Tick); ok {
			return true
		}
	}
	return false
}

// NextWake is when the earliest wake-up of the near future is due, zero for none.
func (c *Core) NextWake() time.Time {
	if len(c.timers.entries) == 0 {
		return time.Time{}
	}
	return c.timers.entries[0].when()
}

// Timers is the number of wake-ups in memory.
func (c *Core) Timers() int { return len(c.timers.entries) }

// arm puts the wake-up of a ready run into the heap if it is near.
func (c *Core) arm(b *mailbox) {
	at := b.run.Wake()
	if at.IsZero() || !at.Before(c.horizon) {
		c.timers.clear(b.id)
		return
	}
	c.timers.set(b.id, at)
}

type timerHeap []*timer

func (h timerHeap) Len() int { return len(h) }
func (h timerHeap) Less(i, j int) bool {
	if h[i].at == h[j].at {
		return h[i].run < h[j].run
	}
	return h[i].at < h[j].at
}
func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements heap.Interface.
func (h *timerHeap) Push(x any) {
	e := x.(*timer)
	e.index = len(*h)
	*h = append(*h, e)
}

// Pop implements heap.Interface.
func (h *timerHeap) Pop() any {
	old := *h
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return e
}

package testrun

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/interpreter"
)

// world is the virtual time in which one test runs: its executions, and what is
// going to happen to them.
type world struct {
	ctx   context.Context
	suite *Suite
	test  *Test
	// limits of the executions, and of those of Express machines.
	limits, expressLimits interpreter.Limits
	// real are the connectors for tasks without a mock; nil for none.
	real map[string]connector.Connector
	// files reads items from the buckets of the suite; nil for none.
	files connector.Connector

	now        time.Time
	random     *rand.PCG
	executions []*execution
	open       []*execution // those that are not closed, and perhaps some that are
	agenda     agenda
	seq        int
	// faults are what makes the test fail while it runs.
	faults []string
	// broken: the test cannot go on.
	broken bool
}

// Bounds that end a test that would go on for ever.
const (
	maxSteps      = 1_000_000
	maxExecutions = 10_000
)

// limitsOf are those of the executions of a machine.
func (w *world) limitsOf(m *Machine) *interpreter.Limits {
	if m.Express {
		return &w.expressLimits
	}
	return &w.limits
}

func (w *world) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

// stop ends the test.
func (w *world) stop(format string, args ...any) {
	w.fault(format, args...)
	w.broken = true
}

// run runs the test to the end of its execution. It answers with that.
func (w *world) run() *execution {
	root := w.start(w.suite.Machine, "test", w.test.Input, nil)
	for range maxSteps {
		if w.broken || w.ctx.Err() != nil || root.closed() {
			break
		}
		if !w.step() {
			return root
		}
	}
	switch {
	case w.ctx.Err() != nil:
		w.stop("the test was interrupted")
	case !w.broken && !root.closed():
		w.stop("the test was given up after %d steps: does the state machine ever end?", maxSteps)
	}
	return root
}

// step lets the next thing happen, and says whether there was one.
func (w *world) step() bool {
	first, wake := w.earliest()
	switch {
	case first != nil && first.run.Pending():
		first.decide(interpreter.Continue{})
	case len(w.agenda) > 0 && (first == nil || !w.agenda[0].at.After(wake)):
		next := heap.Pop(&w.agenda).(appointment)
		w.advance(next.at)
		next.do()
	case first != nil:
		w.advance(wake)
		first.decide(interpreter.Tick{})
	default:
		return false
	}
	return true
}

func (w *world) advance(to time.Time) {
	if to.After(w.now) {
		w.now = to
	}
}

// earliest is the execution that is the first to go on by itself, nil if none
// does, and when.
func (w *world) earliest() (first *execution, at time.Time) {
	w.open = slices.DeleteFunc(w.open, (*execution).closed)
	for _, x := range w.open {
		if x.run.Pending() {
			return x, w.now
		}
		if wake := x.run.Wake(); !wake.IsZero() && (first == nil || wake.Before(at)) {
			first, at = x, wake
		}
	}
	return first, at
}

// later puts something on the agenda.
func (w *world) later(after time.Duration, do func()) {
	w.seq++
	heap.Push(&w.agenda, appointment{w.now.Add(after), w.seq, do})
}

// appointment is something that happens at an instant.
type appointment struct {
	at  time.Time
	seq int
	do  func()
}

// agenda is a heap of appointments by time, and among equals by age.
type agenda []appointment

func (a agenda) Len() int { return len(a) }

func (a agenda) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	return a[i].seq < a[j].seq
}

func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is heap.Interface's.
func (a *agenda) Push(x any) { *a = append(*a, x.(appointment)) }

// Pop is heap.Interface's.
func (a *agenda) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}

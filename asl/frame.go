package asl

import (
	"slices"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// phase is where a frame stands. The numbers are durable. Frames in the phases
// from phaseNext to phaseErred, and from phaseSurveyed on, can go on by themselves
// and are in the run's queue; a frame in phaseFan is there only while it has an
// iteration to start.
type phase byte

const (
	phaseNext     phase = iota // state next is to be entered
	phaseEntered               // the work of the state is to begin (again)
	phaseDone                  // the work is done, the state is to be left
	phaseErred                 // the state failed, a retrier or catcher is to be found
	phaseTask                  // waits for a task
	phaseWait                  // waits for time to pass (Wait)
	phaseRetry                 // waits for the next attempt
	phaseFan                   // waits for branches or iterations
	phaseSurveyed              // a distributed Map state is to start its map run
	phaseRedo                  // a distributed Map state is to have its map run go on
)

// frame is a scope of the machine at work: the machine itself, a branch or an
// iteration.
type frame struct {
	id     uint64
	parent *frame // nil for the root
	slot   int    // number of the branch or iteration
	place  int    // position in parent.fan.live

	phase  phase
	queued bool
	gone   bool // no longer part of the run

	scope   *definition.Scope
	next    *definition.State // phaseNext
	state   *definition.State // the present state, else the last one
	entered uint64            // id of the event that entered it
	since   int64             // when, in milliseconds
	prev    uint64            // see last
	// Events that most of those behind them do not point to, in this visit of the
	// state, 0 for none: the one that told of the success of a Parallel or Map
	// state, to which only the end of the execution points, and the one to which
	// that of its failure points, as do failed evaluations of its catchers.
	told, stood uint64

	cur    *value.Document
	result *value.Document
	vars   *scopeVars

	err     *failure // phaseErred
	retries []int    // by retrier, in this visit of the state
	retried int      // their sum

	job *job // phaseTask
	fan *fan // phaseFan, or phaseErred until the failure is shown
	// The fan as it was when it failed, until the state is tried again or left.
	wreck *fan
	sent  *sentMapRun // the map run of this attempt of the state, nil for none

	held  int   // bytes that were charged for what the frame refers to
	alarm timer // wait over, retry due, or task timed out
	beat  timer // heartbeat due
}

// job is the outstanding task of a frame.
type job struct {
	task    interpreter.Task // shared by its address; never changed
	payload *value.Document
	mapRun  string // the name of the map run that it is, or empty
	phase   interpreter.Phase
	from    int64 // scheduled or fetched, in milliseconds
	timeout uint64
	beat    uint64
	// The result that came before the submission was acknowledged.
	early  *value.Document
	failed *failure
}

// fan is the work of a Parallel or Map state: as many frames as are under
// way, and what the others gave.
type fan struct {
	items   *value.Document // Map only
	keyed   bool            // they are members of an object; in a probe only
	parsed  []any           // its items, once the first is asked for
	coming  value.Items     // those that are not started, where they come one by one
	total   int
	window  int // how many may be under way, 0 for any number
	started int
	ended   int
	freed   uint64 // last event of the iteration that ended last
	live    []*frame
	outputs []*value.Document
}

// startable says whether an iteration can start now.
func (n *fan) startable() bool {
	return n.started < n.total && (n.window == 0 || len(n.live) < n.window)
}

// runnable says whether the frame can go on by itself.
func (f *frame) runnable() bool {
	if f.phase == phaseFan {
		return f.fan.startable()
	}
	return f.phase <= phaseErred || f.phase >= phaseSurveyed
}

// last is the id of the event that the frame's next one points to. While
// nothing has happened in the present state since it was entered, prev still is
// the event before that, to which failed evaluations point.
func (f *frame) last() uint64 { return max(f.prev, f.entered) }

// end is the id of the event that the end of the execution points to, where the
// frame's failure ends it.
func (f *frame) end() uint64 { return max(f.last(), f.told) }

// culprit is the frame whose failure ended the execution: the root, or the one
// in which States.Runtime was raised.
func (r *Run) culprit() *frame {
	if r.root.phase == phaseErred {
		return r.root
	}
	for _, id := range r.frames.numbers() {
		if f := r.frames.of(id); f.phase == phaseErred && f.err.equal(&r.failure) {
			return f
		}
	}
	return r.root
}

// inOrder are the live frames by the number of their branch or iteration.
func (n *fan) inOrder() []*frame {
	live := slices.Clone(n.live)
	slices.SortFunc(live, func(a, b *frame) int { return a.slot - b.slot })
	return live
}

// add and remove keep live without a scan.
func (n *fan) add(f *frame) {
	f.place = len(n.live)
	n.live = append(n.live, f)
}

func (n *fan) remove(f *frame) {
	last := n.live[len(n.live)-1]
	n.live[f.place] = last
	last.place = f.place
	n.live[len(n.live)-1] = nil
	n.live = n.live[:len(n.live)-1]
}

// item is the i-th item. ok is false if the items are no array that long:
// only a damaged log has such.
func (n *fan) item(i int) (*value.Document, bool) {
	if n.parsed == nil {
		if !n.items.Parsed() && value.Valid(n.items.Text()) != nil {
			return nil, false
		}
		n.parsed, _ = n.items.Value().([]any)
	}
	if i >= len(n.parsed) {
		return nil, false
	}
	return value.Of(n.parsed[i]), true
}

// nextItem is the item of the iteration that starts next.
func (n *fan) nextItem() (*value.Document, bool) {
	if n.started > 0 && n.coming.Position() == n.started {
		return n.coming.Next()
	}
	item, ok := n.item(n.started)
	if ok && n.started == 0 {
		n.coming, _ = n.items.Items()
		return n.coming.Next()
	}
	return item, ok
}

// compose is the array of all outputs.
func (n *fan) compose() *value.Document {
	size := 2
	for _, output := range n.outputs {
		size += output.Size() + 1
	}
	text := append(make([]byte, 0, size), '[')
	for i, output := range n.outputs {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, output.Text()...)
	}
	return value.Text(append(text, ']'))
}

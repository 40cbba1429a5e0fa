package asl

import (
	"fmt"
	"sync"

	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/interpreter"
)

// turn is one call of Decide.
type turn struct {
	run *Run
	env *interpreter.Env
	out *interpreter.Decision
	now int64

	evaluated int              // steps of expressions
	paths     intrinsic.Budget // of JSONPath, what the expressions of a visit have together

	at       *frame // the one that the facts are about, mostly
	visiting visit
	dropped  []*interpreter.Task // tasks that the present fact ended from outside
}

// turns keeps turns for later: they are large, and a run needs one for a moment
// only.
var turns = sync.Pool{New: func() any { return &turn{} }}

// newTurn begins a turn of a run, over ends it.
func newTurn(r *Run, env *interpreter.Env, out *interpreter.Decision) *turn {
	t := turns.Get().(*turn)
	t.run, t.env, t.out, t.now = r, env, out, max(env.Now.UnixMilli(), r.last)
	r.turn = t
	return t
}

func (t *turn) over() {
	t.run.turn = nil
	clear(t.dropped)
	*t = turn{dropped: t.dropped[:0]}
	turns.Put(t)
}

// Decide carries out one command, and then goes on through all that needs
// nothing from outside.
func (r *Run) Decide(env *interpreter.Env, cmd interpreter.Command, d *interpreter.Decision) interpreter.Outcome {
	if _, redrive := cmd.(interpreter.Redrive); r.status.Closed() && !redrive {
		return interpreter.Closed
	}
	t := newTurn(r, env, d)
	defer t.over()
	outcome := t.command(cmd)
	if outcome == interpreter.Done && r.version != 0 {
		t.goOn()
	}
	return outcome
}

func (t *turn) command(cmd interpreter.Command) interpreter.Outcome {
	switch cmd := cmd.(type) {
	case interpreter.Start:
		return t.start(cmd)
	case interpreter.TaskStarted:
		return t.taskStarted(cmd)
	case interpreter.TaskSubmitted:
		return t.taskSubmitted(cmd)
	case interpreter.TaskSucceeded:
		return t.taskSucceeded(cmd)
	case interpreter.TaskFailed:
		return t.taskFailed(cmd)
	case interpreter.Stop:
		return t.stop(cmd)
	case interpreter.Redrive:
		return t.redrive(cmd)
	case interpreter.MachineDeleted:
		return t.machineDeleted()
	case interpreter.Update:
		return interpreter.NotExpected
	case interpreter.Recover:
		t.recover()
	}
	return interpreter.Done
}

// goOn lets everything happen that is due, and then every frame go on that
// can, until nothing can or the budget is used up.
func (t *turn) goOn() {
	r := t.run
	r.late = false
	for !r.status.Closed() {
		if t.full() {
			first := r.timers.first()
			r.late = first != nil && first.due <= t.now
			return
		}
		if t.due() {
			continue
		}
		f := r.ready.front()
		if f == nil {
			return
		}
		if r.deleted {
			t.append(r.cut(f.id))
			return
		}
		t.step(f)
	}
}

// mostFacts bounds a decision whose limits name no number of facts: a loop of
// light states has to come back to its caller some time. mostEvaluated does the
// same for states that are not so light.
const (
	mostFacts     = 20_000
	mostEvaluated = 1_000_000 // steps of expressions
)

func (t *turn) full() bool {
	limits := t.run.info.Limits
	return t.out.Full(limits) || t.evaluated >= mostEvaluated || limits.BatchFacts <= 0 && t.out.Facts() >= mostFacts
}

// append makes a fact happen. Where the history has no room for its events,
// the execution fails instead (section 12): callers look at the run's status.
func (t *turn) append(f *fact) {
	r := t.run
	if r.deleted && r.moves(f) {
		f = r.cut(f.frame)
	}
	if limit := uint64(max(r.info.Limits.HistoryEvents, 0)); limit > 0 && f.kind != factClosed && f.kind != factCut &&
		r.events+r.eventsOf(f) >= limit {
		f = &fact{kind: factClosed, status: byte(interpreter.Failed), failure: *failed(errorRuntime,
			fmt.Sprintf("The execution reached the maximum number of history events (%d).", limit))}
	}
	t.out.Append(f.append)
	if f.kind == factEntered || f.kind == factRetrying {
		t.out.Transitions++
	}
	t.dropped = t.dropped[:0]
	if err := r.apply(f, t.now); err != nil {
		panic(fmt.Sprintf("asl: %v: fact %d of frame %d was decided", err, f.kind, f.frame))
	}
	for _, task := range t.dropped {
		t.out.Effects = append(t.out.Effects, interpreter.Cancel{Task: task})
	}
}

// eventsOf is how many events a fact has, or has at most.
func (r *Run) eventsOf(f *fact) uint64 {
	switch f.kind {
	case factErred:
		return r.frame(f.frame).depth()
	case factMisread:
		return 1 + r.frame(f.frame).depth()
	case factCollapsed:
		return r.frame(f.frame).parent.depth()
	case factWaiting, factRetrying, factDue, factResolved:
		return 0
	case factScheduled:
		return 2
	case factMapRun, factDeleted:
		return 0
	case factSubmitted, factSettled, factSucceeded, factFailed:
		return r.frame(f.frame).job.endEvents(f.kind)
	case factMapped:
		if f.count == 0 {
			return 2
		}
	case factExited:
		if f.next == 0 {
			return 1 + r.frame(f.frame).endEvents()
		}
	}
	return 1
}

// endEvents is how many events a fact about the task has, or has at most: the
// end of a map run shows the start too if that was not shown, and the end of the
// state.
func (j *job) endEvents(kind factKind) (events uint64) {
	if kind == factSubmitted && j.phase == interpreter.Resolved {
		events++
	}
	if j.mapRun != "" {
		events += 2
	}
	return events + 1
}

// endEvents is how many events the end of a frame has, beside that of its
// last state.
func (f *frame) endEvents() (events uint64) {
	if f.parent == nil {
		return 1
	}
	if f.parent.fan.items != nil {
		events++
	}
	if f.parent.fan.ended+1 == f.parent.fan.total {
		events++
	}
	return events
}

// depth is how many events it takes at most to abandon what is under way
// below a frame.
func (f *frame) depth() (events uint64) {
	if f.fan == nil {
		return 0
	}
	for _, child := range f.fan.live {
		events += 3 + child.depth()
	}
	return events
}

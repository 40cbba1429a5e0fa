package asl

import (
	"errors"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// Run is the folded state of one execution. Only apply changes it, beside the
// few fields that are marked volatile: those are not part of the state, are
// not in snapshots, and no fact depends on them.
type Run struct {
	program *Program
	info    interpreter.Info

	version uint64 // of the facts, 0 before the first
	status  interpreter.Status
	started int64 // in milliseconds
	last    int64 // time of the last fact
	trace   string
	input   *value.Document
	output  *value.Document
	failure failure

	events    uint64 // id of the last event
	nextFrame uint64
	lastTask  uint64
	root      *frame // nil before the first fact and after success
	frames    index
	tasks     index // by id of the outstanding task
	active    int   // Push tasks whose connector has not answered
	ready     queue
	timers    timers
	alarm     timer // the machine's timeout
	varBytes  int
	heldBytes int // texts that registers and fans refer to, for Memory

	redrives uint64
	redriven int64          // time of the last redrive
	tokens   []redriveToken // of the last redrives, the oldest first
	deleted  bool           // the state machine was deleted

	late  bool         // volatile: the last Decide left due timers behind
	turn  *turn        // volatile: the Decide that is going on
	sink  func(*Event) // volatile: who listens to the events
	at    int64        // volatile: time of the fact that is being applied
	probe *Probe       // volatile: who runs a single state
}

var _ interpreter.Run = (*Run)(nil)

// errImpossible says that a fact does not fit the state that it is applied
// to. No log that Decide wrote has such a fact.
var errImpossible = errors.New("asl: a fact does not fit what the log says before it")

func newRun(p *Program, info interpreter.Info) *Run {
	return &Run{program: p, info: info}
}

// Result tells how the run stands.
func (r *Run) Result() interpreter.Result {
	result := interpreter.Result{
		Status:   r.status,
		Input:    r.input,
		Output:   r.output,
		Error:    r.failure.error,
		Cause:    r.failure.cause,
		Redrives: int(r.redrives) + r.info.Again,
		Full:     r.full(),
	}
	result.Redrivable = r.redrivable()
	if r.redrives > 0 {
		result.Redriven = instant(r.redriven)
	}
	for _, known := range r.tokens {
		result.Tokens = append(result.Tokens, interpreter.RedriveToken{Token: known.token, At: instant(known.at)})
	}
	return result
}

// TraceHeader is the one that the execution was started with, or empty.
func (r *Run) TraceHeader() string { return r.trace }

// Events is the id of the last event of the history.
func (r *Run) Events() uint64 { return r.events }

// Outstanding yields the tasks that are neither ended nor cancelled.
func (r *Run) Outstanding(yield func(*interpreter.Task, interpreter.Phase) bool) {
	for _, id := range r.tasks.numbers() {
		j := r.tasks.of(id).job
		if !yield(&j.task, j.phase) {
			return
		}
	}
}

// Task returns an outstanding task, nil if there is none of this id.
func (r *Run) Task(id uint64) (*interpreter.Task, interpreter.Phase) {
	f := r.tasks.of(id)
	if f == nil {
		return nil, interpreter.Scheduled
	}
	return &f.job.task, f.job.phase
}

// Active is the number of Push tasks whose connector has not answered.
func (r *Run) Active() int { return r.active }

// Wake is the earliest instant at which something is due. Where a heartbeat
// was heard of that the log does not know, a run that was folded anew wakes
// earlier than the one that heard of it, and finds nothing to do.
func (r *Run) Wake() time.Time {
	first := r.timers.first()
	if first == nil {
		return time.Time{}
	}
	return instant(first.due)
}

// Pending says whether a Continue would do anything.
func (r *Run) Pending() bool {
	return !r.status.Closed() && (r.late || r.ready.front() != nil)
}

// instant is a time of the log as the outside sees it.
func instant(millis int64) time.Time { return time.UnixMilli(millis).UTC() }

package maprun

import (
	"errors"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// Run is the folded state of one map run. Only apply changes it, beside the
// fields that are marked volatile: no fact depends on them.
type Run struct {
	program *Program
	info    interpreter.Info

	version  uint64 // of the facts, 0 before the first
	status   interpreter.Status
	last     int64 // time of the last fact in milliseconds
	trace    string
	input    *value.Document
	config   *Config
	settings Settings
	output   *value.Document
	error    *string
	cause    *string

	lastTask uint64
	jobs     map[uint64]*job // outstanding, by task
	children int             // of them, those that are children
	held     int             // bytes of their inputs
	asked    int             // bytes of the payloads of the others
	source   source
	items    Counts
	results  results
	// executions counts the children.
	executions Counts
	seen       sample // of what children have given
	ending     *ending
	stopTask   uint64 // the task that has the children stopped, 0 for none
	askTask    uint64 // the task that asks whether the state waits, 0 for none
	stopAt     int64  // when to look for children to stop again

	redrives uint64
	redriven int64 // time of the last redrive
	failures failures
	redo     redo
	lost     bool // what a redrive needs was let go

	selector Selector // volatile: made when first asked for
	scratch  []byte   // volatile: where facts are encoded
	dropped  []*interpreter.Task
}

var _ interpreter.Run = (*Run)(nil)

// ending is how a map run ends that does not succeed, once all that is under way
// has ended.
type ending struct {
	status       interpreter.Status
	error, cause *string
}

// errImpossible says that a fact does not fit the state that it is applied to.
// No log that Decide wrote has such a fact.
var errImpossible = errors.New("maprun: a fact does not fit what the log says before it")

func newRun(p *Program, info interpreter.Info) *Run {
	return &Run{program: p, info: info, jobs: map[uint64]*job{}}
}

// Config is the configuration that the map run was started with. It must not be
// changed.
func (r *Run) Config() *Config { return r.config }

// Result tells how the map run stands.
func (r *Run) Result() interpreter.Result {
	result := interpreter.Result{
		Status: r.status, Input: r.input, Output: r.output, Error: r.error, Cause: r.cause,
		Redrives: int(r.redrives), Redrivable: r.redrivable(),
	}
	if r.redrives > 0 {
		result.Redriven = time.UnixMilli(r.redriven).UTC()
	}
	return result
}

// TraceHeader is the one that the execution was started with, or empty.
func (r *Run) TraceHeader() string { return r.trace }

// Outstanding yields the tasks that have not ended.
func (r *Run) Outstanding(yield func(*interpreter.Task, interpreter.Phase) bool) {
	for _, id := range r.jobIDs() {
		if !yield(&r.jobs[id].task, interpreter.Scheduled) {
			return
		}
	}
}

// Task returns an outstanding task, nil if there is none of this id.
func (r *Run) Task(id uint64) (*interpreter.Task, interpreter.Phase) {
	if j := r.jobs[id]; j != nil {
		return &j.task, interpreter.Scheduled
	}
	return nil, interpreter.Scheduled
}

// Active is the number of outstanding tasks: all of them are pushed, and what a
// child that was started is to know of itself is asked for anew after a crash.
func (r *Run) Active() int { return len(r.jobs) }

// Wake is when to look for children to stop.
func (r *Run) Wake() time.Time {
	if r.ending == nil || r.children == 0 || r.stopTask != 0 || r.stopAt == 0 || r.program.Express {
		return time.Time{}
	}
	return time.UnixMilli(r.stopAt).UTC()
}

// Pending says whether a Continue would do anything.
func (r *Run) Pending() bool {
	return r.version != 0 && !r.status.Closed() && r.next(r.last) != nothing
}

// Memory estimates the memory of the map run: it keeps texts, as its snapshots do.
func (r *Run) Memory() int { return r.Size() }

// Size estimates the state of the map run.
func (r *Run) Size() int {
	const perRun, perJob = 2048, 384
	size := perRun + perJob*len(r.jobs) + r.held + r.asked + r.source.bytes + r.results.bytes + r.failures.bytes() + r.redo.inputs.bytes
	if r.input != nil {
		size += r.input.Size()
	}
	return size
}

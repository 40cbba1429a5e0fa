package interpreter

import (
	"time"

	"github.com/fermata-dev/fermata/expr/value"
)

// Command asks a run for a decision. The variants below are all there are.
type Command interface{ command() }

// Start begins a run. It is the first command of every run and comes once.
type Start struct {
	Input *value.Document
	// TraceHeader is kept in the start fact, or empty.
	TraceHeader string
}

// TaskStarted says that a worker fetched a Pull task.
type TaskStarted struct {
	ID     uint64
	Worker string
}

// TaskSubmitted gives the connector's answer to a ByToken or ByJob task.
type TaskSubmitted struct {
	ID     uint64
	Output []byte // JSON text
}

// TaskSucceeded gives the result of a task.
type TaskSucceeded struct {
	ID     uint64
	Output []byte // JSON text; the run may keep it
	// Checked: whoever gives the command has seen to it that the output is JSON.
	Checked bool
}

// TaskFailed gives the failure of a task.
type TaskFailed struct {
	ID uint64
	// Error and Cause are nil where the failing side gave none.
	Error, Cause *string
	// Submission: it was the submission of a ByToken or ByJob task that failed.
	Submission bool
}

// Tick says that time has passed: everything that is due by Env.Now happens.
type Tick struct{}

// Continue asks a run that is Pending to go on.
type Continue struct{}

// Stop aborts the run from outside.
type Stop struct{ Error, Cause *string }

// Redrive opens a run again that was closed without success: what failed or was
// cut off is done again, what succeeded is kept.
type Redrive struct {
	// Token makes it happen once: the same token again, while the run remembers it,
	// is done without doing anything. Empty for none.
	Token string
}

// MachineDeleted says that the state machine of the run was deleted. What is under
// way goes on; the next transition ends the run. A run that knows of it already does
// nothing.
type MachineDeleted struct{}

// Update changes what a run was told at its start. What can be changed, and how
// that is written, is the affair of the run's interpreter; most change nothing.
type Update struct{ Change []byte }

// Recover is given once to every run that the engine takes over after a crash,
// before anything else. It settles what a crash may have left half-way (a result
// that came before the answer to its submission).
type Recover struct{}

func (Start) command()          {}
func (TaskStarted) command()    {}
func (TaskSubmitted) command()  {}
func (TaskSucceeded) command()  {}
func (TaskFailed) command()     {}
func (Tick) command()           {}
func (Continue) command()       {}
func (Stop) command()           {}
func (Redrive) command()        {}
func (MachineDeleted) command() {}
func (Update) command()         {}
func (Recover) command()        {}

// Outcome says what became of a command.
type Outcome uint8

const (
	// Done: the command was carried out (it may still have appended nothing, as
	// a Tick with nothing due).
	Done Outcome = iota
	// Closed: the run is closed for good as far as this command goes, nothing was
	// appended.
	Closed
	// NoTask: the task is not outstanding (it ended, timed out, was cancelled or
	// never was), nothing was appended.
	NoTask
	// NotExpected: the task is there but cannot take this (started twice,
	// submitted twice), nothing was appended.
	NotExpected
)

// Env is everything from outside that a decision may depend on.
type Env struct {
	// Now is the time of the decision, in UTC, whole milliseconds, never before
	// an earlier fact of the same run.
	Now time.Time
	// Random gives the randomness of the decision.
	Random Random
	// Token gives the task token of a task of this run. Deterministic.
	Token func(task uint64) string
	// QueueExists reports whether a queue of Pull tasks exists (an activity that
	// was created and not deleted).
	QueueExists func(resource string) bool
	// LastBeat gives the time of the last heartbeat of a task, zero for none
	// known. A task must not be timed out for silence before
	// max(scheduled or started, LastBeat, Since) + Heartbeat.
	LastBeat func(task uint64) time.Time
	// Since is when this node began to look after tasks: whoever ran a task
	// during an outage gets one fresh interval.
	Since time.Time
}

// Random is a source of randomness that comes in with the command.
type Random interface {
	Uint64() uint64
}

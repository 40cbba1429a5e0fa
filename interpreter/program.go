package interpreter

import (
	"time"

	"github.com/fermata-dev/fermata/expr/value"
)

// Program is a definition made ready to run. It is immutable and safe for
// concurrent use.
type Program interface {
	// New returns the state of a run before its first fact.
	New(info Info) Run
	// Restore returns the state that Snapshot wrote. The bytes belong to the
	// caller again when Restore returns.
	Restore(info Info, snapshot []byte) (Run, error)
}

// Info is what an execution knows of itself from the start. The engine derives
// it from the head of the run's log and its configuration; it is never in facts.
type Info struct {
	ExecutionARN string
	Name         string
	RoleARN      string
	MachineARN   string // unqualified
	MachineName  string
	// Synchronous: whoever started the execution waits for its end.
	Synchronous bool
	// Followed: somebody is told of the run's entries as they are committed.
	Followed bool
	// Again is how often the execution was begun before: each time it was redriven that
	// way.
	Again int
	// Limits of this run. Never nil.
	Limits *Limits
}

// Limits are the bounds that an interpreter enforces with its language's own
// errors. Zero means no limit. Which limit gives which error is the language's
// affair.
type Limits struct {
	PayloadBytes  int // one input, output, result or state data
	HistoryEvents int // events that a protocol shows of one run
	// ExecutionTime is the longest that a run may last. A run ends by a shorter
	// timeout of its own.
	ExecutionTime    time.Duration
	InlineIterations int // iterations of an inline Map at once when it names no number
	VariableBytes    int // one assignment
	VariablesBytes   int // all variables of a run
	// WaitScale is what a run waits of the time that it means to wait, for tests;
	// all of it if 0. Timeouts are as they are.
	WaitScale float64
	// BatchFacts and BatchBytes are the budget of one Decide: it stops at the
	// first fact boundary beyond either and asks to be continued.
	BatchFacts int
	BatchBytes int
}

// Status of a run.
type Status uint8

// The statuses; every one but Running is terminal.
const (
	Running Status = iota
	Succeeded
	Failed
	TimedOut
	Aborted
)

func (s Status) String() string {
	switch s {
	case Running:
		return "RUNNING"
	case Succeeded:
		return "SUCCEEDED"
	case Failed:
		return "FAILED"
	case TimedOut:
		return "TIMED_OUT"
	case Aborted:
		return "ABORTED"
	default:
		return "UNKNOWN"
	}
}

// Closed reports whether the status is terminal.
func (s Status) Closed() bool { return s != Running }

// Result is how a run stands: its status and, once closed, what it gave.
type Result struct {
	Status Status
	Input  *value.Document
	Output *value.Document // Succeeded only
	// Error and Cause are nil where the language gave none.
	Error, Cause *string
	// Redrives is how often the run was opened again, Redriven when last (zero for
	// never). Tokens are those that the last of them were asked for with, the oldest
	// first.
	Redrives int
	Redriven time.Time
	Tokens   []RedriveToken
	// Redrivable says whether a closed run could be opened again; Full, that it
	// could not because its history has no room.
	Redrivable, Full bool
}

// RedriveToken is a token with which a run was opened again, and when.
type RedriveToken struct {
	Token string
	At    time.Time
}

// Run is the folded state of one execution. It is owned by one goroutine at a
// time.
type Run interface {
	// Apply folds one fact of the log. The bytes stay valid and unchanged for as
	// long as the Run lives; it may keep references into them. An error means
	// that the log is damaged or newer than this interpreter.
	Apply(fact []byte, at time.Time) error

	// Decide carries out one command. It appends facts, each applied as it is
	// appended, and effects to d, and says what became of the command.
	Decide(env *Env, cmd Command, d *Decision) Outcome

	// Outstanding calls yield for every effect that the state still wants done:
	// tasks that were scheduled and have neither ended nor been cancelled, with
	// how far each has come, in the order of their ids.
	Outstanding(yield func(*Task, Phase) bool)

	// Task returns the outstanding task of that id, nil if there is none.
	Task(id uint64) (*Task, Phase)

	// Active is the number of outstanding Push tasks in phase Scheduled or
	// Resolved: those whose connector call somebody has to keep under way, or has
	// to settle (Recover) if it is lost.
	Active() int

	// Wake is the earliest instant at which the run wants a Tick, zero for none.
	Wake() time.Time

	// Pending reports whether the run has light work left that needs a Continue
	// (the last Decide stopped at its budget).
	Pending() bool

	// Result tells how the run stands.
	Result() Result

	// TraceHeader is the one that the run was started with, or empty.
	TraceHeader() string

	// Snapshot appends the whole state to dst, in the interpreter's own
	// versioned format.
	Snapshot(dst []byte) []byte

	// Size estimates the state in bytes, generously: what a snapshot takes. It is the
	// same for whoever folded the same facts, and cheap.
	Size() int

	// Memory estimates the memory that the run holds, in bytes: the state, and what
	// was made of it to be faster. It is cheap.
	Memory() int
}

// Delivery is how a task reaches whoever does it.
type Delivery uint8

const (
	// Push: the engine calls a connector. The task counts as started when the
	// fact that schedules it is committed.
	Push Delivery = iota
	// Pull: the task lies in a queue until a worker fetches it, which is a
	// commit of its own (TaskStarted).
	Pull
)

// Completion is what ends a task.
type Completion uint8

const (
	// ByAnswer: the connector's answer is the result.
	ByAnswer Completion = iota
	// ByToken: the connector's answer is only the submission; whoever holds the
	// task token sends the result.
	ByToken
	// ByJob: the connector's answer is the submission; the connector or a message
	// of another run tells when the job that was started has ended.
	ByJob
)

// Phase is how far an outstanding task has come.
type Phase uint8

const (
	// Scheduled: a Pull task that waits in its queue, or a Push task whose
	// connector has not answered.
	Scheduled Phase = iota
	// Fetched: a Pull task that a worker has.
	Fetched
	// Submitted: a ByToken or ByJob task whose submission was acknowledged.
	Submitted
	// Resolved: a ByToken task whose result came before the answer to its
	// submission. It is never submitted again; Recover settles it after a crash.
	Resolved
)

// Task is one attempt at one piece of work outside of the interpreter. Its id
// is unique within the run and never used again, not even by a retry. A Task is
// immutable: it is shared between the run, the engine and connectors.
type Task struct {
	ID         uint64
	Delivery   Delivery
	Completion Completion
	// Connector selects who carries it out ("lambda", "http", "states", ...);
	// for Pull tasks it is the kind of queue ("activity").
	Connector string
	// Resource is what it is about, as the definition says: an ARN.
	Resource string
	// Action names the operation of the connector ("invoke", "startExecution.sync:2").
	Action string
	// Payload is the input of the task as JSON text. Shared; do not change.
	Payload []byte
	// Timeout bounds the attempt, zero for none (or one of years). The
	// interpreter itself ends the task then; the connector may use it to give up.
	Timeout time.Duration
	// Heartbeat is the longest silence allowed, zero for none.
	Heartbeat time.Duration
	// ScheduledAt is the time of the fact that scheduled it.
	ScheduledAt time.Time
	// State is the name of the state that the task belongs to, for logs.
	State string
	// RoleARN to assume for this call, or empty.
	RoleARN string
}

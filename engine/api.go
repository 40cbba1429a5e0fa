package engine

import (
	"errors"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// The errors of the engine's methods. Match with errors.Is.
var (
	// ErrBusy: too much waits already; try again later.
	ErrBusy = errors.New("engine is at its limit of waiting commands")
	// ErrStopped: the engine was closed, is draining, or its store has failed.
	ErrStopped = errors.New("engine takes no more work")
	// ErrNotFound: there is no such run.
	ErrNotFound = errors.New("no such execution")
	// ErrClosed: the run is closed.
	ErrClosed = errors.New("execution is closed")
	// ErrNotRedrivable: the run is open, or cannot be opened again.
	ErrNotRedrivable = errors.New("execution cannot be redriven")
	// ErrNoTask: the task of that token is not outstanding (it ended, timed out
	// or was cancelled).
	ErrNoTask = errors.New("task is not outstanding")
	// ErrToken: the token was not made by this engine.
	ErrToken = errors.New("not a task token of this engine")
	// ErrIncident: a fault of the engine's own has stopped the run.
	ErrIncident = errors.New("execution is stopped by an incident")
)

// TaskOverError says that the task of a token is not to be done any more. It wraps
// ErrNoTask, ErrClosed or ErrNotFound.
type TaskOverError struct {
	Queue string // where a worker has fetched the task, or empty
	Err   error
}

func (e *TaskOverError) Error() string { return e.Err.Error() }
func (e *TaskOverError) Unwrap() error { return e.Err }

// NameTakenError says that a run of that name exists.
type NameTakenError struct{ Run store.RunID }

func (e *NameTakenError) Error() string { return "an execution of that name exists" }

// StartRequest asks for a new run.
type StartRequest struct {
	Definition *Definition
	// Name is unique per state machine; empty lets the engine make one, which is
	// cheaper: such a name takes no room in the store.
	Name  string
	Input *value.Document // valid JSON
	// TraceHeader is kept in the start fact, or empty.
	TraceHeader string
	// Parent is the task that starts this run, or nil. Starting twice with the
	// same parent task gives the same run.
	Parent *connector.Parent
	// Attributes are search attributes.
	Attributes map[string]any
	// Synchronous: whoever starts the run waits for its end.
	Synchronous bool
	// Ended, if not nil, is sent the end of the run, without blocking, when that
	// is durable; it needs room for one. It is not, if the run existed already or
	// the engine stops before.
	Ended chan<- Description

	again int64 // see StartAnew
}

// Started is the answer to a StartRequest.
type Started struct {
	Run  store.RunID
	Name string
	At   time.Time
	// Existing: the run had been started by the same parent task before.
	Existing bool
}

// Description is how a run stands.
type Description struct {
	Run  store.RunID
	Head *store.Head
	interpreter.Result
	// TraceHeader of the start, or empty.
	TraceHeader string
}

// WorkItem is a Pull task handed to a worker.
type WorkItem struct {
	Token string
	Input []byte // JSON text
}

// Entry is one entry of a run's log, decoded.
type Entry struct {
	Position uint64
	At       time.Time
	Facts    [][]byte
}

package engine

import (
	"context"
	"log/slog"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Config of an engine. Store and Catalog are required; every other field has a
// default that works.
type Config struct {
	Store   store.Store
	Catalog Catalog
	// Connectors by the name that tasks select them with ("lambda", "http").
	Connectors map[string]connector.Connector
	// Intercept, if not nil, is asked before every call which connector carries
	// it out; next is the one that would. It must not block.
	Intercept func(run store.RunID, task *interpreter.Task, next connector.Connector) connector.Connector
	// ChildResult says how the end of a child execution reads to the task of its
	// parent. Needed only where a connector starts children.
	ChildResult func(connector.ChildEnd) connector.ChildResult

	// Limits given to every run. BatchFacts and BatchBytes have defaults.
	Limits interpreter.Limits
	// CacheBytes bounds the memory for runs that have nothing to do at the moment
	// (default 64 MiB; at most a quarter of MaxBytes, where that bounds it too).
	CacheBytes int64
	// MailBytes bounds the memory for messages between runs that wait (default 32 MiB):
	// those beyond it are read from the store when their turn comes.
	MailBytes int64
	// Shards is the number of step machines (default: GOMAXPROCS).
	Shards int
	// MaxCalls bounds the calls under way per connector (default 4096). Further
	// tasks wait in memory, in order.
	MaxCalls int
	// MaxBacklog bounds the commands that wait for a decision, per shard (default
	// 65536); beyond it callers get ErrBusy.
	MaxBacklog int
	// Transitions is the pace at which runs begin their next steps, Paces at which the
	// calls of a connector begin (default: none). What has no token yet waits in memory,
	// in order; runs that are created do not wait.
	Transitions Pace
	Paces       map[string]Pace
	// Retention is how long a closed run is kept (default 90 days; negative for
	// ever).
	Retention time.Duration
	// Volatile: what the engine holds is lost when it is closed. Close then lets the
	// runs under way end, not only their calls.
	Volatile bool
	// MaxBytes bounds the memory of a store.Sized and of the runs that are in memory, or
	// are being started: runs that are closed are purged before their time, the oldest
	// first, and where that does not help no new ones are started (ErrBusy). 0 for no
	// bound.
	MaxBytes int64
	// DrainTimeout is how long Close lets calls under way end, and those runs
	// (default 10 s). A store that does not answer then is asked again for as long.
	DrainTimeout time.Duration
	// Logger for events that an operator should know of (default: discards).
	Logger *slog.Logger
	// Now is the clock, which is not to run backwards (default: the machine's; where
	// that is set back, time goes on from where it was).
	Now func() time.Time
	// Follow is told of every entry of the runs whose Info says Followed, when it is
	// durable, in the order of a run's positions. It is called on the hot path by
	// several goroutines, and must not block. May be nil.
	Follow func(Committed)
	// Counter is told of every run that opens and closes. May be nil.
	Counter Counter
	// Listener is told of what happens, for metrics and traces. May be nil.
	Listener Listener
}

// Catalog knows the definitions. Its methods are called concurrently.
type Catalog interface {
	// Definition returns one revision of a state machine by its id. Ids are
	// never reused; a revision that runs follow is never removed.
	Definition(ctx context.Context, id uint64) (*Definition, error)
	// QueueExists reports whether a queue of Pull tasks exists. It must not
	// block.
	QueueExists(resource string) bool
	// Info is what a run of that definition and name knows of itself; the engine
	// fills in Limits.
	Info(def *Definition, name string) interpreter.Info
}

// Definition is one revision of a state machine.
type Definition struct {
	ID      uint64 // of the revision
	Machine uint64 // of the state machine, whatever its revision
	Program interpreter.Program
	// Detail is the catalog's own.
	Detail any
}

// Committed is an entry of a run's log that has become durable.
type Committed struct {
	Run        store.RunID
	Definition uint64 // id of the revision that the run follows
	Name       string
	Position   uint64
	At         time.Time
	// Data is the encoded entry, or nil where the engine does not have it at hand:
	// [Engine.Entries] gives it, and it may be that those before it were not told of.
	Data []byte
	// Closed: the run is closed after the last of the entries that are there.
	Closed bool
	// Again is how often runs of before had been redriven whose place the run took;
	// see [Engine.StartAnew].
	Again int64
}

// Entry decodes the entry.
func (c *Committed) Entry() (Entry, error) { return parseEntry(c.Position, c.Data) }

// Listener is told of what happens in the engine. Its methods are called on hot
// paths and must return quickly. Embed NopListener.
type Listener interface {
	RunStarted(run store.RunID, machine uint64)
	RunClosed(run store.RunID, machine uint64, status interpreter.Status, took time.Duration)
	TaskStarted(run store.RunID, task *interpreter.Task)
	TaskEnded(run store.RunID, task *interpreter.Task, err error, took time.Duration)
	Incident(run store.RunID, what string)
}

// Counter counts the runs that are open, by machine: what is created or opened again
// is told of before whoever asked for it is answered, what has closed before whoever
// waits for it. Its methods are called concurrently on the hot path and must not block.
type Counter interface {
	Opened(machine uint64)
	Closed(machine uint64)
}

// NopListener does nothing.
type NopListener struct{}

// RunStarted does nothing.
func (NopListener) RunStarted(store.RunID, uint64) {}

// RunClosed does nothing.
func (NopListener) RunClosed(store.RunID, uint64, interpreter.Status, time.Duration) {}

// TaskStarted does nothing.
func (NopListener) TaskStarted(store.RunID, *interpreter.Task) {}

// TaskEnded does nothing.
func (NopListener) TaskEnded(store.RunID, *interpreter.Task, error, time.Duration) {}

// Incident does nothing.
func (NopListener) Incident(store.RunID, string) {}

package store

import (
	"context"
	"errors"
	"time"
)

// The errors of a store. Match with errors.Is.
var (
	// ErrFailed: the store could not make something durable (full disk, failing
	// sync). It takes nothing more until it is opened again; what it had
	// acknowledged is safe.
	ErrFailed = errors.New("store has failed")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store is closed")
	// ErrInUse: another process has the store open, or this one has already.
	ErrInUse = errors.New("store is in use, by another process or by this one")
	// ErrNewer: the store was written by a newer version than this one can read.
	ErrNewer = errors.New("store has a newer format")
	// ErrNotFound: no such run or record.
	ErrNotFound = errors.New("not found")
	// ErrConflict: a record has another version than expected.
	ErrConflict = errors.New("record has changed")
	// ErrTooLarge: a batch is beyond what the store can commit at once.
	ErrTooLarge = errors.New("batch is too large")
	// ErrInvalid: the batch or change is malformed (see CheckBatches). Nothing was
	// carried out.
	ErrInvalid = errors.New("invalid batch")
	// ErrCorrupt: the store holds something that it cannot have written.
	ErrCorrupt = errors.New("store is corrupt")
)

// Store keeps the runs and records of one namespace. All methods are safe for
// concurrent use.
type Store interface {
	// ID is a random text made when the store was created; it never changes.
	ID() string
	// Node is the id of this opening.
	Node() NodeID
	// AllocateRuns reserves n run ids and returns the first. They rise over
	// the life of the store; ids that were reserved and not used are lost.
	AllocateRuns(ctx context.Context, n int) (RunID, error)

	// Commit carries out the batches, at most one per run. See the package
	// comment. The results are in the order of the batches. The store does not
	// keep or change the batches' slices after it returns.
	Commit(ctx context.Context, batches []Batch) ([]Result, error)

	Runs
	Indexes
	Records

	// Stats tells what the store has done since it was opened.
	Stats() Stats
	// Close releases the store. What was not acknowledged may be lost.
	Close() error
}

// Runs reads single runs.
type Runs interface {
	// Head returns the head of a run, or ErrNotFound.
	Head(ctx context.Context, run RunID) (*Head, error)
	// Load returns a consistent reading of a run: its head, its snapshot (nil for
	// none), the entries after the snapshot, and as much of its inbox as Inbox gives. With
	// a negative mail nothing is said of the inbox: looking whether it is empty may take
	// long where much was consumed.
	// ErrNotFound if there is no head.
	Load(ctx context.Context, run RunID, mail int) (*Log, error)
	// Inbox returns the first messages to a run, which need not exist, in order of
	// source and id: the next one as long as those before it have less than mail bytes
	// together (Message.Size). So it is none for 0, and one at least for more.
	Inbox(ctx context.Context, run RunID, mail int) (Inbox, error)
	// Entries calls yield with the log's entries in order, from position from on,
	// until yield returns false. The bytes are the callee's for good.
	Entries(ctx context.Context, run RunID, from uint64, yield func(position uint64, entry []byte) bool) error
	// ByName returns the run of that name, or ErrNotFound.
	ByName(ctx context.Context, machine uint64, name string) (RunID, error)
}

// Log is a reading of one run.
type Log struct {
	Head     *Head
	Snapshot []byte
	Entries  [][]byte // from Head.SnapshotAt on
	Inbox    Inbox
}

// Inbox is the beginning of a run's inbox.
type Inbox struct {
	Messages []Message
	More     bool // there are others behind these
}

// Add adds the next message, or sets More if there is no room for one: see
// Runs.Inbox. It reports whether it was added.
func (in *Inbox) Add(m Message, room *int) bool {
	if in.More = *room <= 0; in.More {
		return false
	}
	*room -= m.Size()
	in.Messages = append(in.Messages, m)
	return true
}

// Indexes are ordered readings over many runs. Each is a page: it gives at most
// limit rows and starts after the cursor, whose zero value is the beginning.
type Indexes interface {
	// Due gives runs with a wake-up before until, earliest first.
	Due(ctx context.Context, after WakeRow, until time.Time, limit int) ([]WakeRow, error)
	// Owned gives the runs that have an owner, by run id. The caller decides
	// which owners are dead.
	Owned(ctx context.Context, after RunID, limit int) ([]OwnedRow, error)
	// Mail gives the runs that have messages in their inbox, by run id, also
	// those that no longer exist.
	Mail(ctx context.Context, after RunID, limit int) ([]RunID, error)
	// Discard removes all messages to a run that has no head (it was purged).
	Discard(ctx context.Context, run RunID) error
	// Queue gives the rows of one queue in order.
	Queue(ctx context.Context, queue string, after QueueRow, limit int) ([]QueueRow, error)
	// List gives runs by start time, newest first (then by falling run id).
	List(ctx context.Context, q ListQuery, after ListRow, limit int) ([]ListRow, error)
	// ClosedBefore gives closed runs by the time they closed, earliest first.
	ClosedBefore(ctx context.Context, after WakeRow, before time.Time, limit int) ([]WakeRow, error)
}

// WakeRow is a run and an instant that belongs to it.
type WakeRow struct {
	At  time.Time
	Run RunID
}

// OwnedRow is a run and its owner.
type OwnedRow struct {
	Run   RunID
	Owner NodeID
}

// ListQuery selects runs.
type ListQuery struct {
	Machine uint64
	// Status selects one status; AnyStatus all of them.
	Status    Status
	AnyStatus bool
}

// ListRow is a run in a listing. As a cursor only Started and Run count.
type ListRow struct {
	Started time.Time
	Run     RunID
	Head    *Head
}

// Records are small values by key, each with a version: definitions, names,
// tags, settings. Keys are ordered as bytes.
type Records interface {
	// Record returns a record, or ErrNotFound.
	Record(ctx context.Context, key string) (Record, error)
	// ListRecords gives the records whose key begins with prefix and comes after
	// the key after, in order.
	ListRecords(ctx context.Context, prefix, after string, limit int) ([]Record, error)
	// Write changes records, all or none, durably. A change whose record has
	// another version than it expects gives ErrConflict.
	Write(ctx context.Context, changes ...Change) error
}

// Record is a versioned value. Versions begin with 1 and rise by 1; a key that
// was deleted begins again.
type Record struct {
	Key     string
	Value   []byte
	Version uint64
}

// Change is one write to one record.
type Change struct {
	Key string
	// Expect is the version that must be there, 0 for none. Blind skips the check.
	Expect uint64
	Blind  bool
	// Value is the new value; nil deletes the record.
	Value []byte
}

// Stats are counters since opening, and sizes.
type Stats struct {
	Commits     uint64 // calls of Commit that wrote something
	Batches     uint64 // batches that were OK
	Syncs       uint64 // syncs of the log
	BytesLogged uint64 // bytes written to the write-ahead log
	DiskBytes   uint64 // size of the store's files without its write-ahead log
	// HeapBuffers is the memory on Go's heap of writes that are in no file yet, and of
	// blocks that were read. One that was given back a moment ago may still be held.
	HeapBuffers uint64
}

// Sized is a store that keeps everything in memory and knows how much that is.
type Sized interface {
	// Bytes estimates the memory of all runs. It is cheap.
	Bytes() int64
}

// Counter is a store that counts runs faster than it lists them.
type Counter interface {
	// Count is how many runs of a machine have a status.
	Count(ctx context.Context, machine uint64, status Status) (int, error)
}

// Compacter is a store that can bring its files into their smallest form.
type Compacter interface {
	Compact(ctx context.Context) error
}

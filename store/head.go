package store

import (
	"time"
)

// RunID identifies a run within a store. It has 63 bits, is given out by
// [Store.AllocateRuns] in rising order and never used twice.
type RunID uint64

// CommitID identifies one attempt to commit one batch. No two attempts share
// one, except that a batch sent again because its answer was lost keeps its own.
type CommitID uint64

// NodeID identifies one opening of the store by one process. It rises with each
// opening ([Store.Node]); zero is nobody.
type NodeID uint64

// Status of a run as listings show it. The numbers are durable.
type Status uint8

// The statuses. All but Running are terminal.
const (
	Running   Status = 0
	Succeeded Status = 1
	Failed    Status = 2
	TimedOut  Status = 3
	Aborted   Status = 4
)

// Closed reports whether the status is terminal.
func (s Status) Closed() bool { return s != Running }

// Head is the fence of a run's log and what is known of the run without
// reading the log.
type Head struct {
	// Position is the number of entries in the log.
	Position uint64
	// Commit is the id of the commit that wrote this head.
	Commit CommitID

	Status Status
	// Machine is what the run is listed under (a state machine, whatever its
	// revision).
	Machine uint64
	// Definition is the revision that the run follows.
	Definition uint64
	// Name is unique per Machine among the runs that are not purged. It is set
	// at creation and never changes.
	Name string

	// Started and Closed are in whole milliseconds; Closed is zero while the run
	// is open. Last is the time of the newest entry.
	Started, Closed, Last time.Time

	// Wake is when the run wants to be woken, zero for never. The store keeps at
	// most one wake-up a run, in an index by time.
	Wake time.Time
	// Owner is the node that looks after the run's effects, zero for none: such a
	// run needs nobody until a wake-up, a message or a command.
	Owner NodeID

	// SnapshotAt is the position up to which the snapshot has folded the log,
	// zero for no snapshot. TailBytes is the size of the entries after it.
	SnapshotAt uint64
	TailBytes  uint64

	// Incident is a fault of the engine's own that stopped the run, or empty. A
	// run with an incident is not woken and has no owner.
	Incident string

	// Attributes are search attributes: string, int64, float64, bool or
	// time.Time by name.
	Attributes map[string]any
}

// Batch is one atomic change of one run.
type Batch struct {
	Run RunID
	// Create: there must be no head, and Head.Name must be free. Otherwise the
	// head must be at Position with commit id Expect.
	Create   bool
	Position uint64
	Expect   CommitID

	// Commit is the id of this attempt; Head.Commit carries the same.
	Commit CommitID

	// Entry is appended to the log at Position (the new head then says
	// Position+1); nil appends nothing. The store keeps the bytes as they are.
	Entry []byte
	// Snapshot replaces the run's snapshot if not nil; Head.SnapshotAt says up to
	// where it has folded.
	Snapshot []byte

	// Head is the new head. Nil purges the run: log, snapshot, head, queue rows,
	// inbox and all index rows go, and its name is free again.
	Head *Head

	// Enqueue and Dequeue change the queues of Pull tasks.
	Enqueue, Dequeue []QueueRow
	// Send puts messages into the inboxes of other runs; a message that is there
	// already (same source and id) is left as it is.
	Send []Message
	// Consume removes messages from the run's own inbox.
	Consume []MessageID
}

// Bytes is what a batch has of entry, snapshot and messages.
func (b *Batch) Bytes() int {
	n := len(b.Entry) + len(b.Snapshot)
	for i := range b.Send {
		n += len(b.Send[i].Body)
	}
	return n
}

// QueueRow is a Pull task that waits for a worker. Rows of one queue are read in
// the order of At, then Run, then Task.
type QueueRow struct {
	Queue string
	At    time.Time // whole milliseconds
	Run   RunID
	Task  uint64
}

// MessageID names a message within the inbox of its receiver.
type MessageID struct {
	Source RunID
	ID     uint64
}

// Message is what one run tells another. It is durable with the sender's commit
// and stays in the receiver's inbox until the receiver's commit consumes it.
type Message struct {
	To RunID
	MessageID
	Body []byte
}

// messageBytes is what a message counts for beside its body.
const messageBytes = 128

// Size estimates the memory of a message, in bytes.
func (m *Message) Size() int { return messageBytes + len(m.Body) }

// Outcome of one batch.
type Outcome uint8

const (
	// OK: the batch is durable.
	OK Outcome = iota
	// Stale: the head was another one (Result.Head tells which) or there was none
	// (Result.Head is nil).
	Stale
	// NameTaken: a creation found its name in use by Result.Run. The id asked for is not
	// created any more, also when the name is free.
	NameTaken
)

// Result of one batch.
type Result struct {
	Outcome Outcome
	Head    *Head // the head that stands, if Stale and there is one
	Run     RunID // the run that has the name, if NameTaken
}

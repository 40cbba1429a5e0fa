package sim

import (
	"slices"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// ledger is what the auditor knows to be true of a run: it saw every batch that
// the store carried out.
type ledger struct {
	run     store.RunID
	machine *machine
	input   []byte

	created, purged bool
	refused         bool                // its name was taken
	stopped         bool                // somebody asked for it
	deleted         bool                // it knows that its machine is deleted
	redrives        int                 // how often somebody asked for one, each with a token of its own
	redriveFor      map[parentTask]bool // for whom, where that is not a client
	reopened        bool                // the batch that is looked at is one
	closedAt        int64               // when the store carried the closing commit out
	head            store.Head
	state           interpreter.Run // the fold of the whole log
	folded          bool            // the store has a snapshot
	live            []uint64        // the outstanding tasks, by rising id
	tasks           map[uint64]*taskRecord
	queued          map[uint64]store.QueueRow
	inbox           map[store.MessageID]uint64 // the task that a message is about
	lately          []uint64                   // the tasks that ended with the last entry
	ended           interpreter.Status         // how it closed last
	maps            *mapLedger                 // of a map run
	parent          parent
	hasParent       bool
}

// taskRecord is the life of one task. Positions are those of the head after the
// commit.
type taskRecord struct {
	scheduled, ended uint64
	cancelled        bool  // a node was told that nobody waits for it
	handed           int   // hand-outs that were answered
	asked            int   // hand-outs that were asked for
	results          int   // results that were brought
	child            int64 // the number of the child of a map run that it is about, or negative
}

func (l *ledger) open() bool { return l.created && !l.purged && !l.head.Status.Closed() }

// task is the record of a task, made on the first mention.
func (l *ledger) task(id uint64) *taskRecord {
	r := l.tasks[id]
	if r == nil {
		r = &taskRecord{}
		l.tasks[id] = r
	}
	return r
}

// recount notes which tasks came and went with the entry that was folded.
func (l *ledger) recount(position uint64) {
	var live []uint64
	l.state.Outstanding(func(t *interpreter.Task, _ interpreter.Phase) bool {
		live = append(live, t.ID)
		if r := l.task(t.ID); r.scheduled == 0 {
			r.scheduled = position
			r.noteChild(t)
		}
		return true
	})
	l.lately = l.lately[:0]
	for _, id := range l.live {
		if _, still := slices.BinarySearch(live, id); !still {
			l.task(id).ended = position
			l.lately = append(l.lately, id)
		}
	}
	l.live = live
}

// wants reports whether a task still waits for its result.
func (l *ledger) wants(task uint64) bool {
	if !l.open() {
		return false
	}
	t, phase := l.state.Task(task)
	return t != nil && phase != interpreter.Resolved
}

// beats reports whether a task with heartbeats is outstanding: then the wake-up
// in memory may be later than what the log says.
func (l *ledger) beats() (yes bool) {
	l.state.Outstanding(func(t *interpreter.Task, _ interpreter.Phase) bool {
		yes = yes || t.Heartbeat > 0
		return !yes
	})
	return yes
}

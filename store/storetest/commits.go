package storetest

import (
	"errors"
	"math"
	"time"

	"github.com/fermata-dev/fermata/store"
)

func testCommitIsAtomic(s *suite) {
	b := s.creation("atomic")
	b.Head.Wake, b.Head.Owner = at(5), 3
	b.Enqueue = []store.QueueRow{{Queue: "q", At: at(1), Run: b.Run, Task: 1}}
	other := s.commit(s.creation("other"))
	b.Send = []store.Message{{To: other.Run, MessageID: store.MessageID{Source: b.Run, ID: 1}, Body: []byte("x")}}
	s.commit(b)

	refused := s.next(b)
	refused.Expect++ // another head
	refused.Head.Wake, refused.Head.Owner, refused.Head.Status = at(9), 9, store.Failed
	refused.Snapshot = []byte("never")
	refused.Enqueue = []store.QueueRow{{Queue: "q", At: at(2), Run: b.Run, Task: 2}}
	refused.Dequeue = b.Enqueue
	refused.Send = []store.Message{{To: other.Run, MessageID: store.MessageID{Source: b.Run, ID: 2}}}
	s.wantStale(refused, b.Head.Canonical())

	log := s.load(b.Run)
	s.equal("head", log.Head, b.Head.Canonical())
	s.equal("snapshot", log.Snapshot, []byte(nil))
	s.equal("entries", log.Entries, [][]byte{b.Entry})
	s.equal("inbox", s.load(other.Run).Inbox.Messages, b.Send)
	s.equal("queue", must[[]store.QueueRow](s, "queue")(s.store.Queue(s.ctx(), "q", store.QueueRow{}, 9)), b.Enqueue)
	s.equal("due", must[[]store.WakeRow](s, "due")(s.store.Due(s.ctx(), store.WakeRow{}, at(99), 9)),
		[]store.WakeRow{{At: at(5), Run: b.Run}})
}

func testBatchesAreIndependent(s *suite) {
	a, b := s.commit(s.creation("a")), s.commit(s.creation("b"))
	stale := s.next(a)
	stale.Position, stale.Head.Position = 9, 10
	fine, created := s.next(b), s.creation("c")
	results := s.results(stale, fine, created)
	s.equal("outcomes", []store.Outcome{results[0].Outcome, results[1].Outcome, results[2].Outcome},
		[]store.Outcome{store.Stale, store.OK, store.OK})
	s.equal("head of the refused", results[0].Head, a.Head.Canonical())
	s.equal("head of the accepted", s.head(b.Run), fine.Head.Canonical())
	s.equal("head of the created", s.head(created.Run), created.Head.Canonical())

	results = must[[]store.Result](s, "empty commit")(s.store.Commit(s.ctx(), nil))
	s.equal("results of an empty commit", len(results), 0)
}

func testHeadIsComparedAndSwapped(s *suite) {
	first := s.commit(s.creation("cas"))
	second := s.commit(s.next(first))
	s.wantStale(s.next(first), second.Head.Canonical())

	wrongCommit := s.next(second)
	wrongCommit.Expect = first.Commit
	s.wantStale(wrongCommit, second.Head.Canonical())

	wrongPosition := s.next(second)
	wrongPosition.Position--
	wrongPosition.Head.Position--
	s.wantStale(wrongPosition, second.Head.Canonical())

	noEntry := s.next(second) // the commit id alone moves
	noEntry.Entry, noEntry.Head.Position = nil, second.Head.Position
	noEntry.Head.Owner = 5
	s.commit(noEntry)
	s.wantStale(s.next(second), noEntry.Head.Canonical())

	unknown := s.next(second)
	unknown.Run = s.newRun()
	s.wantStale(unknown, nil)
}

func testHeadKeepsEveryField(s *suite) {
	b := s.creation("all fields: ünïcode, \x00, /")
	h := b.Head
	h.Commit, b.Commit = math.MaxUint64, math.MaxUint64
	h.Machine, h.Definition = math.MaxUint64, 1<<63
	h.Status = store.TimedOut
	h.Started = at(0).Add(123456 * time.Nanosecond) // cut to milliseconds
	h.Closed, h.Last, h.Wake = at(5), at(4), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.FixedZone("x", 0))
	h.Owner, h.SnapshotAt, h.TailBytes = 1<<40, 1, 1<<50
	h.Attributes = map[string]any{
		"s": "text", "": "", "i": int64(math.MinInt64), "f": math.Inf(-1), "t": true, "n": false,
		"at": at(1).Add(987654321), "zero": time.Time{}, "old": time.Date(1, 1, 1, 0, 0, 0, 5, time.UTC),
	}
	s.commit(b)
	s.equal("head", s.head(b.Run), h.Canonical())

	b = s.next(b)
	b.Head.Wake, b.Head.Owner, b.Head.Attributes = time.Time{}, 0, nil
	b.Head.Incident = "a fault"
	s.commit(b)
	s.equal("next head", s.head(b.Run), b.Head.Canonical())

	early := s.creation("")
	early.Head.Started, early.Head.Last = time.Time{}, time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := s.store.Commit(s.ctx(), []store.Batch{early}); !errors.Is(err, store.ErrInvalid) {
		s.Errorf("an instant before the year 1: %v", err)
	}
}

func testMalformedBatches(s *suite) {
	base := s.commit(s.creation("base"))
	cases := map[string]func(*store.Batch){
		"run zero":               func(b *store.Batch) { b.Run = 0 },
		"run of 64 bits":         func(b *store.Batch) { b.Run = 1 << 63 },
		"other commit":           func(b *store.Batch) { b.Head.Commit++ },
		"position too far":       func(b *store.Batch) { b.Head.Position++ },
		"position without entry": func(b *store.Batch) { b.Entry = nil },
		"snapshot ahead":         func(b *store.Batch) { b.Head.SnapshotAt = 99 },
		"other name":             func(b *store.Batch) { b.Head.Name = "x" },
		"other machine":          func(b *store.Batch) { b.Head.Machine++ },
		"other start":            func(b *store.Batch) { b.Head.Started = at(-1) },
		"attribute type":         func(b *store.Batch) { b.Head.Attributes = map[string]any{"x": 1} },
		"creation in the middle": func(b *store.Batch) { b.Create = true },
		"purge with an entry":    func(b *store.Batch) { b.Head = nil },
		"row of another run":     func(b *store.Batch) { b.Enqueue = []store.QueueRow{{Queue: "q", Run: 99}} },
		"message to nobody":      func(b *store.Batch) { b.Send = []store.Message{{}} },
	}
	for name, spoil := range cases {
		b, bystander := s.next(base), s.creation("bystander")
		spoil(&b)
		if _, err := s.store.Commit(s.ctx(), []store.Batch{bystander, b}); !errors.Is(err, store.ErrInvalid) {
			s.Errorf("%s: %v instead of ErrInvalid", name, err)
		}
		s.wantGone(bystander.Run)
	}
	twice := s.next(base)
	if _, err := s.store.Commit(s.ctx(), []store.Batch{twice, twice}); !errors.Is(err, store.ErrInvalid) {
		s.Errorf("two batches of one run: %v instead of ErrInvalid", err)
	}
	s.equal("head", s.head(base.Run), base.Head.Canonical())
}

func testLostAnswer(s *suite) {
	created := s.creation("lost")
	s.commit(created)
	s.wantStale(created, created.Head.Canonical()) // the resent batch's own commit id: it had succeeded

	b := s.commit(s.next(created))
	s.wantStale(b, b.Head.Canonical())
	s.equal("entries", len(s.entries(b.Run)), 2)

	later := s.commit(s.next(b)) // now the entry at its position tells
	s.wantStale(b, later.Head.Canonical())
	s.equal("the entry at its position", s.entries(b.Run)[b.Position], string(b.Entry))
}

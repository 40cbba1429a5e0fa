package storetest

import (
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/store"
)

func testCreation(s *suite) {
	b := s.creation("one")
	s.wantGone(b.Run)
	s.commit(b)
	s.equal("log", s.load(b.Run), &store.Log{Head: b.Head.Canonical(), Entries: [][]byte{b.Entry}})

	again := s.creation("two")
	again.Run = b.Run
	s.wantStale(again, b.Head.Canonical())

	empty := s.creation("three") // no entry: a head at position 0
	empty.Entry, empty.Head.Position = nil, 0
	s.commit(empty)
	s.equal("log", s.load(empty.Run), &store.Log{Head: empty.Head.Canonical()})
	s.commit(s.next(empty))
	s.equal("entries", len(s.entries(empty.Run)), 1)
}

func (s *suite) byName(machine uint64, name string) store.RunID {
	s.Helper()
	run, err := s.store.ByName(s.ctx(), machine, name)
	if errors.Is(err, store.ErrNotFound) {
		return 0
	}
	if err != nil {
		s.Fatalf("by name: %v", err)
	}
	return run
}

func testNames(s *suite) {
	first := s.commit(s.creation("name"))
	s.equal("holder", s.byName(7, "name"), first.Run)
	s.equal("holder in another machine", s.byName(8, "name"), store.RunID(0))
	s.equal("holder of a prefix", s.byName(7, "nam"), store.RunID(0))

	second := s.creation("name")
	s.equal("result", s.result(second), store.Result{Outcome: store.NameTaken, Run: first.Run})
	s.wantGone(second.Run)

	elsewhere := s.creation("name")
	elsewhere.Head.Machine = 8
	s.commit(elsewhere)
	s.equal("holder in another machine", s.byName(8, "name"), elsewhere.Run)

	closed := s.next(first)
	closed.Head.Status, closed.Head.Closed = store.Succeeded, at(9)
	s.commit(closed)
	s.equal("result", s.result(second), store.Result{Outcome: store.NameTaken, Run: first.Run})

	s.reopen()
	s.equal("result", s.result(second), store.Result{Outcome: store.NameTaken, Run: first.Run})
	third := s.creation("name")
	s.equal("result", s.result(third), store.Result{Outcome: store.NameTaken, Run: first.Run})
	s.commit(s.purge(closed))
	s.equal("holder", s.byName(7, "name"), store.RunID(0))
	s.equal("result of one that was refused before", s.result(third), store.Result{Outcome: store.Stale})
	s.wantGone(third.Run)
	fourth := s.commit(s.creation("name"))
	s.equal("holder", s.byName(7, "name"), fourth.Run)

	for range 2 { // no name is no name
		s.commit(s.creation(""))
	}
	s.equal("holder of no name", s.byName(7, ""), store.RunID(0))
}

// testNamesWithinOneCall: the batches of one call take effect in their order.
func testNamesWithinOneCall(s *suite) {
	a, b := s.creation("n"), s.creation("n")
	s.equal("results", s.results(a, b), []store.Result{{}, {Outcome: store.NameTaken, Run: a.Run}})

	c, d := s.creation("n"), s.creation("n")
	s.equal("results", s.results(s.purge(a), b, c, d),
		[]store.Result{{}, {Outcome: store.Stale}, {}, {Outcome: store.NameTaken, Run: c.Run}})
	s.equal("holder", s.byName(7, "n"), c.Run)
	s.wantGone(a.Run)
	s.wantGone(b.Run)
}

// full commits a run that has a row of every kind.
func (s *suite) full(name string, source store.Batch) store.Batch {
	b := s.creation(name)
	b.Snapshot, b.Head.SnapshotAt = []byte("snapshot"), 1
	b.Head.Wake, b.Head.Owner = at(50), 4
	b.Enqueue = []store.QueueRow{
		{Queue: "purged", At: at(1), Run: b.Run, Task: 1}, {Queue: "purged", At: at(2), Run: b.Run, Task: 2},
	}
	s.commit(b)
	b = s.commit(s.next(b))
	send := s.next(source)
	send.Send = []store.Message{
		{To: b.Run, MessageID: store.MessageID{Source: source.Run, ID: 1}},
		{To: b.Run, MessageID: store.MessageID{Source: source.Run, ID: 2}},
	}
	s.commit(send)
	b = s.next(b)
	b.Head.Status, b.Head.Closed = store.Aborted, at(60)
	return s.commit(b)
}

// wantNoRows checks that no index tells of anything.
func (s *suite) wantNoRows(machine uint64) {
	s.Helper()
	s.equal("due", len(must[[]store.WakeRow](s, "due")(s.store.Due(s.ctx(), store.WakeRow{}, at(999), 9))), 0)
	s.equal("owned", len(must[[]store.OwnedRow](s, "owned")(s.store.Owned(s.ctx(), 0, 9))), 0)
	s.equal("mail", len(must[[]store.RunID](s, "mail")(s.store.Mail(s.ctx(), 0, 9))), 0)
	s.equal("queue", len(must[[]store.QueueRow](s, "queue")(s.store.Queue(s.ctx(), "purged", store.QueueRow{}, 9))), 0)
	s.equal("closed", len(must[[]store.WakeRow](s, "closed")(s.store.ClosedBefore(s.ctx(), store.WakeRow{}, at(999), 9))), 0)
	q := store.ListQuery{Machine: machine, AnyStatus: true}
	s.equal("list", len(must[[]store.ListRow](s, "list")(s.store.List(s.ctx(), q, store.ListRow{}, 9))), 0)
}

func testPurge(s *suite) {
	source := s.creation("source")
	source.Head.Machine = 8
	b := s.full("purged", s.commit(source))
	s.commit(s.purge(b))
	s.wantGone(b.Run)
	s.wantNoRows(7)
	s.equal("holder", s.byName(7, "purged"), store.RunID(0))
	s.reopen()
	s.wantGone(b.Run)
	s.wantNoRows(7)

	// A message of the purge's own call, before and after it in the call.
	target := s.commit(s.creation("target"))
	source = s.creation("source 2")
	source.Head.Machine = 8
	source.Send = []store.Message{{To: target.Run, MessageID: store.MessageID{Source: source.Run, ID: 1}}}
	s.commit(source, s.purge(target))
	s.wantNoRows(7)
}

func testPurgeOfALongLog(s *suite) {
	before, b, later := s.commit(s.creation("before")), s.commit(s.creation("long")), s.commit(s.creation("after"))
	for range 700 {
		b = s.commit(s.next(b))
	}
	s.commit(s.purge(b))
	s.wantGone(b.Run)
	s.equal("entries of the run before", len(s.entries(before.Run)), 1)
	s.equal("entries of the run after", len(s.entries(later.Run)), 1)
}

func testPurgedRunStaysPurged(s *suite) {
	first := s.commit(s.creation("gone"))
	late := s.next(first)
	s.commit(s.purge(first))
	s.wantStale(late, nil)
	s.wantStale(s.purge(first), nil)
	s.wantStale(first, nil) // the creation, sent again because its answer was lost
	s.reopen()
	s.wantStale(late, nil)
	s.wantGone(first.Run)
	for i := range 3 {
		s.commit(s.creation(fmt.Sprint("gone ", i)))
	}
	s.commit(s.creation("gone"))
	s.wantGone(first.Run)
}

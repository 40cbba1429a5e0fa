package storetest

import (
	"github.com/fermata-dev/fermata/store"
)

func message(to, from store.Batch, id uint64, body string) store.Message {
	return store.Message{To: to.Run, MessageID: store.MessageID{Source: from.Run, ID: id}, Body: []byte(body)}
}

// send commits a further batch of a run with messages and returns it.
func (s *suite) send(from store.Batch, messages ...store.Message) store.Batch {
	s.Helper()
	b := s.next(from)
	b.Send = messages
	return s.commit(b)
}

func testInboxKeepsTheFirst(s *suite) {
	to, a, b := s.commit(s.creation("to")), s.commit(s.creation("a")), s.commit(s.creation("b"))
	b = s.send(b, message(to, b, 1, "b1"))
	a = s.send(a, message(to, a, 300, "a300"), message(to, a, 2, "a2"))
	a = s.send(a, message(to, a, 2, "another body"), message(to, a, 3, "a3"))
	want := []store.Message{
		message(to, a, 2, "a2"), message(to, a, 3, "a3"), message(to, a, 300, "a300"), message(to, b, 1, "b1"),
	}
	s.equal("inbox", s.load(to.Run).Inbox.Messages, want)
	s.reopen()
	s.equal("inbox", s.load(to.Run).Inbox.Messages, want)
	s.send(a, message(to, a, 2, "a third body"))
	s.equal("inbox", s.load(to.Run).Inbox.Messages, want)
	if c, ok := s.store.(store.Compacter); ok {
		if err := c.Compact(s.ctx()); err != nil {
			s.Fatal(err)
		}
		s.equal("inbox", s.load(to.Run).Inbox.Messages, want)
	}
}

// testInboxIsConsumed also shows how far deduplication goes: what was consumed is
// forgotten, and the same message sent again is there again. The receiver's own
// log has to know better.
func testInboxIsConsumed(s *suite) {
	to, from := s.commit(s.creation("to")), s.commit(s.creation("from"))
	from = s.send(from, message(to, from, 1, "1"), message(to, from, 2, "2"))
	to = s.next(to)
	to.Consume = []store.MessageID{{Source: from.Run, ID: 1}, {Source: from.Run, ID: 77}}
	s.commit(to)
	s.equal("inbox", s.load(to.Run).Inbox.Messages, []store.Message{message(to, from, 2, "2")})

	from = s.send(from, message(to, from, 1, "again"))
	s.equal("inbox", s.load(to.Run).Inbox.Messages, []store.Message{message(to, from, 1, "again"), message(to, from, 2, "2")})

	both := s.next(to) // consumes first, then sends
	both.Consume = []store.MessageID{{Source: from.Run, ID: 1}, {Source: from.Run, ID: 2}}
	both.Send = []store.Message{message(to, from, 2, "to myself")}
	s.commit(both)
	s.equal("inbox", s.load(to.Run).Inbox.Messages, []store.Message{message(to, from, 2, "to myself")})

	last := s.next(both)
	last.Consume = []store.MessageID{{Source: from.Run, ID: 2}}
	s.commit(last)
	s.equal("inbox", s.load(to.Run).Inbox.Messages, []store.Message(nil))
	s.equal("mail", len(must[[]store.RunID](s, "mail")(s.store.Mail(s.ctx(), 0, 9))), 0)
}

// testInboxIsReadAsFarAsThereIsRoom also holds Load to what Inbox gives.
func testInboxIsReadAsFarAsThereIsRoom(s *suite) {
	to, a, b := s.commit(s.creation("to")), s.commit(s.creation("a")), s.commit(s.creation("b"))
	b = s.send(b, message(to, b, 1, "b1"))
	a = s.send(a, message(to, a, 2, "a2"), message(to, a, 1, "a1"))
	all := []store.Message{message(to, a, 1, "a1"), message(to, a, 2, "a2"), message(to, b, 1, "b1")}
	size := all[0].Size()
	for _, c := range []struct{ mail, first int }{
		{-1, 0}, {0, 0}, {1, 1}, {size, 1}, {size + 1, 2}, {2 * size, 2}, {2*size + 1, 3}, {9 * size, 3},
	} {
		want := store.Inbox{More: c.first < len(all)}
		want.Messages = append(want.Messages, all[:c.first]...)
		s.equal("inbox", s.inbox(to.Run, c.mail), want)
		log, err := s.store.Load(s.ctx(), to.Run, c.mail)
		if err != nil {
			s.Fatal(err)
		}
		if c.mail < 0 {
			want = store.Inbox{}
		}
		s.equal("inbox of a reading of the run", log.Inbox, want)
	}
	next := s.next(to)
	next.Consume = []store.MessageID{all[0].MessageID, all[1].MessageID}
	s.commit(next)
	s.equal("inbox after its beginning was consumed", s.inbox(to.Run, 1), store.Inbox{Messages: all[2:]})
	s.equal("inbox of a run without messages", s.inbox(a.Run, 1), store.Inbox{})
	nobody := store.Batch{Run: s.newRun()}
	s.send(b, message(nobody, b, 7, "7"))
	s.equal("inbox of a run that does not exist", s.inbox(nobody.Run, 1), store.Inbox{Messages: []store.Message{message(nobody, b, 7, "7")}})
}

func testMailToNobody(s *suite) {
	from := s.commit(s.creation("from"))
	nobody := store.Batch{Run: s.newRun()}
	from = s.send(from, message(nobody, from, 1, "1"), message(nobody, from, 2, "2"))
	s.equal("mail", must[[]store.RunID](s, "mail")(s.store.Mail(s.ctx(), 0, 9)), []store.RunID{nobody.Run})
	if err := s.store.Discard(s.ctx(), nobody.Run); err != nil {
		s.Fatal(err)
	}
	s.equal("mail", len(must[[]store.RunID](s, "mail")(s.store.Mail(s.ctx(), 0, 9))), 0)

	to := s.commit(s.creation("to"))
	s.send(from, message(to, from, 1, "1"))
	if err := s.store.Discard(s.ctx(), to.Run); err != nil {
		s.Fatal(err)
	}
	s.equal("inbox of a run that lives", len(s.load(to.Run).Inbox.Messages), 1)

	early := s.creation("early") // mail may come before the creation
	from2 := s.commit(s.creation("from 2"))
	s.send(from2, message(early, from2, 1, "1"))
	s.commit(early)
	s.equal("inbox of a run that was created later", len(s.load(early.Run).Inbox.Messages), 1)
}

func testQueueOrder(s *suite) {
	row := func(b store.Batch, queue string, ms int, task uint64) store.QueueRow {
		return store.QueueRow{Queue: queue, At: at(ms), Run: b.Run, Task: task}
	}
	queue := func(name string, after store.QueueRow, limit int) []store.QueueRow {
		s.Helper()
		return must[[]store.QueueRow](s, "queue")(s.store.Queue(s.ctx(), name, after, limit))
	}
	a, b := s.creation("a"), s.creation("b")
	a.Enqueue = []store.QueueRow{row(a, "q", 5, 2), row(a, "q", 5, 1), row(a, "q", 900, 1), row(a, "qq", 1, 1), row(a, "", 1, 1)}
	b.Enqueue = []store.QueueRow{row(b, "q", 5, 0), row(b, "q", 1, 300), row(b, "q", 1, 300)}
	s.commit(a, b)
	want := []store.QueueRow{row(b, "q", 1, 300), row(a, "q", 5, 1), row(a, "q", 5, 2), row(b, "q", 5, 0), row(a, "q", 900, 1)}
	s.equal("queue", queue("q", store.QueueRow{}, 99), want)
	s.equal("other queue", queue("qq", store.QueueRow{}, 99), []store.QueueRow{row(a, "qq", 1, 1)})
	s.equal("queue without a name", queue("", store.QueueRow{}, 99), []store.QueueRow{row(a, "", 1, 1)})
	s.equal("unknown queue", len(queue("zz", store.QueueRow{}, 99)), 0)
	var paged []store.QueueRow
	for page := queue("q", store.QueueRow{}, 2); len(page) > 0; page = queue("q", paged[len(paged)-1], 2) {
		paged = append(paged, page...)
	}
	s.equal("pages", paged, want)

	next := s.next(a)
	next.Dequeue = []store.QueueRow{row(a, "q", 5, 2), row(a, "q", 6, 2), row(a, "q", 5, 1)}
	next.Enqueue = []store.QueueRow{row(a, "q", 5, 1)} // takes first, then adds
	s.commit(next)
	s.equal("queue", queue("q", store.QueueRow{}, 99), []store.QueueRow{want[0], want[1], want[3], want[4]})
}

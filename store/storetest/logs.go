package storetest

import (
	"bytes"
	"context"
	"fmt"

	"github.com/fermata-dev/fermata/store"
)

func testLogIsReadInOrder(s *suite) {
	const n = 300 // positions of one and of two bytes
	neighbour := s.commit(s.creation("neighbour"))
	b := s.commit(s.creation("log"))
	for range n - 1 {
		b = s.commit(s.next(b))
	}
	s.commit(s.next(neighbour))
	entries := s.entries(b.Run)
	s.equal("entries", len(entries), n)
	for i, entry := range entries {
		if want := fmt.Sprintf("entry %d of %d", i, b.Run); entry != want {
			s.Fatalf("entry %d is %q instead of %q", i, entry, want)
		}
	}
	for _, from := range []uint64{0, 1, 247, 248, 256, n - 1, n, n + 5} {
		var got []uint64
		err := s.store.Entries(s.ctx(), b.Run, from, func(position uint64, _ []byte) bool {
			got = append(got, position)
			return len(got) < 2
		})
		if err != nil {
			s.Fatal(err)
		}
		var want []uint64
		for p := from; p < n && p < from+2; p++ {
			want = append(want, p)
		}
		s.equal(fmt.Sprintf("positions from %d", from), got, want)
	}
}

func testLoadBeginsAtTheSnapshot(s *suite) {
	b := s.commit(s.creation("snap"))
	b = s.commit(s.next(b))
	b = s.next(b)
	b.Snapshot, b.Head.SnapshotAt = []byte("two folded"), 2
	s.commit(b)
	log := s.load(b.Run)
	s.equal("snapshot", log.Snapshot, b.Snapshot)
	s.equal("tail", log.Entries, [][]byte{b.Entry})

	b = s.next(b)
	b.Snapshot, b.Head.SnapshotAt = []byte("all folded"), b.Head.Position
	s.commit(b)
	log = s.load(b.Run)
	s.equal("snapshot", log.Snapshot, b.Snapshot)
	s.equal("tail", log.Entries, [][]byte(nil))
	s.equal("whole log", len(s.entries(b.Run)), 4)

	b = s.next(b)
	b.Snapshot = []byte{} // empty is not none
	s.commit(b)
	s.equal("snapshot", s.load(b.Run).Snapshot, []byte{})
}

// testSlicesAreNotShared: what goes in and what comes out belongs to the caller.
func testSlicesAreNotShared(s *suite) {
	target := s.commit(s.creation("target"))
	b := s.creation("shared")
	b.Snapshot, b.Head.SnapshotAt = []byte("snapshot"), 0
	b.Send = []store.Message{{To: target.Run, MessageID: store.MessageID{Source: b.Run, ID: 1}, Body: []byte("body")}}
	b.Head.Attributes = map[string]any{"a": "b"}
	s.commit(b)
	check := func() {
		s.Helper()
		log := s.load(b.Run)
		s.equal("entry", string(log.Entries[0]), fmt.Sprintf("entry 0 of %d", b.Run))
		s.equal("snapshot", string(log.Snapshot), "snapshot")
		s.equal("attributes", log.Head.Attributes, map[string]any{"a": "b"})
		s.equal("body", string(s.load(target.Run).Inbox.Messages[0].Body), "body")
	}
	clear(b.Entry)
	clear(b.Snapshot)
	clear(b.Send[0].Body)
	b.Head.Attributes["a"] = "changed"
	check()

	log, inbox := s.load(b.Run), s.load(target.Run).Inbox.Messages
	clear(log.Entries[0])
	clear(log.Snapshot)
	clear(inbox[0].Body)
	log.Head.Attributes["a"] = "changed"
	s.head(b.Run).Attributes["a"] = "changed"
	var kept []byte
	if err := s.store.Entries(s.ctx(), b.Run, 0, func(_ uint64, entry []byte) bool {
		kept = entry
		return true
	}); err != nil {
		s.Fatal(err)
	}
	clear(kept)
	check()

	r := s.result(b)
	r.Head.Attributes["a"] = "changed"
	check()
}

func testBigValues(s *suite) {
	size := 20 << 20
	if s.Small {
		size = 1 << 20
	}
	big := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	b := s.creation("big")
	b.Entry = big
	s.commit(b)
	b = s.next(b)
	b.Snapshot, b.Head.SnapshotAt = big, 1
	s.commit(b)
	small := s.commit(s.next(b))
	for range 2 {
		log := s.load(b.Run)
		if !bytes.Equal(log.Snapshot, big) || len(log.Entries) != 2 || string(log.Entries[1]) != string(small.Entry) {
			s.Fatalf("snapshot of %d bytes, %d entries", len(log.Snapshot), len(log.Entries))
		}
		err := s.store.Entries(s.ctx(), b.Run, 0, func(_ uint64, entry []byte) bool {
			if !bytes.Equal(entry, big) {
				s.Errorf("the big entry came back with %d bytes", len(entry))
			}
			return false
		})
		if err != nil {
			s.Fatal(err)
		}
		s.reopen()
	}
	s.commit(s.purge(small))
	s.wantGone(b.Run)
}

func testEndedContext(s *suite) {
	b := s.commit(s.creation("ctx"))
	ctx, cancel := context.WithCancel(s.ctx())
	cancel()
	next := s.next(b)
	if _, err := s.store.Commit(ctx, []store.Batch{next}); err == nil {
		s.Errorf("a commit with an ended context succeeded")
	}
	if _, err := s.store.Load(ctx, b.Run, allMail); err == nil {
		s.Errorf("a load with an ended context succeeded")
	}
	if r := s.result(next); r.Outcome == store.Stale && r.Head.Commit != next.Commit {
		s.Errorf("the commit was refused for another head: %+v", r.Head)
	}
}

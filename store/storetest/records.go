package storetest

import (
	"errors"

	"github.com/fermata-dev/fermata/store"
)

func (s *suite) write(changes ...store.Change) {
	s.Helper()
	if err := s.store.Write(s.ctx(), changes...); err != nil {
		s.Fatalf("write: %v", err)
	}
}

func (s *suite) wantRecord(key, value string, version uint64) {
	s.Helper()
	record, err := s.store.Record(s.ctx(), key)
	if version == 0 {
		if !errors.Is(err, store.ErrNotFound) {
			s.Errorf("record %q: %+v, %v instead of ErrNotFound", key, record, err)
		}
		return
	}
	if err != nil {
		s.Fatalf("record %q: %v", key, err)
	}
	s.equal("record", record, store.Record{Key: key, Value: []byte(value), Version: version})
}

func (s *suite) wantConflict(changes ...store.Change) {
	s.Helper()
	if err := s.store.Write(s.ctx(), changes...); !errors.Is(err, store.ErrConflict) {
		s.Errorf("write: %v instead of ErrConflict", err)
	}
}

func testRecords(s *suite) {
	s.wantRecord("k", "", 0)
	s.wantConflict(store.Change{Key: "k", Expect: 1, Value: []byte("x")})
	value := []byte("v1")
	s.write(store.Change{Key: "k", Value: value})
	value[0] = 'X' // the value was copied
	s.wantRecord("k", "v1", 1)
	s.wantConflict(store.Change{Key: "k", Value: []byte("again")})
	s.write(store.Change{Key: "k", Expect: 1, Value: []byte{}})
	s.wantRecord("k", "", 2)
	s.write(store.Change{Key: "k", Blind: true, Value: []byte("v3")})
	s.wantRecord("k", "v3", 3)
	s.reopen()
	s.wantRecord("k", "v3", 3)
	s.wantConflict(store.Change{Key: "k", Expect: 2})
	s.write(store.Change{Key: "k", Expect: 3})
	s.wantRecord("k", "", 0)
	s.write(store.Change{Key: "k", Value: []byte("begins again")})
	s.wantRecord("k", "begins again", 1)
	s.write(store.Change{Key: "never was", Blind: true})
	s.write() // nothing
	for _, key := range []string{"", string(make([]byte, store.MaxName+1))} {
		if err := s.store.Write(s.ctx(), store.Change{Key: key, Value: []byte("x")}); !errors.Is(err, store.ErrInvalid) {
			s.Errorf("a key of %d bytes: %v", len(key), err)
		}
	}
}

func testRecordsAreAllOrNone(s *suite) {
	s.write(store.Change{Key: "a", Value: []byte("1")}, store.Change{Key: "b", Value: []byte("1")})
	s.wantConflict(
		store.Change{Key: "a", Expect: 1, Value: []byte("2")},
		store.Change{Key: "c", Value: []byte("1")},
		store.Change{Key: "b", Expect: 7, Value: []byte("2")},
	)
	s.wantRecord("a", "1", 1)
	s.wantRecord("c", "", 0)
	s.write(store.Change{Key: "a", Expect: 1, Value: []byte("2")}, store.Change{Key: "b", Expect: 1})
	s.wantRecord("a", "2", 2)
	s.wantRecord("b", "", 0)
	twice := []store.Change{{Key: "a", Blind: true}, {Key: "a", Blind: true}}
	if err := s.store.Write(s.ctx(), twice...); !errors.Is(err, store.ErrInvalid) {
		s.Errorf("two changes of one record: %v", err)
	}
}

func testRecordPages(s *suite) {
	keys := []string{"a", "a/\x00", "a/1", "a/10", "a/2", "a/\xff", "a0", "b", "\xff\xff"}
	for _, key := range keys {
		s.write(store.Change{Key: key, Value: []byte("value of " + key)})
	}
	list := func(prefix, after string, limit int) (got []string) {
		s.Helper()
		records, err := s.store.ListRecords(s.ctx(), prefix, after, limit)
		if err != nil {
			s.Fatal(err)
		}
		for _, r := range records {
			s.equal("value", string(r.Value), "value of "+r.Key)
			got = append(got, r.Key)
		}
		return got
	}
	s.equal("all", list("", "", 99), keys)
	s.equal("prefix", list("a/", "", 99), keys[1:6])
	s.equal("after", list("a/", "a/1", 2), keys[3:5])
	s.equal("after that is not there", list("a/", "a/15", 99), keys[4:6])
	s.equal("after beyond the prefix", list("a/", "b", 99), []string(nil))
	s.equal("after before the prefix", list("a/", "A", 1), keys[1:2])
	s.equal("prefix of the highest bytes", list("\xff", "", 9), keys[8:])
	s.equal("limit 0", list("", "", 0), []string(nil))
	s.equal("unknown", list("zz", "", 9), []string(nil))
}

func testRunIDsRise(s *suite) {
	last := store.RunID(0)
	allocate := func(n int) {
		s.Helper()
		first, err := s.store.AllocateRuns(s.ctx(), n)
		if err != nil {
			s.Fatal(err)
		}
		if first <= last {
			s.Fatalf("%d after %d", first, last)
		}
		last = first + store.RunID(n) - 1
	}
	for range 3 {
		for _, n := range []int{1, 10, 1, 250_000, 1} {
			allocate(n)
		}
		s.reopen()
	}
}

func testNodeIDsRise(s *suite) {
	id, last := s.store.ID(), s.store.Node()
	if id == "" || last == 0 {
		s.Errorf("store %q, node %d", id, last)
	}
	for range 3 {
		s.reopen()
		if node := s.store.Node(); node <= last {
			s.Errorf("node %d after %d", node, last)
		}
		last = s.store.Node()
		s.equal("id", s.store.ID(), id)
	}
}

func testReopenedStoreIsTheSame(s *suite) {
	b := s.creation("same")
	b.Head.Wake, b.Head.Owner = at(7), 2
	b.Enqueue = []store.QueueRow{{Queue: "q", At: at(1), Run: b.Run, Task: 9}}
	s.commit(b)
	b = s.next(b)
	b.Snapshot, b.Head.SnapshotAt = []byte("s"), 1
	b.Send = []store.Message{message(b, b, 1, "to myself")}
	s.commit(b)
	before := s.load(b.Run)
	s.reopen()
	s.equal("log", s.load(b.Run), before)
	s.equal("entries", len(s.entries(b.Run)), 2)
	s.equal("holder", s.byName(7, "same"), b.Run)
	s.equal("list", len(s.list(7, 9)), 1)
	b = s.commit(s.next(b))
	s.equal("head", s.head(b.Run), b.Head.Canonical())
}

func testClosedStoreRefuses(s *suite) {
	b := s.commit(s.creation("closed"))
	next := s.next(b)
	if err := s.store.Close(); err != nil {
		s.Fatal(err)
	}
	_, commit := s.store.Commit(s.ctx(), []store.Batch{next})
	_, load := s.store.Load(s.ctx(), b.Run, allMail)
	_, due := s.store.Due(s.ctx(), store.WakeRow{}, at(9), 1)
	_, allocate := s.store.AllocateRuns(s.ctx(), 1)
	write := s.store.Write(s.ctx(), store.Change{Key: "k", Value: []byte("v")})
	for i, err := range []error{commit, load, due, allocate, write, s.store.Close()} {
		if !errors.Is(err, store.ErrClosed) {
			s.Errorf("call %d on a closed store: %v", i, err)
		}
	}
	s.store.Stats()
	s.open()
	s.equal("head", s.head(b.Run), b.Head.Canonical())
}

func testStats(s *suite) {
	b := s.commit(s.creation("stats"))
	before := s.store.Stats()
	s.commit(s.next(b), s.creation("x"))
	s.wantStale(s.next(b), s.head(b.Run))
	after := s.store.Stats()
	s.equal("commits", after.Commits-before.Commits, uint64(1))
	s.equal("batches", after.Batches-before.Batches, uint64(2))
	if s.Crash != nil && (after.Syncs == before.Syncs || after.BytesLogged == before.BytesLogged) {
		s.Errorf("a synced commit went from %+v to %+v", before, after)
	}
}

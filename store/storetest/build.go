package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/fermata-dev/fermata/store"
)

var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// at is an instant of the tests' time.
func at(ms int) time.Time { return epoch.Add(time.Duration(ms) * time.Millisecond) }

// newRun gives a run id that nobody has.
func (s *suite) newRun() store.RunID {
	s.Helper()
	run, err := s.store.AllocateRuns(s.ctx(), 1)
	if err != nil {
		s.Fatalf("allocate: %v", err)
	}
	return run
}

func (s *suite) newCommit() store.CommitID {
	s.id++
	return s.id | store.CommitID(s.store.Node())<<40
}

// creation is a batch that makes a running run with one entry.
func (s *suite) creation(name string) store.Batch {
	s.Helper()
	commit := s.newCommit()
	run := s.newRun()
	return store.Batch{
		Run: run, Create: true, Commit: commit,
		Entry: fmt.Appendf(nil, "entry 0 of %d", run),
		Head: &store.Head{
			Position: 1, Commit: commit, Machine: 7, Definition: 70, Name: name,
			Started: at(int(run)), Last: at(int(run)), TailBytes: 10,
		},
	}
}

// next is a batch that appends an entry to the head that b has left.
func (s *suite) next(b store.Batch) store.Batch {
	commit := s.newCommit()
	head := *b.Head
	head.Position++
	head.Commit = commit
	head.Last = head.Last.Add(time.Millisecond)
	return store.Batch{
		Run: b.Run, Position: b.Head.Position, Expect: b.Head.Commit, Commit: commit,
		Entry: fmt.Appendf(nil, "entry %d of %d", b.Head.Position, b.Run),
		Head:  &head,
	}
}

// purge is a batch that purges the run that b has left.
func (s *suite) purge(b store.Batch) store.Batch {
	return store.Batch{Run: b.Run, Position: b.Head.Position, Expect: b.Head.Commit, Commit: s.newCommit()}
}

// commit commits the batches, all of which must succeed, and returns the last.
func (s *suite) commit(batches ...store.Batch) store.Batch {
	s.Helper()
	for i, r := range s.results(batches...) {
		if r.Outcome != store.OK {
			s.Fatalf("batch %d of run %d: outcome %d, head %+v, run %d", i, batches[i].Run, r.Outcome, r.Head, r.Run)
		}
	}
	return batches[len(batches)-1]
}

func (s *suite) results(batches ...store.Batch) []store.Result {
	s.Helper()
	results, err := s.store.Commit(s.ctx(), batches)
	if err != nil {
		s.Fatalf("commit: %v", err)
	}
	if len(results) != len(batches) {
		s.Fatalf("commit of %d batches gave %d results", len(batches), len(results))
	}
	return results
}

// result commits one batch and returns what became of it.
func (s *suite) result(b store.Batch) store.Result {
	s.Helper()
	return s.results(b)[0]
}

func (s *suite) wantStale(b store.Batch, standing *store.Head) {
	s.Helper()
	r := s.result(b)
	if r.Outcome != store.Stale {
		s.Fatalf("outcome %d instead of Stale", r.Outcome)
	}
	s.equal("the head that stands", r.Head, standing)
}

func (s *suite) load(run store.RunID) *store.Log {
	s.Helper()
	log, err := s.store.Load(s.ctx(), run, allMail)
	if err != nil {
		s.Fatalf("load run %d: %v", run, err)
	}
	return log
}

// allMail is room for every message of a test.
const allMail = 1 << 30

func (s *suite) inbox(run store.RunID, mail int) store.Inbox {
	s.Helper()
	inbox, err := s.store.Inbox(s.ctx(), run, mail)
	if err != nil {
		s.Fatalf("inbox of run %d: %v", run, err)
	}
	return inbox
}

func (s *suite) head(run store.RunID) *store.Head {
	s.Helper()
	head, err := s.store.Head(s.ctx(), run)
	if err != nil {
		s.Fatalf("head of run %d: %v", run, err)
	}
	return head
}

// entries reads a whole log.
func (s *suite) entries(run store.RunID) []string {
	s.Helper()
	var entries []string
	err := s.store.Entries(s.ctx(), run, 0, func(position uint64, entry []byte) bool {
		if position != uint64(len(entries)) {
			s.Errorf("position %d after %d entries", position, len(entries))
		}
		entries = append(entries, string(entry))
		return true
	})
	if err != nil {
		s.Fatalf("entries of run %d: %v", run, err)
	}
	return entries
}

func (s *suite) wantGone(run store.RunID) {
	s.Helper()
	if _, err := s.store.Head(s.ctx(), run); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("head of run %d: %v instead of ErrNotFound", run, err)
	}
	if _, err := s.store.Load(s.ctx(), run, allMail); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("load run %d: %v instead of ErrNotFound", run, err)
	}
	err := s.store.Entries(s.ctx(), run, 0, func(uint64, []byte) bool {
		s.Errorf("run %d has an entry and no head", run)
		return false
	})
	if !errors.Is(err, store.ErrNotFound) {
		s.Errorf("entries of run %d: %v instead of ErrNotFound", run, err)
	}
}

func (s *suite) equal(what string, got, want any) {
	s.Helper()
	if !reflect.DeepEqual(got, want) {
		s.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func must[T any](s *suite, what string) func(T, error) T {
	s.Helper()
	return func(value T, err error) T {
		s.Helper()
		if err != nil {
			s.Fatalf("%s: %v", what, err)
		}
		return value
	}
}

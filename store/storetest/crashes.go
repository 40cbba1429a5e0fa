package storetest

import (
	"errors"
	"fmt"
	"sync"

	"github.com/fermata-dev/fermata/store"
)

// traffic is many runs that are written at once, each by a goroutine of its own.
type traffic struct {
	*suite
	mu    sync.Mutex
	acked map[store.RunID]uint64 // position that was acknowledged
	wait  sync.WaitGroup
	enter sync.Once
	busy  chan struct{} // closed when enough was acknowledged
	count int
}

const writers, enough = 16, 400

// startTraffic returns when the store is well under way. Each writer goes on
// until a commit fails.
func (s *suite) startTraffic() *traffic {
	opening := s.store
	tr := &traffic{suite: s, acked: make(map[store.RunID]uint64), busy: make(chan struct{})}
	created := s.several(writers, func(int, *store.Batch) {})
	for _, b := range created {
		tr.acked[b.Run] = 1
	}
	for _, b := range created {
		tr.wait.Go(func() { tr.write(opening, b) })
	}
	<-tr.busy
	return tr
}

// write appends entries that say their position, with a wake-up that says it too.
func (tr *traffic) write(opening store.Store, b store.Batch) {
	for n := uint64(0); ; n++ {
		head := *b.Head
		head.Position++
		head.Commit = store.CommitID(uint64(b.Run)<<32 | n)
		head.Wake = at(int(head.Position))
		b = store.Batch{
			Run: b.Run, Position: b.Head.Position, Expect: b.Head.Commit, Commit: head.Commit,
			Entry: fmt.Appendf(nil, "entry %d of %d", b.Head.Position, b.Run), Head: &head,
		}
		results, err := opening.Commit(tr.ctx(), []store.Batch{b})
		if err != nil {
			tr.enter.Do(func() { close(tr.busy) })
			return
		}
		if results[0].Outcome != store.OK {
			tr.Errorf("the only writer of run %d was refused: %+v", b.Run, results[0].Head)
			return
		}
		tr.acknowledge(b.Run, head.Position)
	}
}

func (tr *traffic) acknowledge(run store.RunID, position uint64) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.acked[run] = position
	if tr.count++; tr.count >= enough {
		tr.enter.Do(func() { close(tr.busy) })
	}
}

// snapshot is what has been acknowledged so far.
func (tr *traffic) snapshot() map[store.RunID]uint64 {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	acked := make(map[store.RunID]uint64, len(tr.acked))
	for run, position := range tr.acked {
		acked[run] = position
	}
	return acked
}

// check: what was acknowledged is there, and what else there is, is whole.
func (tr *traffic) check(acked map[store.RunID]uint64) {
	tr.Helper()
	due := make(map[store.RunID]store.WakeRow)
	for _, row := range must[[]store.WakeRow](tr.suite, "due")(tr.store.Due(tr.ctx(), store.WakeRow{}, at(1e9), 1000)) {
		if _, twice := due[row.Run]; twice {
			tr.Errorf("run %d is due twice", row.Run)
		}
		due[row.Run] = row
	}
	for run, position := range acked {
		log := tr.load(run)
		if log.Head.Position < position {
			tr.Errorf("run %d: position %d was acknowledged, %d is there", run, position, log.Head.Position)
		}
		if uint64(len(log.Entries)) != log.Head.Position {
			tr.Errorf("run %d: %d entries at position %d", run, len(log.Entries), log.Head.Position)
		}
		for i, entry := range log.Entries {
			if want := fmt.Sprintf("entry %d of %d", i, run); string(entry) != want {
				tr.Errorf("run %d: entry %q instead of %q", run, entry, want)
			}
		}
		if log.Head.Position > 1 && !due[run].At.Equal(log.Head.Wake) {
			tr.Errorf("run %d is due at %v instead of %v", run, due[run].At, log.Head.Wake)
		}
	}
}

func testCrash(s *suite) {
	if s.Crash == nil {
		s.Skip("the store cannot be crashed")
	}
	for range 3 {
		tr := s.startTraffic()
		acked := tr.snapshot()
		node := s.store.Node()
		s.Crash()
		s.close() // the writers end with the old store
		tr.wait.Wait()
		s.open()
		if s.store.Node() <= node {
			s.Errorf("node %d after a crash of node %d", s.store.Node(), node)
		}
		tr.check(acked)
	}
}

func testCrashKeepsRecords(s *suite) {
	if s.Crash == nil {
		s.Skip("the store cannot be crashed")
	}
	last := store.RunID(0)
	for i := range 5 {
		run := s.newRun()
		if run <= last {
			s.Errorf("run %d after %d", run, last)
		}
		last = run
		s.write(store.Change{Key: "k", Expect: uint64(i), Value: fmt.Append(nil, i)})
		s.Crash()
		s.close()
		s.open()
		s.wantRecord("k", fmt.Sprint(i), uint64(i+1))
	}
}

// testFault: nothing is acknowledged that is not there after a healthy opening.
func testFault(s *suite, kind Fault) {
	if s.Fault == nil {
		s.Skip("the store's disk cannot be made to fail")
	}
	tr := s.startTraffic()
	s.Fault(kind)
	tr.wait.Wait() // each writer ends at its first error
	_, commit := s.store.Commit(s.ctx(), []store.Batch{{Run: 1}})
	write := s.store.Write(s.ctx(), store.Change{Key: "k", Value: []byte("v")})
	_, load := s.store.Load(s.ctx(), 1, allMail)
	for i, err := range []error{commit, write, load} {
		if !errors.Is(err, store.ErrFailed) {
			s.Errorf("call %d on a failed store: %v instead of ErrFailed", i, err)
		}
	}
	if err := s.store.Close(); !errors.Is(err, store.ErrFailed) {
		s.Errorf("close of a failed store: %v instead of ErrFailed", err)
	}
	s.open()
	tr.check(tr.snapshot())
	s.commit(s.creation("healthy again"))
}

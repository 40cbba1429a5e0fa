package storetest

import (
	"fmt"
	"sync"

	"github.com/fermata-dev/fermata/store"
)

// together runs n functions at once and waits for them.
func together(n int, do func(i int)) {
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { do(i) })
	}
	wait.Wait()
}

func (s *suite) rounds() int {
	if s.Small {
		return 20
	}
	return 150
}

// testRacingCommits: every racer appends at the position that it knows, and at
// each position exactly one wins, whose commit id the losers are told.
func testRacingCommits(s *suite) {
	const racers = 8
	created := s.commit(s.creation("race"))
	rounds := s.rounds()
	var mu sync.Mutex
	winners := make(map[uint64]store.CommitID)
	together(racers, func(i int) {
		head := created.Head
		for n := range rounds {
			b := store.Batch{
				Run: created.Run, Position: head.Position, Expect: head.Commit,
				Commit: store.CommitID(1_000_000*(i+1) + n),
			}
			b.Entry = fmt.Appendf(nil, "%d", b.Commit)
			next := *head
			next.Position, next.Commit = head.Position+1, b.Commit
			b.Head = &next
			results, err := s.store.Commit(s.ctx(), []store.Batch{b})
			if err != nil {
				s.Errorf("commit: %v", err)
				return
			}
			if results[0].Outcome == store.Stale {
				head = results[0].Head
				continue
			}
			head = &next
			mu.Lock()
			if other, twice := winners[b.Position]; twice {
				s.Errorf("commits %d and %d won position %d", other, b.Commit, b.Position)
			}
			winners[b.Position] = b.Commit
			mu.Unlock()
		}
	})
	entries := s.entries(created.Run)
	s.equal("entries", len(entries), len(winners)+1)
	for position, commit := range winners {
		s.equal("entry of the winner", entries[position], fmt.Sprint(commit))
	}
}

func testRacingNames(s *suite) {
	const racers = 8
	for round := range s.rounds() / 5 {
		batches := s.racers(racers, fmt.Sprint("name ", round))
		outcomes := make([]store.Result, racers)
		together(racers, func(i int) {
			results, err := s.store.Commit(s.ctx(), batches[i:i+1])
			if err != nil {
				s.Errorf("commit: %v", err)
				return
			}
			outcomes[i] = results[0]
		})
		winner := s.byName(7, fmt.Sprint("name ", round))
		for i, r := range outcomes {
			want := store.Result{Outcome: store.NameTaken, Run: winner}
			if batches[i].Run == winner {
				want = store.Result{}
			}
			s.equal("result", r, want)
		}
		s.equal("runs", len(s.list(7, 100)), round+1)
	}
}

func (s *suite) racers(n int, name string) []store.Batch {
	batches := make([]store.Batch, n)
	for i := range batches {
		batches[i] = s.creation(name)
	}
	return batches
}

func testRacingRunIDs(s *suite) {
	var mu sync.Mutex
	seen := make(map[store.RunID]bool)
	together(8, func(int) {
		for range s.rounds() {
			run, err := s.store.AllocateRuns(s.ctx(), 1)
			if err != nil {
				s.Errorf("allocate: %v", err)
				return
			}
			mu.Lock()
			if seen[run] {
				s.Errorf("run %d was given out twice", run)
			}
			seen[run] = true
			mu.Unlock()
		}
	})
}

// testReadersSeeWholeCommits: entry, head, snapshot and index rows of a commit
// appear together.
func testReadersSeeWholeCommits(s *suite) {
	b := s.commit(s.creation("whole"))
	run := b.Run
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		defer close(done)
		for range s.rounds() {
			b = s.next(b)
			b.Snapshot, b.Head.SnapshotAt = fmt.Appendf(nil, "%d", b.Position), b.Position
			if _, err := s.store.Commit(s.ctx(), []store.Batch{b}); err != nil {
				s.Errorf("commit: %v", err)
				return
			}
		}
	})
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		log, err := s.store.Load(s.ctx(), run, allMail)
		if err != nil {
			s.Errorf("load: %v", err)
			break
		}
		at := log.Head.SnapshotAt
		if at+uint64(len(log.Entries)) != log.Head.Position || (at > 0 && string(log.Snapshot) != fmt.Sprint(at)) {
			s.Errorf("head %+v with snapshot %q and %d entries", log.Head, log.Snapshot, len(log.Entries))
			break
		}
	}
	wait.Wait()
}

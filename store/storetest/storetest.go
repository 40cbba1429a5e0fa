// Package storetest is the suite that every store passes. It is the contract of
// package store, said once more as tests.
package storetest

import (
	"context"
	"testing"

	"github.com/fermata-dev/fermata/store"
)

// Harness gives the suite one store, new and empty, and what can be done to it.
type Harness struct {
	// Open opens the store; after Close, Crash or Fault it opens what is left of
	// the same store.
	Open func() (store.Store, error)
	// Crash stops the machine at this instant: what was not synced is gone. The
	// store may be in use, what it does afterwards counts for nothing; the suite
	// closes it. Nil for a store that cannot lose anything or cannot be crashed.
	Crash func()
	// Fault makes every write or every sync to disk fail, until Open is called
	// after Close. Nil if that cannot be done.
	Fault func(kind Fault)
	// Small asks for a suite that is gentle to a slow store.
	Small bool
}

// Fault is a way in which a disk fails.
type Fault int

// The faults. After each, all further writes and syncs fail as well.
const (
	DiskFull    Fault = iota // a write fails for lack of space
	SyncFailing              // a sync fails
)

// Run runs the suite. The function makes a new harness for each test, and cleans
// up through t.
func Run(t *testing.T, harness func(t *testing.T) Harness) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := &suite{T: t, Harness: harness(t)}
			s.open()
			t.Cleanup(s.close)
			test.run(s)
		})
	}
}

var tests = []struct {
	name string
	run  func(*suite)
}{
	{"CommitIsAtomic", testCommitIsAtomic},
	{"BatchesAreIndependent", testBatchesAreIndependent},
	{"HeadIsComparedAndSwapped", testHeadIsComparedAndSwapped},
	{"HeadKeepsEveryField", testHeadKeepsEveryField},
	{"MalformedBatchesAreRefused", testMalformedBatches},
	{"CreationNeedsNoHead", testCreation},
	{"NamesAreUnique", testNames},
	{"NamesWithinOneCall", testNamesWithinOneCall},
	{"PurgeLeavesNothing", testPurge},
	{"PurgeOfALongLog", testPurgeOfALongLog},
	{"PurgedRunStaysPurged", testPurgedRunStaysPurged},
	{"LostAnswerIsRecognised", testLostAnswer},
	{"LogIsReadInOrder", testLogIsReadInOrder},
	{"LoadBeginsAtTheSnapshot", testLoadBeginsAtTheSnapshot},
	{"SlicesAreNotShared", testSlicesAreNotShared},
	{"BigValues", testBigValues},
	{"InboxKeepsTheFirst", testInboxKeepsTheFirst},
	{"InboxIsConsumed", testInboxIsConsumed},
	{"InboxIsReadAsFarAsThereIsRoom", testInboxIsReadAsFarAsThereIsRoom},
	{"MailToNobody", testMailToNobody},
	{"QueueOrder", testQueueOrder},
	{"DuePages", testDuePages},
	{"OwnedPages", testOwnedPages},
	{"MailPages", testMailPages},
	{"ListPages", testListPages},
	{"ClosedPages", testClosedPages},
	{"IndexesFollowTheHead", testIndexesFollowTheHead},
	{"Records", testRecords},
	{"RecordsAreAllOrNone", testRecordsAreAllOrNone},
	{"RecordPages", testRecordPages},
	{"RunIDsRise", testRunIDsRise},
	{"NodeIDsRise", testNodeIDsRise},
	{"ReopenedStoreIsTheSame", testReopenedStoreIsTheSame},
	{"ClosedStoreRefuses", testClosedStoreRefuses},
	{"EndedContextIsHeeded", testEndedContext},
	{"RacingCommitsHaveOneWinner", testRacingCommits},
	{"RacingNamesHaveOneWinner", testRacingNames},
	{"RacingRunIDsAreDistinct", testRacingRunIDs},
	{"ReadersSeeWholeCommits", testReadersSeeWholeCommits},
	{"CrashKeepsWhatWasAcknowledged", testCrash},
	{"CrashKeepsRecordsAndIDs", testCrashKeepsRecords},
	{"FullDiskFailsTheStore", func(s *suite) { testFault(s, DiskFull) }},
	{"FailingSyncFailsTheStore", func(s *suite) { testFault(s, SyncFailing) }},
	{"StatsCount", testStats},
}

// suite is one test of the suite and the store that it works on.
type suite struct {
	*testing.T
	Harness
	store store.Store
	id    store.CommitID
}

func (s *suite) ctx() context.Context { return s.Context() }

func (s *suite) open() {
	s.Helper()
	opened, err := s.Harness.Open()
	if err != nil {
		s.Fatalf("open: %v", err)
	}
	s.store = opened
}

func (s *suite) close() {
	if s.store != nil {
		_ = s.store.Close()
		s.store = nil
	}
}

// reopen closes the store in order and opens it again.
func (s *suite) reopen() {
	s.Helper()
	if err := s.store.Close(); err != nil {
		s.Fatalf("close: %v", err)
	}
	s.store = nil
	s.open()
}

package pebblestore_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

var benchStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func openBench(b *testing.B) *pebblestore.Store {
	b.Helper()
	s, err := pebblestore.Open(b.TempDir(), pebblestore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// uuid is a name as clients make them.
func uuid(r *rand.Rand) string {
	a, b := r.Uint64(), r.Uint64()
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}

// text is about n bytes of what an entry holds: JSON with some that is random.
func text(r *rand.Rand, n int) []byte {
	dst := fmt.Appendf(nil, `{"type":"TaskSucceeded","output":{"order":"%016x","status":"ok","lines":[`, r.Uint64())
	for len(dst) < n-2 {
		dst = fmt.Appendf(dst, `%d,`, r.IntN(1000))
	}
	return append(dst, "0]}}"...)
}

func creation(run store.RunID, r *rand.Rand, entry []byte) store.Batch {
	commit := store.CommitID(1<<32 | uint64(run)<<8)
	at := benchStart.Add(time.Duration(run) * time.Millisecond)
	return store.Batch{
		Run: run, Create: true, Commit: commit, Entry: entry,
		Head: &store.Head{
			Position: 1, Commit: commit, Machine: 3, Definition: 5, Name: uuid(r),
			Started: at, Last: at, Owner: 7, TailBytes: uint64(len(entry)),
		},
	}
}

// step turns a batch into the next one of its run.
func step(b *store.Batch, entry []byte) {
	h := *b.Head
	b.Create, b.Position, b.Expect = false, h.Position, h.Commit
	b.Commit = h.Commit + 1
	h.Position, h.Commit, h.Last = h.Position+1, b.Commit, h.Last.Add(5*time.Millisecond)
	h.TailBytes += uint64(len(entry))
	b.Entry, b.Head = entry, &h
}

func mustCommit(b testing.TB, s store.Store, batches ...store.Batch) {
	results, err := s.Commit(b.Context(), batches)
	if err != nil {
		b.Fatal(err)
	}
	for i := range results {
		if results[i].Outcome != store.OK {
			b.Fatalf("run %d: %+v", batches[i].Run, results[i])
		}
	}
}

// benchCommit: n goroutines, each with a run of its own, commit one entry of
// 150 bytes and a head at a time. No index row changes.
func benchCommit(b *testing.B, n int) {
	s := openBench(b)
	r := rand.New(rand.NewPCG(1, 2))
	entry := text(r, 150)
	runs := make([]store.Batch, n)
	for i := range runs {
		runs[i] = creation(store.RunID(i+1), r, entry)
		mustCommit(b, s, runs[i])
	}
	before := begin(s)
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	var wait sync.WaitGroup
	for i := range runs {
		wait.Go(func() {
			for left.Add(-1) >= 0 {
				step(&runs[i], entry)
				mustCommit(b, s, runs[i])
			}
		})
	}
	wait.Wait()
	report(b, s, before)
}

// reading is what a benchmark begins from.
type reading struct {
	store.Stats
	cpu time.Duration
}

func begin(s store.Store) reading { return reading{s.Stats(), cpu()} }

// cpu is what the process has used. It depends less on the neighbours than time.
func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func report(b *testing.B, s store.Store, before reading) {
	b.StopTimer()
	after := begin(s)
	done := float64(after.Batches - before.Batches)
	b.ReportMetric(done/b.Elapsed().Seconds(), "batches/s")
	b.ReportMetric(float64((after.cpu-before.cpu).Nanoseconds())/1e3/done, "cpu-µs/batch")
	b.ReportMetric(done/float64(after.Syncs-before.Syncs), "batches/sync")
	b.ReportMetric(float64(after.BytesLogged-before.BytesLogged)/done, "logB/batch")
}

func BenchmarkCommit1(b *testing.B)   { benchCommit(b, 1) }
func BenchmarkCommit16(b *testing.B)  { benchCommit(b, 16) }
func BenchmarkCommit64(b *testing.B)  { benchCommit(b, 64) }
func BenchmarkCommit256(b *testing.B) { benchCommit(b, 256) }

// BenchmarkCreate64: 64 goroutines create runs with a name and an owner.
func BenchmarkCreate64(b *testing.B) {
	s := openBench(b)
	before := begin(s)
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	var wait sync.WaitGroup
	for i := range 64 {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 2))
			entry := text(r, 150)
			for left.Add(-1) >= 0 {
				run, err := s.AllocateRuns(b.Context(), 1)
				if err != nil {
					b.Error(err)
					return
				}
				mustCommit(b, s, creation(run, r, entry))
			}
		})
	}
	wait.Wait()
	report(b, s, before)
}

// BenchmarkCommitCalls64 has 64 batches in each call, by one goroutine.
func BenchmarkCommitCalls64(b *testing.B) {
	s := openBench(b)
	r := rand.New(rand.NewPCG(1, 2))
	entry := text(r, 150)
	runs := make([]store.Batch, 64)
	for i := range runs {
		runs[i] = creation(store.RunID(i+1), r, entry)
	}
	mustCommit(b, s, runs...)
	before := begin(s)
	b.ReportAllocs()
	for b.Loop() {
		for i := range runs {
			step(&runs[i], entry)
		}
		mustCommit(b, s, runs...)
	}
	report(b, s, before)
}

package pebblestore_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// bytesEach commits n runs and returns the bytes on disk that each takes, once
// the store is compacted.
func bytesEach(t *testing.T, n int, run func(id store.RunID, r *rand.Rand) []store.Batch) float64 {
	t.Helper()
	s, err := pebblestore.Open("dir", pebblestore.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := rand.New(rand.NewPCG(1, 2))
	first, err := s.AllocateRuns(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	before := s.Stats()
	for i := range n {
		for _, b := range run(first+store.RunID(i), r) {
			mustCommit(t, s, b)
		}
	}
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := s.Stats()
	t.Logf("%.0f bytes logged, %.1f commits", float64(after.BytesLogged-before.BytesLogged)/float64(n),
		float64(after.Commits)/float64(n))
	return float64(after.DiskBytes) / float64(n)
}

// TestBytesOfFiveSteps: an execution of five tasks, closed.
func TestBytesOfFiveSteps(t *testing.T) {
	const n, limit = 5000, 1200
	got := bytesEach(t, n, func(id store.RunID, r *rand.Rand) []store.Batch {
		b := creation(id, r, text(r, 130))
		batches := []store.Batch{b}
		for range 5 {
			step(&b, text(r, 130))
			batches = append(batches, b)
		}
		last := batches[5].Head
		last.Status, last.Closed, last.Owner = store.Succeeded, last.Last, 0
		return batches
	})
	t.Logf("%.0f bytes on disk", got)
	if got > limit {
		t.Errorf("%.0f bytes on disk, more than %d", got, limit)
	}
}

// TestBytesOfASleeper: an execution that waits.
func TestBytesOfASleeper(t *testing.T) {
	const n, limit = 20_000, 300
	got := bytesEach(t, n, func(id store.RunID, r *rand.Rand) []store.Batch {
		b := creation(id, r, text(r, 100))
		b.Head.Owner = 0
		b.Head.Wake = b.Head.Started.Add(time.Duration(r.IntN(3600_000)) * time.Millisecond)
		return []store.Batch{b}
	})
	t.Logf("%.0f bytes on disk", got)
	if got > limit {
		t.Errorf("%.0f bytes on disk, more than %d", got, limit)
	}
}

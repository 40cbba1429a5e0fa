package pebblestore

import (
	"fmt"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fermata-dev/fermata/store"
)

// TestTablesLeaveTheCacheRoom: Pebble takes the tables in memory off the cache.
func TestTablesLeaveTheCacheRoom(t *testing.T) {
	o := Options{}.withDefaults()
	if most := mostMemTables * int64(o.MemTableBytes); most > o.CacheBytes*4/5 {
		t.Errorf("%d tables in memory take %d bytes; of a cache of %d a fifth should be left", mostMemTables, most, o.CacheBytes)
	}
}

// TestNewNameReadsNoNames: that a name is new is found out without a look at the
// names that there are.
func TestNewNameReadsNoNames(t *testing.T) {
	const names = 1000
	s, err := Open("dir", Options{FS: vfs.NewMem(), RecentRuns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	runs, err := s.AllocateRuns(t.Context(), names)
	if err != nil {
		t.Fatal(err)
	}
	for i := range names {
		head := &store.Head{Position: 1, Commit: 1, Machine: 3, Definition: 5, Name: fmt.Sprintf("name-%04d", 2*i)}
		batch := store.Batch{Run: runs + store.RunID(i), Create: true, Commit: 1, Entry: []byte("e"), Head: head}
		if _, err := s.Commit(t.Context(), []store.Batch{batch}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := s.db.Metrics().Filter
	p := &planner{store: s}
	for i := range names {
		want := store.RunID(0)
		if i%2 == 0 {
			want = runs + store.RunID(i/2)
		}
		if got, err := p.holder(nameKey{3, fmt.Sprintf("name-%04d", i)}); got != want || err != nil {
			t.Fatalf("name-%04d belongs to %d, want %d; %v", i, got, want, err)
		}
	}
	if err := p.closeTaken(); err != nil {
		t.Fatal(err)
	}
	after := s.db.Metrics().Filter
	if spared := after.Hits - before.Hits; spared < names/2*95/100 {
		t.Errorf("of %d names that there are not, a filter knew %d", names/2, spared)
	}
}

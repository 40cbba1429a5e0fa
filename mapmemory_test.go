package fermata_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/connector/mapio"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// scales are children of a Map that weigh the memory in use while the others run.
type scales struct {
	mu    sync.Mutex        // guards least
	least map[string]uint64 // in use at that place of the rows, in bytes
}

// weigh collects what is not in use, and counts the rest. The least of a place
// counts, for what is on its way at the moment is different each time.
func (s *scales) weigh(_ context.Context, row struct{ Place string }) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if least, ok := s.least[row.Place]; !ok || m.HeapAlloc < least {
		s.least[row.Place] = m.HeapAlloc
	}
	return row.Place, nil
}

// TestMemoryOfADistributedMap: what is in use does not grow with the rows, but for the
// tables and caches of a fixed size, which are small here and full early.
func TestMemoryOfADistributedMap(t *testing.T) {
	if testing.Short() {
		t.Skip("runs 25,000 executions; run without -short")
	}
	const early, late, rows = 5_000, 22_000, 25_000
	dir := t.TempDir()
	writePlaces(t, filepath.Join(dir, "rows.csv"), rows, map[string]int{"early": early, "late": late})
	s, err := pebblestore.Open(filepath.Join(dir, "store"), pebblestore.Options{MemTableBytes: 1 << 20, CacheBytes: 8 << 20, RecentRuns: 1 << 10})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f, err := fermata.Open(t.Context(), fermata.Config{
		Store: s, CacheBytes: 1 << 20, MailBytes: 1 << 20, MapIO: mapio.Config{Roots: map[string]string{"b": dir}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := &scales{least: make(map[string]uint64)}
	f.Handle("weigh", fermata.Func(w.weigh))
	machine := distributed("STANDARD", `"MaxConcurrency":500,
		"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"},"Parameters":{"Bucket":"b","Key":"rows.csv"}},
		"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"out"}},`,
		`"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.place","StringEquals":"","Next":"P"}],"Default":"W"},
		"P":{"Type":"Pass","End":true},
		"W":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:weigh","End":true}}`)
	if _, err := f.Deploy(t.Context(), "m", machine); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Run(t.Context(), "m", json.RawMessage(`{}`)); err != nil {
		t.Fatal(err)
	}
	const margin = 8 << 20 // two files of results that are being written; the records of the rows between are 12 MB
	t.Logf("in use: %d bytes after %d rows, %d after %d", w.least["early"], early, w.least["late"], late)
	if w.least["early"] == 0 || w.least["late"] > w.least["early"]+margin {
		t.Errorf("in use are %d bytes after %d rows, and %d after %d; want at most %d more", w.least["early"], early, w.least["late"], late, margin)
	}
}

// writePlaces writes rows that have a number and the place that they weigh at, if any:
// from each place on, twenty rows do, a hundred rows apart.
func writePlaces(t *testing.T, name string, rows int, places map[string]int) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	fmt.Fprintln(w, "number,place")
	for i := range rows {
		weighs := ""
		for place, first := range places {
			if i >= first && i < first+2000 && (i-first)%100 == 0 {
				weighs = place
			}
		}
		fmt.Fprintf(w, "%d,%s\n", i, weighs)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

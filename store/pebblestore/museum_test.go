package pebblestore_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// museum is a whole store, written by the version that introduced its format, with
// rows of every kind. FERMATA_MUSEUM=add makes it where it is missing; it is never
// overwritten. Add a directory for each new format.
const museum = "testdata/store-1"

func TestMuseum(t *testing.T) {
	if _, err := os.Stat(museum); errors.Is(err, fs.ErrNotExist) && os.Getenv("FERMATA_MUSEUM") == "add" {
		furnish(t)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(museum)); err != nil {
		t.Fatal(err)
	}
	for opening := range 2 { // the first may migrate it
		s, err := pebblestore.Open(dir, pebblestore.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := store.NodeID(3 + opening); s.Node() != want {
			t.Errorf("node %d instead of %d", s.Node(), want)
		}
		if got, want := inventory(t, s), exhibits(t); got != want {
			t.Errorf("opening %d:\n got %s\nwant %s", opening, got, want)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// exhibits is what the store of the museum holds, in words.
func exhibits(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(museum + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// furnish makes the museum: one opening whose rows go to files, and one whose
// rows stay in the log.
func furnish(t *testing.T) {
	t.Helper()
	for opening := range 2 {
		s, err := pebblestore.Open(museum, pebblestore.Options{MemTableBytes: 64 << 10})
		if err != nil {
			t.Fatal(err)
		}
		first, err := s.AllocateRuns(t.Context(), 3)
		if err != nil {
			t.Fatal(err)
		}
		for i := range store.RunID(3) {
			exhibit(t, s, first+i)
		}
		key := fmt.Sprint("record/", opening)
		if err := s.Write(t.Context(), store.Change{Key: key, Value: []byte("value")}); err != nil {
			t.Fatal(err)
		}
		if opening == 0 {
			if err := s.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		text := inventory(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(museum+".txt", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(museum, "LOCK")); err != nil {
		t.Fatal(err)
	}
}

// exhibit commits one run with rows of every kind.
func exhibit(t *testing.T, s store.Store, run store.RunID) {
	t.Helper()
	b := store.Batch{
		Run: run, Create: true, Commit: store.CommitID(run) << 8, Entry: []byte("entry 0"),
		Head: &store.Head{
			Position: 1, Commit: store.CommitID(run) << 8, Machine: 7, Definition: 70, Name: fmt.Sprint("run ", run),
			Started: benchStart, Last: benchStart, Wake: benchStart.Add(time.Hour), Owner: 2,
			Attributes: map[string]any{"customer": "ACME"},
		},
		Enqueue: []store.QueueRow{{Queue: "queue", At: benchStart, Run: run, Task: 300}},
		Send:    []store.Message{{To: run, MessageID: store.MessageID{Source: 9, ID: 1}, Body: []byte("hello")}},
	}
	mustCommit(t, s, b)
	step(&b, []byte("entry 1"))
	b.Enqueue, b.Send = nil, nil
	b.Snapshot, b.Head.SnapshotAt = []byte("snapshot"), 1
	if run%2 == 0 {
		b.Head.Status, b.Head.Closed, b.Head.Owner = store.Succeeded, benchStart.Add(time.Minute), 0
	}
	mustCommit(t, s, b)
}

// inventory says in words all that a store holds.
func inventory(t *testing.T, s store.Store) string {
	t.Helper()
	ctx := t.Context()
	var out strings.Builder
	say := func(what string, rows any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %+v\n", what, rows)
	}
	due, err := s.Due(ctx, store.WakeRow{}, benchStart.AddDate(1, 0, 0), 99)
	say("due", due, err)
	owned, err := s.Owned(ctx, 0, 99)
	say("owned", owned, err)
	mail, err := s.Mail(ctx, 0, 99)
	say("mail", mail, err)
	queue, err := s.Queue(ctx, "queue", store.QueueRow{}, 99)
	say("queue", queue, err)
	closed, err := s.ClosedBefore(ctx, store.WakeRow{}, benchStart.AddDate(1, 0, 0), 99)
	say("closed", closed, err)
	records, err := s.ListRecords(ctx, "", "", 99)
	say("records", records, err)
	list, err := s.List(ctx, store.ListQuery{Machine: 7, AnyStatus: true}, store.ListRow{}, 99)
	for _, row := range list {
		log, err := s.Load(ctx, row.Run, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		say("head", printedHead(row.Head), nil)
		say("log", fmt.Sprintf("%s %s", log.Snapshot, bytes.Join(log.Entries, []byte(","))), nil)
		say("inbox", log.Inbox.Messages, nil)
		named, err := s.ByName(ctx, 7, row.Head.Name)
		say("named", named, err)
	}
	say("end", len(list), err)
	return out.String()
}

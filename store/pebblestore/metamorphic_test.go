package pebblestore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"pgregory.net/rapid"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// TestMetamorphic does the same random operations to a memstore and to several
// differently configured pebblestores, and wants the same answers.
func TestMetamorphic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMorph(t)
		defer m.close()
		t.Repeat(map[string]func(*rapid.T){
			"commit":   m.commit,
			"commit 2": m.commit, // most operations are commits
			"commit 3": m.commit,
			"write":    m.write,
			"discard":  m.discard,
			"read":     m.read,
			"indexes":  m.indexes,
			"reopen":   m.reopen,
			"compact":  m.compact,
		})
	})
}

type morph struct {
	t       *rapid.T
	stores  []store.Store // the first is the memstore
	opts    []pebblestore.Options
	commits store.CommitID
	heads   map[store.RunID]*store.Head // the last one that was accepted
}

func newMorph(t *rapid.T) *morph {
	m := &morph{t: t, heads: make(map[store.RunID]*store.Head)}
	m.stores = append(m.stores, memstore.New(memstore.Options{}))
	for _, opts := range []pebblestore.Options{
		{MemTableBytes: 64 << 10, CacheBytes: 64 << 10, RecentRuns: 1},
		{MemTableBytes: 1 << 20, CacheBytes: 1 << 20, Namespace: 300, Unsynced: true},
	} {
		opts.FS = vfs.NewMem()
		m.opts = append(m.opts, opts)
		m.stores = append(m.stores, m.open(opts))
	}
	return m
}

func (m *morph) open(opts pebblestore.Options) store.Store {
	s, err := pebblestore.Open("dir", opts)
	if err != nil {
		m.t.Fatal(err)
	}
	return s
}

func (m *morph) close() {
	for _, s := range m.stores {
		if err := s.Close(); err != nil {
			m.t.Error(err)
		}
	}
}

// same wants the same answer from all stores.
func (m *morph) same(what string, ask func(store.Store) (any, error)) any {
	var first any
	var firstErr error
	for i, s := range m.stores {
		answer, err := ask(s)
		if i == 0 {
			first, firstErr = answer, err
			continue
		}
		if class(err) != class(firstErr) {
			m.t.Fatalf("%s: store %d gives error %v instead of %v", what, i, err, firstErr)
		}
		if got, want := fmt.Sprintf("%+v", answer), fmt.Sprintf("%+v", first); err == nil && got != want {
			m.t.Fatalf("%s: store %d\n got %s\nwant %s", what, i, got, want)
		}
	}
	if firstErr != nil {
		return nil
	}
	return first
}

func class(err error) error {
	for _, known := range []error{store.ErrNotFound, store.ErrConflict, store.ErrInvalid} {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}

func (m *morph) run(t *rapid.T) store.RunID {
	return store.RunID(rapid.IntRange(1, 6).Draw(t, "run"))
}

func (m *morph) at(t *rapid.T) time.Time {
	return benchStart.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "at")) * time.Second)
}

func (m *morph) commit(t *rapid.T) {
	used := make(map[store.RunID]bool)
	var batches []store.Batch
	for range rapid.IntRange(1, 3).Draw(t, "batches") {
		run := m.run(t)
		if !used[run] {
			used[run] = true
			batches = append(batches, m.batch(t, run))
		}
	}
	answer := m.same("commit", func(s store.Store) (any, error) {
		results, err := s.Commit(t.Context(), batches)
		return printed(results), err
	})
	if answer == nil {
		return
	}
	for i := range batches {
		if head, err := m.stores[0].Head(t.Context(), batches[i].Run); err == nil {
			m.heads[batches[i].Run] = head
		} else {
			delete(m.heads, batches[i].Run)
		}
	}
}

// printed makes the heads behind pointers part of the text.
func printed(results []store.Result) (lines []string) {
	for _, r := range results {
		lines = append(lines, fmt.Sprintf("%d %d %s", r.Outcome, r.Run, printedHead(r.Head)))
	}
	return lines
}

func printedHead(h *store.Head) string {
	if h == nil {
		return "none"
	}
	return fmt.Sprintf("%+v", *h)
}

func (m *morph) batch(t *rapid.T, run store.RunID) store.Batch {
	m.commits++
	b := store.Batch{Run: run, Commit: m.commits, Create: true}
	h := &store.Head{Started: m.at(t), Machine: uint64(rapid.IntRange(1, 2).Draw(t, "machine"))}
	h.Name = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "name")
	if last := m.heads[run]; last != nil {
		*h = *last
		b.Create, b.Position, b.Expect = false, last.Position, last.Commit
		if rapid.IntRange(0, 9).Draw(t, "stale") == 0 {
			b.Expect--
		}
	}
	m.messages(t, &b)
	if !b.Create && rapid.IntRange(0, 5).Draw(t, "purge") == 0 {
		return b
	}
	m.rows(t, &b)
	m.grow(t, &b, h)
	return b
}

func (m *morph) grow(t *rapid.T, b *store.Batch, h *store.Head) {
	h.Commit, h.Position, b.Head = b.Commit, b.Position, h
	if rapid.Bool().Draw(t, "entry") {
		b.Entry = rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(t, "entry bytes")
		if b.Entry == nil {
			b.Entry = []byte{}
		}
		h.Position++
	}
	if rapid.IntRange(0, 3).Draw(t, "snapshot") == 0 {
		b.Snapshot, h.SnapshotAt = []byte(fmt.Sprint("snapshot ", b.Commit)), h.Position
	}
	h.Status = store.Status(rapid.IntRange(0, 4).Draw(t, "status"))
	h.Closed, h.Wake, h.Last = time.Time{}, time.Time{}, m.at(t)
	if h.Status.Closed() {
		h.Closed = m.at(t)
	}
	if rapid.Bool().Draw(t, "wake") {
		h.Wake = m.at(t)
	}
	h.Owner = store.NodeID(rapid.IntRange(0, 2).Draw(t, "owner"))
	h.Incident = rapid.SampledFrom([]string{"", "", "", "fault"}).Draw(t, "incident")
	h.Attributes = nil
	if rapid.Bool().Draw(t, "attributes") {
		h.Attributes = map[string]any{"n": int64(b.Commit), "s": "text"}
	}
}

func (m *morph) messages(t *rapid.T, b *store.Batch) {
	id := func() uint64 { return uint64(rapid.IntRange(1, 3).Draw(t, "message")) }
	for range rapid.IntRange(0, 2).Draw(t, "sent") {
		b.Send = append(b.Send, store.Message{
			To: m.run(t), MessageID: store.MessageID{Source: b.Run, ID: id()}, Body: fmt.Append(nil, b.Commit),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "consumed") {
		b.Consume = append(b.Consume, store.MessageID{Source: m.run(t), ID: id()})
	}
}

func (m *morph) rows(t *rapid.T, b *store.Batch) {
	row := func() store.QueueRow {
		return store.QueueRow{
			Queue: rapid.SampledFrom([]string{"", "q", "qq"}).Draw(t, "queue"),
			At:    m.at(t), Run: b.Run, Task: uint64(rapid.IntRange(0, 2).Draw(t, "task")),
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "enqueued") {
		b.Enqueue = append(b.Enqueue, row())
	}
	for range rapid.IntRange(0, 2).Draw(t, "dequeued") {
		b.Dequeue = append(b.Dequeue, row())
	}
}

func (m *morph) write(t *rapid.T) {
	key := rapid.SampledFrom([]string{"a", "a/b", "b"})
	var changes []store.Change
	for range rapid.IntRange(1, 2).Draw(t, "changes") {
		c := store.Change{
			Key:    key.Draw(t, "key"),
			Expect: uint64(rapid.IntRange(0, 2).Draw(t, "expect")),
			Blind:  rapid.Bool().Draw(t, "blind"),
		}
		if rapid.Bool().Draw(t, "set") {
			c.Value = []byte(key.Draw(t, "value"))
		}
		changes = append(changes, c)
	}
	m.same("write", func(s store.Store) (any, error) { return nil, s.Write(t.Context(), changes...) })
	m.same("records", func(s store.Store) (any, error) { return s.ListRecords(t.Context(), "a", "", 9) })
}

func (m *morph) discard(t *rapid.T) {
	run := m.run(t)
	m.same("discard", func(s store.Store) (any, error) { return nil, s.Discard(t.Context(), run) })
}

func (m *morph) read(t *rapid.T) {
	run := m.run(t)
	m.same("load", func(s store.Store) (any, error) {
		log, err := s.Load(t.Context(), run, 1<<30)
		if err != nil {
			return nil, err
		}
		return fmt.Sprintf("%s %q %q %+v", printedHead(log.Head), log.Snapshot, log.Entries, log.Inbox), nil
	})
	mail := rapid.IntRange(0, 600).Draw(t, "mail")
	m.same("inbox", func(s store.Store) (any, error) { return s.Inbox(t.Context(), run, mail) })
	from := uint64(rapid.IntRange(0, 3).Draw(t, "from"))
	m.same("entries", func(s store.Store) (any, error) {
		var entries []string
		err := s.Entries(t.Context(), run, from, func(position uint64, entry []byte) bool {
			entries = append(entries, fmt.Sprintf("%d %q", position, entry))
			return true
		})
		return entries, err
	})
	m.same("name", func(s store.Store) (any, error) { return s.ByName(t.Context(), 1, "a") })
}

func (m *morph) indexes(t *rapid.T) {
	until, after, limit := m.at(t), m.run(t), rapid.IntRange(0, 4).Draw(t, "limit")
	wake := store.WakeRow{At: m.at(t), Run: after}
	ctx := t.Context()
	m.same("due", func(s store.Store) (any, error) { return s.Due(ctx, wake, until, limit) })
	m.same("closed", func(s store.Store) (any, error) { return s.ClosedBefore(ctx, wake, until, limit) })
	m.same("all due", func(s store.Store) (any, error) { return s.Due(ctx, store.WakeRow{}, until, 99) })
	m.same("owned", func(s store.Store) (any, error) { return s.Owned(ctx, after-1, limit) })
	m.same("mail", func(s store.Store) (any, error) { return s.Mail(ctx, after-1, limit) })
	row := store.QueueRow{At: wake.At, Run: after, Task: 1}
	m.same("queue", func(s store.Store) (any, error) { return s.Queue(ctx, "q", row, limit) })
	m.same("whole queue", func(s store.Store) (any, error) { return s.Queue(ctx, "", store.QueueRow{}, 99) })
	q := store.ListQuery{Machine: 1, AnyStatus: rapid.Bool().Draw(t, "any"), Status: store.Failed}
	cursor := store.ListRow{Started: wake.At, Run: after}
	if rapid.Bool().Draw(t, "first page") {
		cursor = store.ListRow{}
	}
	m.same("list", func(s store.Store) (any, error) {
		rows, err := s.List(ctx, q, cursor, limit)
		var lines []string
		for _, r := range rows {
			lines = append(lines, fmt.Sprintf("%v %d %s", r.Started, r.Run, printedHead(r.Head)))
		}
		return lines, err
	})
}

func (m *morph) reopen(t *rapid.T) {
	mem, err := m.stores[0].(*memstore.Store).Reopen()
	if err != nil {
		t.Fatal(err)
	}
	m.stores[0] = mem
	for i, opts := range m.opts {
		if err := m.stores[i+1].Close(); err != nil {
			t.Fatal(err)
		}
		m.stores[i+1] = m.open(opts)
	}
	m.same("node", func(s store.Store) (any, error) { return s.Node(), nil })
}

func (m *morph) compact(t *rapid.T) {
	for _, s := range m.stores[1:] {
		if err := s.(store.Compacter).Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

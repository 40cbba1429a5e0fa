package storetest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/fermata-dev/fermata/store"
)

// testIndexesFollowTheHead compares all indexes with what the heads say, over
// random histories.
func testIndexesFollowTheHead(s *suite) {
	rapid.Check(s.T, func(t *rapid.T) {
		m := &model{suite: s, machine: 1000 + uint64(s.newRun()), open: make(map[store.RunID]store.Batch)}
		t.Repeat(map[string]func(*rapid.T){
			"create": m.create,
			"change": m.change,
			"purge":  m.purgeOne,
			"":       m.check,
		})
		for _, run := range m.sorted() { // the next check finds the indexes empty
			m.commit(m.purge(m.open[run]))
		}
	})
}

// model is the simplest store of heads.
type model struct {
	*suite
	machine uint64
	open    map[store.RunID]store.Batch
}

func (m *model) sorted() []store.RunID { return slices.Sorted(maps.Keys(m.open)) }

func (m *model) draw(t *rapid.T, h *store.Head) {
	h.Wake, h.Owner, h.Incident, h.Closed = time.Time{}, 0, "", time.Time{}
	h.Status = store.Status(rapid.IntRange(0, 4).Draw(t, "status"))
	if h.Status.Closed() {
		h.Closed = at(rapid.IntRange(0, 5).Draw(t, "closed"))
	}
	if wake := rapid.IntRange(-5, 5).Draw(t, "wake"); wake >= 0 {
		h.Wake = at(wake)
	}
	h.Owner = store.NodeID(rapid.IntRange(0, 2).Draw(t, "owner"))
	if rapid.IntRange(0, 5).Draw(t, "incident") == 0 {
		h.Incident = "fault"
	}
}

func (m *model) create(t *rapid.T) {
	b := m.creation("")
	b.Head.Machine = m.machine
	b.Head.Started = at(rapid.IntRange(0, 5).Draw(t, "started"))
	m.draw(t, b.Head)
	m.open[b.Run] = m.commit(b)
}

func (m *model) pick(t *rapid.T) store.Batch {
	if len(m.open) == 0 {
		t.Skip("no run")
	}
	return m.open[rapid.SampledFrom(m.sorted()).Draw(t, "run")]
}

func (m *model) change(t *rapid.T) {
	b := m.next(m.pick(t))
	m.draw(t, b.Head)
	m.open[b.Run] = m.commit(b)
}

func (m *model) purgeOne(t *rapid.T) {
	b := m.pick(t)
	m.commit(m.purge(b))
	delete(m.open, b.Run)
}

func (m *model) check(t *rapid.T) {
	var due, closed []store.WakeRow
	var owned []store.OwnedRow
	var list []store.ListRow
	for _, run := range m.sorted() {
		h := m.open[run].Head
		if h.Incident == "" && !h.Wake.IsZero() {
			due = append(due, store.WakeRow{At: h.Wake, Run: run})
		}
		if h.Incident == "" && h.Owner != 0 {
			owned = append(owned, store.OwnedRow{Run: run, Owner: h.Owner})
		}
		if h.Status.Closed() {
			closed = append(closed, store.WakeRow{At: h.Closed, Run: run})
		}
		list = append(list, store.ListRow{Started: h.Started, Run: run, Head: h.Canonical()})
	}
	byTime := func(a, b store.WakeRow) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Run, b.Run)) }
	slices.SortFunc(due, byTime)
	slices.SortFunc(closed, byTime)
	slices.SortFunc(list, func(a, b store.ListRow) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.Run, a.Run))
	})
	size := rapid.IntRange(1, 4).Draw(t, "page")
	m.equal("due", pages(m.suite, size, func(after store.WakeRow, limit int) ([]store.WakeRow, error) {
		return m.store.Due(m.ctx(), after, at(99), limit)
	}), due)
	m.equal("closed", pages(m.suite, size, func(after store.WakeRow, limit int) ([]store.WakeRow, error) {
		return m.store.ClosedBefore(m.ctx(), after, at(99), limit)
	}), closed)
	m.equal("owned", pages(m.suite, size, func(after store.OwnedRow, limit int) ([]store.OwnedRow, error) {
		return m.store.Owned(m.ctx(), after.Run, limit)
	}), owned)
	m.equal("list", m.list(m.machine, size), list)
	if m.Failed() {
		t.FailNow()
	}
}

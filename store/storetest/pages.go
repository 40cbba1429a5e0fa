package storetest

import (
	"cmp"
	"slices"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// pages reads an index page by page.
func pages[R any](s *suite, size int, read func(after R, limit int) ([]R, error)) []R {
	s.Helper()
	var all []R
	var after R
	for {
		page, err := read(after, size)
		if err != nil {
			s.Fatalf("page: %v", err)
		}
		if len(page) > size {
			s.Fatalf("a page of at most %d has %d rows", size, len(page))
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		after = page[len(page)-1]
	}
}

// several commits n runs that differ in what change does.
func (s *suite) several(n int, change func(i int, b *store.Batch)) []store.Batch {
	s.Helper()
	batches := make([]store.Batch, n)
	for i := range batches {
		batches[i] = s.creation("")
		change(i, &batches[i])
	}
	s.commit(batches...)
	return batches
}

func testDuePages(s *suite) {
	batches := s.several(12, func(i int, b *store.Batch) { b.Head.Wake = at(i * 37 % 5 * 1000) })
	batches = append(batches, s.several(2, func(int, *store.Batch) {})...)
	stopped := s.next(batches[3])
	stopped.Head.Incident = "a run with an incident is not woken"
	s.commit(stopped)
	var want []store.WakeRow
	for i, b := range batches {
		if !b.Head.Wake.IsZero() && i != 3 {
			want = append(want, store.WakeRow{At: b.Head.Wake, Run: b.Run})
		}
	}
	slices.SortFunc(want, func(a, b store.WakeRow) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Run, b.Run)) })
	due := func(until time.Time) []store.WakeRow {
		return pages(s, 4, func(after store.WakeRow, limit int) ([]store.WakeRow, error) {
			return s.store.Due(s.ctx(), after, until, limit)
		})
	}
	s.equal("all", due(at(1e9)), want)
	s.equal("of an endless time", due(time.Unix(1<<50, 0)), want)
	s.equal("before the first", len(due(at(0))), 0)
	s.equal("before all time", len(due(time.Time{})), 0)
	before := slices.IndexFunc(want, func(r store.WakeRow) bool { return !r.At.Before(at(2000)) })
	s.equal("until is excluded", due(at(2000)), want[:before])
	s.equal("until is exact", due(at(1000).Add(1)), want[:before])
	none, err := s.store.Due(s.ctx(), store.WakeRow{}, at(1e9), 0)
	s.equal("no page at limit 0", [2]any{len(none), err}, [2]any{0, nil})
}

func testOwnedPages(s *suite) {
	batches := s.several(9, func(i int, b *store.Batch) { b.Head.Owner = store.NodeID(i % 3 * 1000) })
	var want []store.OwnedRow
	for _, b := range batches {
		if b.Head.Owner != 0 {
			want = append(want, store.OwnedRow{Run: b.Run, Owner: b.Head.Owner})
		}
	}
	owned := func() []store.OwnedRow {
		return pages(s, 2, func(after store.OwnedRow, limit int) ([]store.OwnedRow, error) {
			return s.store.Owned(s.ctx(), after.Run, limit)
		})
	}
	s.equal("owned", owned(), want)
	moved, left := s.next(batches[1]), s.next(batches[2])
	moved.Head.Owner, left.Head.Owner = 5, 0
	s.commit(moved, left)
	want[0].Owner = 5
	s.equal("owned", owned(), slices.Delete(want, 1, 2))
}

func testMailPages(s *suite) {
	from := s.commit(s.creation("from"))
	targets := s.several(9, func(int, *store.Batch) {})
	var want []store.RunID
	for i, to := range targets {
		if i%3 != 0 {
			from = s.send(from, message(to, from, uint64(i), "x"), message(to, from, uint64(i+1000), "y"))
			want = append(want, to.Run)
		}
	}
	s.equal("mail", pages(s, 2, func(after store.RunID, limit int) ([]store.RunID, error) {
		return s.store.Mail(s.ctx(), after, limit)
	}), want)
}

func (s *suite) list(machine uint64, size int, statuses ...store.Status) []store.ListRow {
	s.Helper()
	q := store.ListQuery{Machine: machine, AnyStatus: len(statuses) == 0}
	if !q.AnyStatus {
		q.Status = statuses[0]
	}
	return pages(s, size, func(after store.ListRow, limit int) ([]store.ListRow, error) {
		after.Head = nil // as a cursor only Started and Run count
		return s.store.List(s.ctx(), q, after, limit)
	})
}

func testListPages(s *suite) {
	batches := s.several(20, func(i int, b *store.Batch) {
		b.Head.Started = at(i * 7 % 4 * 300)
		b.Head.Machine = uint64(7 + i%2)
		b.Head.Status = store.Status(i % 5)
		if i == 4 {
			b.Head.Started = time.Time{}
		}
	})
	want := func(machine uint64, keep func(store.Status) bool) (rows []store.ListRow) {
		for _, b := range batches {
			if b.Head.Machine == machine && keep(b.Head.Status) {
				rows = append(rows, store.ListRow{Started: b.Head.Started, Run: b.Run, Head: b.Head.Canonical()})
			}
		}
		slices.SortFunc(rows, func(a, b store.ListRow) int {
			return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.Run, a.Run))
		})
		return rows
	}
	for _, machine := range []uint64{6, 7, 8} {
		for _, size := range []int{1, 3, 100} {
			s.equal("any status", s.list(machine, size), want(machine, func(store.Status) bool { return true }))
			for status := range store.Status(5) {
				of := want(machine, func(s store.Status) bool { return s == status })
				s.equal("one status", s.list(machine, size, status), of)
				if c, ok := s.store.(store.Counter); ok {
					n, err := c.Count(s.ctx(), machine, status)
					s.equal("count", []any{n, err}, []any{len(of), nil})
				}
			}
		}
	}
}

func testClosedPages(s *suite) {
	batches := s.several(10, func(i int, b *store.Batch) {
		if i%3 != 0 {
			b.Head.Status, b.Head.Closed = store.Failed, at(i*31%7*100)
		}
	})
	var want []store.WakeRow
	for _, b := range batches {
		if b.Head.Status.Closed() {
			want = append(want, store.WakeRow{At: b.Head.Closed, Run: b.Run})
		}
	}
	slices.SortFunc(want, func(a, b store.WakeRow) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Run, b.Run)) })
	closed := func(before time.Time) []store.WakeRow {
		return pages(s, 2, func(after store.WakeRow, limit int) ([]store.WakeRow, error) {
			return s.store.ClosedBefore(s.ctx(), after, before, limit)
		})
	}
	s.equal("closed", closed(at(1e6)), want)
	s.equal("closed before", closed(want[2].At), want[:2])

	again := s.next(batches[1]) // redriven
	again.Head.Status, again.Head.Closed = store.Running, time.Time{}
	s.commit(again)
	s.equal("closed", len(closed(at(1e6))), len(want)-1)
}

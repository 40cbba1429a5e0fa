package memstore

import (
	"context"
	"slices"
	"time"

	"github.com/RaduBerinde/btreemap"

	"github.com/fermata-dev/fermata/store"
)

// page gives the keys of a set from start on, at most limit, until one is not
// wanted.
func page[K any](set *set[K], start btreemap.LowerBound[K], limit int, wanted func(K) bool) []K {
	var keys []K
	if limit <= 0 {
		return nil
	}
	for key := range set.Ascend(start, btreemap.Max[K]()) {
		if !wanted(key) {
			break
		}
		keys = append(keys, key)
		if len(keys) == limit {
			break
		}
	}
	return keys
}

func all[K any](K) bool { return true }

// Due implements store.Indexes.
func (s *Store) Due(ctx context.Context, after store.WakeRow, until time.Time, limit int) ([]store.WakeRow, error) {
	return s.instants(ctx, func(d *data) *set[instant] { return d.due }, after, until, limit)
}

// ClosedBefore implements store.Indexes.
func (s *Store) ClosedBefore(
	ctx context.Context, after store.WakeRow, before time.Time, limit int,
) ([]store.WakeRow, error) {
	return s.instants(ctx, func(d *data) *set[instant] { return d.closed }, after, before, limit)
}

func (s *Store) instants(
	ctx context.Context, index func(*data) *set[instant], after store.WakeRow, until time.Time, limit int,
) ([]store.WakeRow, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	end := store.OrdinalCeil(until)
	start := btreemap.GT(instant{store.Ordinal(after.At), after.Run})
	var rows []store.WakeRow
	for _, key := range page(index(s.data), start, limit, func(k instant) bool { return k.at < end }) {
		rows = append(rows, store.WakeRow{At: store.FromOrdinal(key.at), Run: key.run})
	}
	return rows, nil
}

// Owned implements store.Indexes.
func (s *Store) Owned(ctx context.Context, after store.RunID, limit int) ([]store.OwnedRow, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	var rows []store.OwnedRow
	for _, id := range page(s.data.owned, btreemap.GT(after), limit, all) {
		rows = append(rows, store.OwnedRow{Run: id, Owner: s.data.runs[id].fence.Owner})
	}
	return rows, nil
}

// Mail implements store.Indexes.
func (s *Store) Mail(ctx context.Context, after store.RunID, limit int) ([]store.RunID, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	return page(s.data.mail, btreemap.GT(after), limit, all), nil
}

// Discard implements store.Indexes.
func (s *Store) Discard(ctx context.Context, id store.RunID) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if s.data.runs[id] == nil {
		s.data.discard(id)
	}
	return nil
}

// Queue implements store.Indexes.
func (s *Store) Queue(
	ctx context.Context, queue string, after store.QueueRow, limit int,
) ([]store.QueueRow, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	cursor := queuedOf(&after)
	cursor.queue = queue
	start := btreemap.GT(cursor)
	var rows []store.QueueRow
	for _, k := range page(s.data.queues, start, limit, func(k queued) bool { return k.queue == queue }) {
		rows = append(rows, store.QueueRow{Queue: queue, At: store.FromOrdinal(k.at), Run: k.run, Task: k.task})
	}
	return rows, nil
}

// List implements store.Indexes.
func (s *Store) List(
	ctx context.Context, q store.ListQuery, after store.ListRow, limit int,
) ([]store.ListRow, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	var keys []listed
	if q.AnyStatus {
		keys = s.data.listAll(q.Machine, after, limit)
	} else {
		keys = s.data.listStatus(q.Machine, q.Status, after, limit)
	}
	var rows []store.ListRow
	for _, k := range keys {
		head := s.data.runs[k.run].head.Canonical()
		rows = append(rows, store.ListRow{Started: head.Started, Run: k.run, Head: head})
	}
	return rows, nil
}

func (d *data) listStatus(machine uint64, status store.Status, after store.ListRow, limit int) []listed {
	cursor := listed{machine, status, store.Ordinal(after.Started), after.Run}
	start := btreemap.GT(cursor)
	if after.Started.IsZero() && after.Run == 0 {
		cursor.started, cursor.run = ^uint64(0), ^store.RunID(0)
		start = btreemap.GE(cursor)
	}
	return page(d.list, start, limit, func(k listed) bool {
		return k.machine == machine && k.status == status
	})
}

// listAll merges the listings of all statuses that there are.
func (d *data) listAll(machine uint64, after store.ListRow, limit int) []listed {
	var keys []listed
	for status := 0; status <= 255; status++ {
		first := listed{machine, store.Status(status), ^uint64(0), ^store.RunID(0)}
		next := page(d.list, btreemap.GE(first), 1, func(k listed) bool { return k.machine == machine })
		if len(next) == 0 {
			break
		}
		status = int(next[0].status)
		keys = append(keys, d.listStatus(machine, next[0].status, after, limit)...)
	}
	slices.SortFunc(keys, func(a, b listed) int {
		a.status, b.status = 0, 0
		return compareListed(a, b)
	})
	return keys[:min(len(keys), max(limit, 0))]
}

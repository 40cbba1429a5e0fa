package pebblestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// List implements store.Indexes. Each status has its own stretch of the index;
// a listing of all of them is their merge. The heads are read one by one, from
// the same state of the store.
func (s *Store) List(
	ctx context.Context, q store.ListQuery, from store.ListRow, limit int,
) ([]store.ListRow, error) {
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("list machine %d: %w", q.Machine, err)
	}
	defer s.leave()
	if limit <= 0 {
		return nil, nil
	}
	rows, err := s.list(q, from, limit)
	if err = errors.Join(err, s.settle(ctx)); err != nil {
		return nil, fmt.Errorf("list machine %d: %w", q.Machine, err)
	}
	return rows, nil
}

func (s *Store) list(q store.ListQuery, from store.ListRow, limit int) (rows []store.ListRow, err error) {
	snapshot := s.db.NewSnapshot()
	defer func() { err = errors.Join(err, snapshot.Close()) }()
	m := &merge{prefix: s.keys.machine(nil, q.Machine)}
	defer func() { err = errors.Join(err, m.close()) }()

	statuses := []byte{byte(q.Status)}
	if q.AnyStatus {
		if statuses, err = m.statuses(snapshot); err != nil {
			return nil, err
		}
	}
	for _, status := range statuses {
		if err := m.add(snapshot, status, from); err != nil {
			return nil, err
		}
	}
	for len(rows) < limit {
		rest, err := m.next()
		if rest == nil || err != nil {
			return rows, err
		}
		row, err := s.listRow(snapshot, rest)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// listRow makes a row of what follows the status in an index key.
func (s *Store) listRow(snapshot *pebble.Snapshot, rest []byte) (store.ListRow, error) {
	started, rest, err := takeFalling(rest)
	if err != nil {
		return store.ListRow{}, err
	}
	run, _, err := takeFalling(rest)
	if err != nil {
		return store.ListRow{}, err
	}
	head, err := s.readHead(snapshot, store.RunID(run))
	if err != nil {
		return store.ListRow{}, err
	}
	return store.ListRow{Started: store.FromOrdinal(started), Run: store.RunID(run), Head: head}, nil
}

// merge reads the listings of several statuses as one.
type merge struct {
	prefix []byte // up to the status
	its    []*pebble.Iterator
	last   *pebble.Iterator // where the last row came from
}

// statuses finds the statuses that the machine has rows of.
func (m *merge) statuses(snapshot *pebble.Snapshot) (statuses []byte, err error) {
	it, err := snapshot.NewIter(&pebble.IterOptions{LowerBound: m.prefix, UpperBound: end(m.prefix)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; {
		status := it.Key()[len(m.prefix)]
		statuses = append(statuses, status)
		ok = it.SeekGE(end(m.stretch(status)))
	}
	return statuses, it.Error()
}

// stretch is the prefix of one status.
func (m *merge) stretch(status byte) []byte {
	return append(bytes.Clone(m.prefix), status)
}

func (m *merge) add(snapshot *pebble.Snapshot, status byte, from store.ListRow) error {
	lower := m.stretch(status)
	upper := end(lower)
	if from.Run != 0 || !from.Started.IsZero() {
		lower = after(appendFalling(appendFalling(lower, store.Ordinal(from.Started)), uint64(from.Run)))
	}
	it, err := snapshot.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return err
	}
	m.its = append(m.its, it)
	it.First()
	return nil
}

// next returns what follows the status in the next key, nil after the last one.
func (m *merge) next() ([]byte, error) {
	if m.last != nil {
		m.last.Next()
	}
	m.last = nil
	var least []byte
	for _, it := range m.its {
		if !it.Valid() {
			if err := it.Error(); err != nil {
				return nil, err
			}
			continue
		}
		rest := it.Key()[len(m.prefix)+1:]
		if m.last == nil || bytes.Compare(rest, least) < 0 {
			m.last, least = it, rest
		}
	}
	return least, nil
}

func (m *merge) close() error {
	var errs []error
	for _, it := range m.its {
		errs = append(errs, it.Close())
	}
	return errors.Join(errs...)
}

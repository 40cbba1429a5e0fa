package pebblestore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// scan calls row with what follows the prefix of each key from start (inside the
// prefix) up to stop, at most limit times.
func (s *Store) scan(
	ctx context.Context, prefix, start, stop []byte, limit int, row func(rest []byte, it *pebble.Iterator) error,
) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	if limit <= 0 {
		return nil
	}
	err := s.eachKey(prefix, start, stop, limit, row)
	return errors.Join(err, s.settle(ctx))
}

func (s *Store) eachKey(
	prefix, start, stop []byte, limit int, row func(rest []byte, it *pebble.Iterator) error,
) (err error) {
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: start, UpperBound: stop})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok && limit > 0; ok = it.Next() {
		if err := row(it.Key()[len(prefix):], it); err != nil {
			return err
		}
		limit--
	}
	return it.Error()
}

// Due implements store.Indexes.
func (s *Store) Due(ctx context.Context, after store.WakeRow, until time.Time, limit int) ([]store.WakeRow, error) {
	rows, err := s.instants(ctx, kindWake, after, until, limit)
	if err != nil {
		return nil, fmt.Errorf("runs that are due: %w", err)
	}
	return rows, nil
}

// ClosedBefore implements store.Indexes.
func (s *Store) ClosedBefore(
	ctx context.Context, after store.WakeRow, before time.Time, limit int,
) ([]store.WakeRow, error) {
	rows, err := s.instants(ctx, kindClosed, after, before, limit)
	if err != nil {
		return nil, fmt.Errorf("runs that were closed: %w", err)
	}
	return rows, nil
}

func (s *Store) instants(
	ctx context.Context, kind byte, from store.WakeRow, until time.Time, limit int,
) ([]store.WakeRow, error) {
	prefix := s.keys.kind(nil, kind)
	start := after(s.keys.instant(nil, kind, store.Ordinal(from.At), from.Run))
	stop := s.keys.instant(nil, kind, store.OrdinalCeil(until), 0)
	var rows []store.WakeRow
	err := s.scan(ctx, prefix, start, stop, limit, func(rest []byte, _ *pebble.Iterator) error {
		var at, run uint64
		if err := takeNumbers(rest, &at, &run); err != nil {
			return err
		}
		rows = append(rows, store.WakeRow{At: store.FromOrdinal(at), Run: store.RunID(run)})
		return nil
	})
	return rows, err
}

// Owned implements store.Indexes.
func (s *Store) Owned(ctx context.Context, from store.RunID, limit int) ([]store.OwnedRow, error) {
	prefix := s.keys.kind(nil, kindOwner)
	var rows []store.OwnedRow
	err := s.scan(ctx, prefix, after(s.keys.owner(nil, from)), end(prefix), limit,
		func(rest []byte, it *pebble.Iterator) error {
			value, err := valueOf(it)
			if err != nil {
				return err
			}
			var run, owner uint64
			if err := errors.Join(takeNumbers(rest, &run), takeNumbers(value, &owner)); err != nil {
				return err
			}
			rows = append(rows, store.OwnedRow{Run: store.RunID(run), Owner: store.NodeID(owner)})
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("runs with an owner: %w", err)
	}
	return rows, nil
}

// Mail implements store.Indexes. It seeks from inbox to inbox.
func (s *Store) Mail(ctx context.Context, from store.RunID, limit int) ([]store.RunID, error) {
	prefix := s.keys.kind(nil, kindInbox)
	start := end(s.keys.inbox(nil, from))
	var runs []store.RunID
	for len(runs) < limit {
		found := false
		err := s.scan(ctx, prefix, start, end(prefix), 1, func(rest []byte, _ *pebble.Iterator) error {
			run, size := store.Ordered(rest)
			if size == 0 {
				return corruptKey(rest)
			}
			found = true
			runs = append(runs, store.RunID(run))
			start = end(s.keys.inbox(nil, store.RunID(run)))
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("runs with mail: %w", err)
		}
		if !found {
			break
		}
	}
	return runs, nil
}

// Queue implements store.Indexes.
func (s *Store) Queue(
	ctx context.Context, queue string, from store.QueueRow, limit int,
) ([]store.QueueRow, error) {
	prefix := s.keys.queue(nil, queue)
	from.Queue = queue
	var rows []store.QueueRow
	err := s.scan(ctx, prefix, after(s.keys.queueRow(nil, &from)), end(prefix), limit,
		func(rest []byte, _ *pebble.Iterator) error {
			var at, run, task uint64
			if err := takeNumbers(rest, &at, &run, &task); err != nil {
				return err
			}
			rows = append(rows, store.QueueRow{
				Queue: queue, At: store.FromOrdinal(at), Run: store.RunID(run), Task: task,
			})
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("rows of queue %q: %w", queue, err)
	}
	return rows, nil
}

// Discard implements store.Indexes.
func (s *Store) Discard(ctx context.Context, run store.RunID) error {
	if err := s.enter(ctx); err != nil {
		return fmt.Errorf("discard mail to run %d: %w", run, err)
	}
	defer s.leave()
	if err := s.discard(run); err != nil {
		return fmt.Errorf("discard mail to run %d: %w", run, err)
	}
	return nil
}

// discard needs no fence: a run that has no head and once had one never gets one
// again. A run that is not yet created keeps its mail only if it is created
// before this.
func (s *Store) discard(run store.RunID) error {
	if _, exists, err := s.fence(run); err != nil || exists {
		return err
	}
	b := s.db.NewBatch()
	var w rowWriter
	w.begin(s, b)
	if err := w.deleteInbox(run); err != nil {
		return errors.Join(err, b.Close())
	}
	if b.Empty() {
		return b.Close()
	}
	return s.write(b)
}

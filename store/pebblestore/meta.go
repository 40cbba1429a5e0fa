package pebblestore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// reserveRuns is how many run ids are made durable at a time.
const reserveRuns = 100_000

// runIDs gives out run ids below a mark that is durable.
type runIDs struct {
	mu             sync.Mutex // guards all below
	next, reserved store.RunID
}

// AllocateRuns implements store.Store. It syncs once in 100,000 ids.
func (s *Store) AllocateRuns(ctx context.Context, n int) (store.RunID, error) {
	if err := s.enter(ctx); err != nil {
		return 0, fmt.Errorf("allocate runs: %w", err)
	}
	defer s.leave()
	n = max(n, 0)
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	if uint64(s.runs.next)+uint64(n) > store.MaxRunID {
		return 0, fmt.Errorf("allocate runs: %d more than there are: %w", n, store.ErrTooLarge)
	}
	first := s.runs.next
	if first+store.RunID(n) > s.runs.reserved {
		// The lock is kept: all who come now need the same new mark.
		mark := first + store.RunID(max(n, reserveRuns))
		if err := s.writeMeta(metaRuns, uint64(mark)); err != nil {
			return 0, fmt.Errorf("allocate runs: %w", err)
		}
		s.runs.reserved = mark
	}
	s.runs.next += store.RunID(n)
	s.lately.gaveOut(first, s.runs.next)
	return first, nil
}

// readMeta gives 0 for what was never written.
func (s *Store) readMeta(what byte) (uint64, error) { return s.readNumber(s.keys.meta(nil, what)) }

// readNumber gives 0 for what was never written.
func (s *Store) readNumber(key []byte) (uint64, error) {
	value, closer, err := get(s.db, key)
	if errors.Is(err, pebble.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var number uint64
	if err := errors.Join(takeNumbers(value, &number), closer.Close()); err != nil {
		return 0, err
	}
	return number, nil
}

// writeMeta returns when the number is durable.
func (s *Store) writeMeta(what byte, number uint64) error {
	b := s.db.NewBatch()
	if err := b.Set(s.keys.meta(nil, what), store.AppendOrdered(nil, number), nil); err != nil {
		return errors.Join(err, b.Close())
	}
	return s.write(b)
}

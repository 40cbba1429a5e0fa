package pebblestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// countsBetween is how many rows are counted before the context is looked at.
const countsBetween = 1 << 16

// Count implements store.Counter: it reads the keys of the listing and no head.
func (s *Store) Count(ctx context.Context, machine uint64, status store.Status) (n int, err error) {
	if err := s.enter(ctx); err != nil {
		return 0, fmt.Errorf("count runs of machine %d: %w", machine, err)
	}
	defer s.leave()
	n, err = s.count(ctx, machine, status)
	if err = errors.Join(err, s.settle(ctx)); err != nil {
		return 0, fmt.Errorf("count runs of machine %d: %w", machine, err)
	}
	return n, nil
}

func (s *Store) count(ctx context.Context, machine uint64, status store.Status) (n int, err error) {
	lower := append(s.keys.machine(nil, machine), byte(status))
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: end(lower)})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		if n++; n%countsBetween == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	return n, it.Error()
}

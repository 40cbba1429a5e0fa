package catalog

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/fermata-dev/fermata/store"
)

// sequenceBlock is how many ids are reserved at once; the rest of a block is
// lost when the process ends.
const sequenceBlock = 64

// sequence gives out ids that no machine and no revision has had before. Ids
// begin with 1.
type sequence struct {
	records store.Records

	mu        sync.Mutex // guards next and end
	next, end uint64
}

func (s *sequence) id(ctx context.Context) (uint64, error) {
	if id, ok := s.take(); ok {
		return id, nil
	}
	start, err := s.reserve(ctx)
	if err != nil {
		return 0, fmt.Errorf("catalog: reserving ids: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next, s.end = start+1, start+sequenceBlock
	return start, nil
}

func (s *sequence) take() (uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == s.end {
		return 0, false
	}
	s.next++
	return s.next - 1, true
}

// reserve takes a block of ids out of the stored sequence and returns the first.
func (s *sequence) reserve(ctx context.Context) (uint64, error) {
	for {
		start := uint64(1)
		record, err := s.records.Record(ctx, sequenceKey)
		if err == nil {
			err = decode(sequenceKey, record.Value, &start)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, err
		}
		err = s.records.Write(ctx, store.Change{Key: sequenceKey, Expect: record.Version, Value: encode(start + sequenceBlock)})
		if !errors.Is(err, store.ErrConflict) {
			return start, err
		}
	}
}

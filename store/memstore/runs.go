package memstore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/fermata-dev/fermata/store"
)

// Head implements store.Runs.
func (s *Store) Head(ctx context.Context, id store.RunID) (*store.Head, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	r := s.data.runs[id]
	if r == nil {
		return nil, fmt.Errorf("head of run %d: %w", id, store.ErrNotFound)
	}
	return r.head.Canonical(), nil
}

// Entries implements store.Runs. It reads the log as it stands at the call.
func (s *Store) Entries(
	ctx context.Context, id store.RunID, from uint64, yield func(position uint64, entry []byte) bool,
) error {
	entries, err := s.entries(ctx, id)
	if err != nil {
		return err
	}
	for at := from; at < uint64(len(entries)); at++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !yield(at, clone(entries[at])) {
			return nil
		}
	}
	return nil
}

// entries returns a run's entries. They are only ever appended to, so that the
// slice can be read without the lock.
func (s *Store) entries(ctx context.Context, id store.RunID) ([][]byte, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	r := s.data.runs[id]
	if r == nil {
		return nil, fmt.Errorf("entries of run %d: %w", id, store.ErrNotFound)
	}
	return r.entries, nil
}

// ByName implements store.Runs.
func (s *Store) ByName(ctx context.Context, machine uint64, text string) (store.RunID, error) {
	if err := s.rlock(ctx); err != nil {
		return 0, err
	}
	defer s.mu.RUnlock()
	id, ok := s.data.names[name{machine, text}]
	if !ok {
		return 0, fmt.Errorf("run named %q of machine %d: %w", text, machine, store.ErrNotFound)
	}
	return id, nil
}

// Inbox implements store.Runs.
func (s *Store) Inbox(ctx context.Context, run store.RunID, mail int) (store.Inbox, error) {
	if err := s.rlock(ctx); err != nil {
		return store.Inbox{}, err
	}
	defer s.mu.RUnlock()
	return s.data.inboxes[run].first(run, mail), nil
}

// first gives the beginning of an inbox.
func (in inbox) first(to store.RunID, mail int) (first store.Inbox) {
	if mail <= 0 {
		first.More = len(in) > 0
		return first
	}
	for _, id := range slices.SortedFunc(maps.Keys(in), compareMessages) {
		if !first.Add(store.Message{To: to, MessageID: id, Body: clone(in[id])}, &mail) {
			break
		}
	}
	return first
}

func compareMessages(a, b store.MessageID) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.ID, b.ID))
}

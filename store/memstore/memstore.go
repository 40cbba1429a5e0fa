// Package memstore is a store that keeps everything in memory: for tests, for
// simulation and for Express executions.
//
// It is deterministic: the same calls in the same order give the same answers.
// It has no goroutine, reads no clock and draws no random numbers.
package memstore

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/fermata-dev/fermata/store"
)

// Options of a store. The zero value works.
type Options struct {
	// ID is what Store.ID gives; empty means "memory".
	ID string
}

// Store implements store.Store. It is one opening of its data.
type Store struct {
	id    string
	node  store.NodeID
	bytes *atomic.Int64 // of data

	mu     sync.RWMutex // guards all below, and data's content
	data   *data
	closed bool
	stats  store.Stats
}

var (
	_ store.Store = (*Store)(nil)
	_ store.Sized = (*Store)(nil)
)

// New returns an empty store.
func New(opts Options) *Store {
	if opts.ID == "" {
		opts.ID = "memory"
	}
	d := newData()
	return &Store{id: opts.ID, node: 1, bytes: &d.bytes, data: d}
}

// Reopen closes the store and opens its data anew, as a process does that starts
// again. Reopening twice from the same opening is a mistake: the second one is
// empty-handed and gets ErrClosed.
func (s *Store) Reopen() (*Store, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil {
		return nil, store.ErrClosed
	}
	next := &Store{id: s.id, node: s.node + 1, bytes: s.bytes, data: s.data}
	s.closed, s.data = true, nil
	return next, nil
}

// ID implements store.Store.
func (s *Store) ID() string { return s.id }

// Node implements store.Store.
func (s *Store) Node() store.NodeID { return s.node }

// AllocateRuns implements store.Store.
func (s *Store) AllocateRuns(ctx context.Context, n int) (store.RunID, error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	first := s.data.nextRun
	s.data.nextRun += store.RunID(max(n, 0))
	s.data.births.GaveOut(first, s.data.nextRun)
	return first, nil
}

// Stats implements store.Store. Nothing is synced, logged or on disk.
func (s *Store) Stats() store.Stats {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.stats
}

// Bytes implements store.Sized.
func (s *Store) Bytes() int64 { return s.bytes.Load() }

// Close implements store.Store. The data stays for Reopen.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return store.ErrClosed
	}
	s.closed = true
	return nil
}

// lock takes the mutex for writing, unless the call is pointless.
func (s *Store) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return store.ErrClosed
	}
	return nil
}

// rlock is lock for reading.
func (s *Store) rlock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.RLock()
	if s.closed {
		s.mu.RUnlock()
		return store.ErrClosed
	}
	return nil
}

package pebblestore

import (
	"bytes"
	"context"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// Stats implements store.Store. It is zero after Close.
func (s *Store) Stats() store.Stats {
	if s.gate.enter() != nil {
		return store.Stats{}
	}
	defer s.leave()
	m := s.db.Metrics()
	files := m.DiskSpaceUsage()
	log := m.WAL.PhysicalSize + m.WAL.ObsoletePhysicalSize
	return store.Stats{
		Commits:     s.commits.Load(),
		Batches:     s.batches.Load(),
		Syncs:       s.guard.syncs.Load(),
		BytesLogged: m.WAL.BytesWritten - min(s.loggedBefore, m.WAL.BytesWritten),
		DiskBytes:   files - min(log, files),
		HeapBuffers: heapBuffers(m),
	}
}

func heapBuffers(m *pebble.Metrics) uint64 {
	if !onHeap {
		return 0
	}
	return m.MemTable.Size + m.MemTable.ZombieSize + uint64(m.BlockCache.Size)
}

// Compact implements store.Compacter.
func (s *Store) Compact(ctx context.Context) error {
	if err := s.enter(ctx); err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	defer s.leave()
	if err := s.db.Flush(); err != nil {
		return fmt.Errorf("compact: flush: %w", err)
	}
	if err := s.db.Compact(ctx, []byte{0}, bytes.Repeat([]byte{0xff}, 16), false); err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	return s.failure.err()
}

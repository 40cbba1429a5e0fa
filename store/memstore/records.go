package memstore

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/RaduBerinde/btreemap"

	"github.com/fermata-dev/fermata/store"
)

// Record implements store.Records.
func (s *Store) Record(ctx context.Context, key string) (store.Record, error) {
	if err := s.rlock(ctx); err != nil {
		return store.Record{}, err
	}
	defer s.mu.RUnlock()
	_, record, ok := s.data.records.Get(key)
	if !ok {
		return store.Record{}, fmt.Errorf("record %q: %w", key, store.ErrNotFound)
	}
	record.Value = bytes.Clone(record.Value)
	return record, nil
}

// ListRecords implements store.Records.
func (s *Store) ListRecords(ctx context.Context, prefix, after string, limit int) ([]store.Record, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	if limit <= 0 {
		return nil, nil
	}
	start := btreemap.GE(prefix)
	if after >= prefix {
		start = btreemap.GT(after)
	}
	var records []store.Record
	for key, record := range s.data.records.Ascend(start, btreemap.Max[string]()) {
		if !strings.HasPrefix(key, prefix) || len(records) == limit {
			break
		}
		record.Value = bytes.Clone(record.Value)
		records = append(records, record)
	}
	return records, nil
}

// Write implements store.Records.
func (s *Store) Write(ctx context.Context, changes ...store.Change) error {
	if err := store.CheckChanges(changes); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	for i := range changes {
		c := &changes[i]
		_, record, _ := s.data.records.Get(c.Key)
		if !c.Blind && record.Version != c.Expect {
			return fmt.Errorf("write record %q: it has version %d instead of %d: %w",
				c.Key, record.Version, c.Expect, store.ErrConflict)
		}
	}
	for i := range changes {
		c := &changes[i]
		if c.Value == nil {
			s.data.records.Delete(c.Key)
			continue
		}
		_, record, _ := s.data.records.Get(c.Key)
		s.data.records.ReplaceOrInsert(c.Key, store.Record{
			Key: c.Key, Value: clone(c.Value), Version: record.Version + 1,
		})
	}
	return nil
}

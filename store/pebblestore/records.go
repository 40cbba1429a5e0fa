package pebblestore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// Record implements store.Records.
func (s *Store) Record(ctx context.Context, key string) (store.Record, error) {
	if err := s.enter(ctx); err != nil {
		return store.Record{}, fmt.Errorf("record %q: %w", key, err)
	}
	defer s.leave()
	record, err := s.readRecord(key)
	if err = errors.Join(err, s.settle(ctx)); err != nil {
		return store.Record{}, fmt.Errorf("record %q: %w", key, err)
	}
	if record.Version == 0 {
		return store.Record{}, fmt.Errorf("record %q: %w", key, store.ErrNotFound)
	}
	return record, nil
}

// readRecord gives version 0 for a record that is not there.
func (s *Store) readRecord(key string) (store.Record, error) {
	value, closer, err := get(s.db, s.keys.record(nil, key))
	if errors.Is(err, pebble.ErrNotFound) {
		return store.Record{}, nil
	}
	if err != nil {
		return store.Record{}, err
	}
	record, err := parseRecord(key, value)
	return record, errors.Join(err, closer.Close())
}

// parseRecord copies the value.
func parseRecord(key string, data []byte) (store.Record, error) {
	version, n := binary.Uvarint(data)
	if n <= 0 || version == 0 {
		return store.Record{}, fmt.Errorf("record %q has no version: %w", key, store.ErrCorrupt)
	}
	value := append(make([]byte, 0, len(data)-n), data[n:]...)
	return store.Record{Key: key, Value: value, Version: version}, nil
}

// ListRecords implements store.Records.
func (s *Store) ListRecords(ctx context.Context, prefix, from string, limit int) ([]store.Record, error) {
	kind := s.keys.kind(nil, kindRecord)
	stretch := s.keys.record(nil, prefix)
	start := stretch
	if from >= prefix {
		start = after(s.keys.record(nil, from))
	}
	stop := end(stretch)
	if string(start) >= string(stop) {
		return nil, nil
	}
	var records []store.Record
	err := s.scan(ctx, kind, start, stop, limit, func(rest []byte, it *pebble.Iterator) error {
		value, err := valueOf(it)
		if err != nil {
			return err
		}
		record, err := parseRecord(string(rest), value)
		records = append(records, record)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("records %q: %w", prefix, err)
	}
	return records, nil
}

// Write implements store.Records.
func (s *Store) Write(ctx context.Context, changes ...store.Change) error {
	if err := store.CheckChanges(changes); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := s.enter(ctx); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	defer s.leave()
	b, ticket, err := s.change(changes)
	if errors.Is(err, store.ErrConflict) { // with what may not be durable yet
		err = errors.Join(err, s.settle(ctx))
	}
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if b == nil {
		return nil
	}
	if err := s.await(b, ticket); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// change checks and applies changes, one call after the other: records are
// written seldom, and what they are checked against is mostly in memory.
func (s *Store) change(changes []store.Change) (*pebble.Batch, uint64, error) {
	s.records.Lock()
	defer s.records.Unlock()
	b := s.db.NewBatch()
	for i := range changes {
		if err := s.changeOne(b, &changes[i]); err != nil {
			return nil, 0, errors.Join(err, b.Close())
		}
	}
	if b.Empty() {
		return nil, 0, b.Close()
	}
	ticket, err := s.applyAlone(b)
	return b, ticket, err
}

func (s *Store) changeOne(b *pebble.Batch, c *store.Change) error {
	record, err := s.readRecord(c.Key)
	if err != nil {
		return err
	}
	if !c.Blind && record.Version != c.Expect {
		return fmt.Errorf("record %q has version %d instead of %d: %w",
			c.Key, record.Version, c.Expect, store.ErrConflict)
	}
	key := s.keys.record(nil, c.Key)
	if c.Value == nil {
		return b.Delete(key, nil)
	}
	value := binary.AppendUvarint(make([]byte, 0, len(c.Value)+2), record.Version+1)
	return b.Set(key, append(value, c.Value...), nil)
}

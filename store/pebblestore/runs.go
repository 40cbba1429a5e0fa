package pebblestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// readHead reads a head, or gives ErrNotFound.
func (s *Store) readHead(from pebble.Reader, run store.RunID) (*store.Head, error) {
	var buffer [24]byte
	value, closer, err := get(from, s.keys.head(buffer[:0], run))
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return nil, fmt.Errorf("head of run %d: %w", run, store.ErrNotFound)
	case err != nil:
		return nil, fmt.Errorf("head of run %d: %w", run, err)
	}
	head, err := store.ParseHead(value)
	if err = errors.Join(err, closer.Close()); err != nil {
		return nil, fmt.Errorf("head of run %d: %w", run, err)
	}
	return head, nil
}

// Head implements store.Runs.
func (s *Store) Head(ctx context.Context, run store.RunID) (*store.Head, error) {
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("head of run %d: %w", run, err)
	}
	defer s.leave()
	head, err := s.readHead(s.db, run)
	if settled := s.settle(ctx); settled != nil {
		return nil, fmt.Errorf("head of run %d: %w", run, settled)
	}
	return head, err
}

// Load implements store.Runs. One iterator reads it all, and so sees one state.
func (s *Store) Load(ctx context.Context, run store.RunID, mail int) (*store.Log, error) {
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("load run %d: %w", run, err)
	}
	defer s.leave()
	log, err := s.load(run, mail)
	if err = errors.Join(err, s.settle(ctx)); err != nil {
		return nil, fmt.Errorf("load run %d: %w", run, err)
	}
	return log, nil
}

func (s *Store) load(run store.RunID, mail int) (log *store.Log, err error) {
	lower := s.keys.run(nil, run)
	inbox := s.keys.inbox(nil, run) // kindInbox is above kindRun
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: end(inbox)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()

	head, err := loadHead(it, s.keys.head(nil, run))
	if err != nil {
		return nil, err
	}
	log = &store.Log{Head: head}
	if key := s.keys.part(nil, run, partSnapshot); it.SeekGE(key) && bytes.Equal(it.Key(), key) {
		if log.Snapshot, err = cloneValue(it); err != nil {
			return nil, err
		}
	}
	entries := s.keys.part(nil, run, partEntry)
	for ok := it.SeekGE(s.keys.entry(nil, run, head.SnapshotAt)); ok && bytes.HasPrefix(it.Key(), entries); ok = it.Next() {
		entry, err := cloneValue(it)
		if err != nil {
			return nil, err
		}
		log.Entries = append(log.Entries, entry)
	}
	if err := it.Error(); err != nil {
		return nil, err
	}
	if mail < 0 {
		return log, nil
	}
	log.Inbox, err = loadInbox(it, run, inbox, mail)
	return log, err
}

func loadHead(it *pebble.Iterator, key []byte) (*store.Head, error) {
	if !it.SeekGE(key) || !bytes.Equal(it.Key(), key) {
		if err := it.Error(); err != nil {
			return nil, err
		}
		return nil, store.ErrNotFound
	}
	value, err := valueOf(it)
	if err != nil {
		return nil, err
	}
	return store.ParseHead(value)
}

// Inbox implements store.Runs.
func (s *Store) Inbox(ctx context.Context, run store.RunID, mail int) (store.Inbox, error) {
	if err := s.enter(ctx); err != nil {
		return store.Inbox{}, fmt.Errorf("inbox of run %d: %w", run, err)
	}
	defer s.leave()
	first, err := s.inbox(run, mail)
	if err = errors.Join(err, s.settle(ctx)); err != nil {
		return store.Inbox{}, fmt.Errorf("inbox of run %d: %w", run, err)
	}
	return first, nil
}

func (s *Store) inbox(run store.RunID, mail int) (first store.Inbox, err error) {
	prefix := s.keys.inbox(nil, run)
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: end(prefix)})
	if err != nil {
		return first, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	return loadInbox(it, run, prefix, mail)
}

// loadInbox reads the beginning of an inbox.
func loadInbox(it *pebble.Iterator, run store.RunID, prefix []byte, mail int) (first store.Inbox, err error) {
	for ok := it.SeekGE(prefix); ok && bytes.HasPrefix(it.Key(), prefix); ok = it.Next() {
		m := store.Message{To: run}
		if mail > 0 {
			if m, err = messageOf(it, run, prefix); err != nil {
				return first, err
			}
		}
		if !first.Add(m, &mail) {
			break
		}
	}
	return first, it.Error()
}

// messageOf is the message that an iterator is at.
func messageOf(it *pebble.Iterator, run store.RunID, prefix []byte) (store.Message, error) {
	var source, id uint64
	if err := takeNumbers(it.Key()[len(prefix):], &source, &id); err != nil {
		return store.Message{}, err
	}
	body, err := cloneValue(it)
	return store.Message{To: run, MessageID: store.MessageID{Source: store.RunID(source), ID: id}, Body: body}, err
}

// cloneValue copies the value that an iterator is at; never nil.
func cloneValue(it *pebble.Iterator) ([]byte, error) {
	value, err := valueOf(it)
	if err != nil {
		return nil, err
	}
	return append(make([]byte, 0, len(value)), value...), nil
}

// Entries implements store.Runs. It reads the log as it stands at the call; the
// callee may call the store.
func (s *Store) Entries(
	ctx context.Context, run store.RunID, from uint64, yield func(position uint64, entry []byte) bool,
) error {
	if err := s.enter(ctx); err != nil {
		return fmt.Errorf("entries of run %d: %w", run, err)
	}
	defer s.leave()
	if err := s.entries(ctx, run, from, yield); err != nil {
		return fmt.Errorf("entries of run %d: %w", run, err)
	}
	return nil
}

func (s *Store) entries(
	ctx context.Context, run store.RunID, from uint64, yield func(uint64, []byte) bool,
) (err error) {
	lower := s.keys.run(nil, run)
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: end(lower)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	if err := s.settle(ctx); err != nil { // nothing that this iterator sees can be lost
		return err
	}
	if _, err := loadHead(it, s.keys.head(nil, run)); err != nil {
		return err
	}
	prefix := s.keys.part(nil, run, partEntry)
	for ok := it.SeekGE(s.keys.entry(nil, run, from)); ok; ok = it.Next() {
		var position uint64
		if err := takeNumbers(it.Key()[len(prefix):], &position); err != nil {
			return err
		}
		entry, err := cloneValue(it)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if !yield(position, entry) {
			return nil
		}
	}
	return it.Error()
}

// ByName implements store.Runs.
func (s *Store) ByName(ctx context.Context, machine uint64, name string) (store.RunID, error) {
	if err := s.enter(ctx); err != nil {
		return 0, fmt.Errorf("run named %q: %w", name, err)
	}
	defer s.leave()
	run, err := s.holder(nameKey{machine, name})
	if err = errors.Join(err, s.settle(ctx)); err != nil {
		return 0, fmt.Errorf("run named %q: %w", name, err)
	}
	if run == 0 {
		return 0, fmt.Errorf("run named %q of machine %d: %w", name, machine, store.ErrNotFound)
	}
	return run, nil
}

// eachQueued calls do with the queue rows of a run.
func (s *Store) eachQueued(run store.RunID, do func(*store.QueueRow)) (err error) {
	prefix := s.keys.part(nil, run, partQueued)
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: end(prefix)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for it.First(); it.Valid(); it.Next() {
		rest := it.Key()[len(prefix):]
		length, size := store.Ordered(rest)
		if size == 0 || uint64(len(rest)-size) < length {
			return corruptKey(rest)
		}
		queue := rest[size : size+int(length)]
		var at, task uint64
		if err := takeNumbers(rest[size+int(length):], &at, &task); err != nil {
			return err
		}
		do(&store.QueueRow{Queue: string(queue), At: store.FromOrdinal(at), Run: run, Task: task})
	}
	return it.Error()
}

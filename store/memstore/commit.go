package memstore

import (
	"bytes"
	"context"
	"fmt"

	"github.com/fermata-dev/fermata/store"
)

// Commit implements store.Store.
func (s *Store) Commit(ctx context.Context, batches []store.Batch) ([]store.Result, error) {
	if err := store.CheckBatches(batches); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	if err := s.data.checkIdentities(batches); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	results := make([]store.Result, len(batches))
	var done uint64
	for i := range batches {
		results[i] = s.data.commit(&batches[i])
		if results[i].Outcome == store.OK {
			done++
		}
	}
	s.stats.Batches += done
	if done > 0 {
		s.stats.Commits++
	}
	return results, nil
}

// checkIdentities refuses batches that would change what is set at creation.
func (d *data) checkIdentities(batches []store.Batch) error {
	for i := range batches {
		b := &batches[i]
		r := d.runs[b.Run]
		if b.Head == nil || b.Create || r == nil || !r.fence.Admits(b) {
			continue
		}
		if err := r.fence.CheckIdentity(b); err != nil {
			return err
		}
	}
	return nil
}

// commit carries out one batch, or refuses it and changes nothing.
func (d *data) commit(b *store.Batch) store.Result {
	r := d.runs[b.Run]
	if refusal := d.refuse(r, b); refusal != nil {
		return *refusal
	}
	if b.Create {
		d.births.Spent(b.Run)
		r = new(run)
		d.runs[b.Run] = r
	}
	for _, m := range b.Consume {
		d.consume(b.Run, m)
	}
	for i := range b.Send {
		d.deliver(&b.Send[i])
	}
	d.requeue(r, b)
	if b.Head == nil {
		d.purge(b.Run, r)
		return store.Result{}
	}
	d.grow(r, b)
	if b.Entry != nil {
		r.entries = append(r.entries, clone(b.Entry))
	}
	if b.Snapshot != nil {
		r.snapshot = clone(b.Snapshot)
	}
	next := store.FenceOf(b.Head)
	var from *store.Index
	if !b.Create {
		from = &r.fence.Index
	}
	d.move(b.Run, from, &next.Index)
	r.head, r.fence = b.Head.Canonical(), next
	return store.Result{}
}

// clone copies bytes; the copy of an empty value is empty, not nil.
func clone(data []byte) []byte {
	return append(make([]byte, 0, len(data)), data...)
}

// refuse gives the refusal of a batch, or nil. r is the run, or nil.
func (d *data) refuse(r *run, b *store.Batch) *store.Result {
	switch {
	case r == nil && !b.Create:
		return &store.Result{Outcome: store.Stale}
	case r != nil && (b.Create || !r.fence.Admits(b)):
		return &store.Result{Outcome: store.Stale, Head: r.head.Canonical()}
	case !b.Create:
		return nil
	}
	if holder, taken := d.names[name{b.Head.Machine, b.Head.Name}]; taken && b.Head.Name != "" {
		d.births.Spent(b.Run)
		return &store.Result{Outcome: store.NameTaken, Run: holder}
	}
	if d.births.Used(b.Run) {
		return &store.Result{Outcome: store.Stale} // it was purged, or refused: a creation that comes late does not bring it back
	}
	return nil
}

// requeue carries out what a batch does to queues: first it takes, then it adds.
func (d *data) requeue(r *run, b *store.Batch) {
	for i := range b.Dequeue {
		key := queuedOf(&b.Dequeue[i])
		d.queues.Delete(key)
		delete(r.queued, key)
	}
	for i := range b.Enqueue {
		if r.queued == nil {
			r.queued = make(map[queued]struct{})
		}
		key := queuedOf(&b.Enqueue[i])
		d.queues.ReplaceOrInsert(key, struct{}{})
		r.queued[key] = struct{}{}
	}
}

func queuedOf(row *store.QueueRow) queued {
	return queued{queue: row.Queue, at: store.Ordinal(row.At), run: row.Run, task: row.Task}
}

func (d *data) purge(id store.RunID, r *run) {
	d.move(id, &r.fence.Index, nil)
	for key := range r.queued {
		d.queues.Delete(key)
	}
	d.discard(id)
	d.bytes.Add(-r.size)
	delete(d.runs, id)
}

// Load implements store.Runs.
func (s *Store) Load(ctx context.Context, id store.RunID, mail int) (*store.Log, error) {
	if err := s.rlock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	r := s.data.runs[id]
	if r == nil {
		return nil, fmt.Errorf("load run %d: %w", id, store.ErrNotFound)
	}
	log := &store.Log{Head: r.head.Canonical(), Snapshot: bytes.Clone(r.snapshot)}
	for _, entry := range r.entries[min(r.head.SnapshotAt, uint64(len(r.entries))):] {
		log.Entries = append(log.Entries, clone(entry))
	}
	if mail >= 0 {
		log.Inbox = s.data.inboxes[id].first(id, mail)
	}
	return log, nil
}

package pebblestore

import (
	"errors"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// purgeByPoints is the length of log up to which a purge deletes entry by entry.
// A range deletion is smaller, but many of them make reads slow.
const purgeByPoints = 512

// rowWriter writes the rows of batches into a Pebble batch. The first error
// stays.
type rowWriter struct {
	store *Store
	keys  keyspace
	to    *pebble.Batch
	key   []byte // scratch
	value []byte // scratch
	err   error
}

func (w *rowWriter) begin(s *Store, to *pebble.Batch) {
	w.store, w.keys, w.to, w.err = s, s.keys, to, nil
}

func (w *rowWriter) set(key, value []byte) {
	w.key = key
	w.keep(w.to.Set(key, value, nil))
}

func (w *rowWriter) delete(key []byte) {
	w.key = key
	w.keep(w.to.Delete(key, nil))
}

func (w *rowWriter) keep(err error) {
	if w.err == nil && err != nil {
		w.err = err
	}
}

// write writes all of a batch that creates or goes on.
func (w *rowWriter) write(b *store.Batch, one *plan) {
	if b.Entry != nil {
		w.set(w.keys.entry(w.key[:0], b.Run, b.Position), b.Entry)
	}
	if b.Snapshot != nil {
		w.set(w.keys.part(w.key[:0], b.Run, partSnapshot), b.Snapshot)
	}
	w.value = store.AppendHead(w.value[:0], b.Head)
	w.set(w.keys.head(w.key[:0], b.Run), w.value)
	switch {
	case b.Create:
		w.index(b.Run, &one.next.Index)
	case one.last.Index != one.next.Index:
		w.reindex(b.Run, &one.last.Index, &one.next.Index)
	}
	w.messages(b)
	w.requeue(b)
}

func (w *rowWriter) messages(b *store.Batch) {
	for _, id := range b.Consume {
		w.delete(w.keys.message(w.key[:0], b.Run, id))
	}
	for i := range b.Send {
		m := &b.Send[i]
		w.key = w.keys.message(w.key[:0], m.To, m.MessageID)
		w.keep(w.to.Merge(w.key, m.Body, nil))
	}
}

func (w *rowWriter) requeue(b *store.Batch) {
	for i := range b.Dequeue {
		w.delete(w.keys.queueRow(w.key[:0], &b.Dequeue[i]))
		w.delete(w.keys.queued(w.key[:0], &b.Dequeue[i]))
	}
	for i := range b.Enqueue {
		w.set(w.keys.queueRow(w.key[:0], &b.Enqueue[i]), nil)
		w.set(w.keys.queued(w.key[:0], &b.Enqueue[i]), nil)
	}
}

// index writes all index rows.
func (w *rowWriter) index(run store.RunID, x *store.Index) {
	w.set(w.keys.listed(w.key[:0], x, run), nil)
	if x.Name != "" {
		w.value = store.AppendOrdered(w.value[:0], uint64(run))
		w.set(w.keys.name(w.key[:0], x.Machine, x.Name), w.value)
	}
	if x.Wake != 0 {
		w.set(w.keys.instant(w.key[:0], kindWake, x.Wake, run), nil)
	}
	if x.Owner != 0 {
		w.own(run, x.Owner)
	}
	if x.Status.Closed() {
		w.set(w.keys.instant(w.key[:0], kindClosed, x.Closed, run), nil)
	}
}

func (w *rowWriter) own(run store.RunID, owner store.NodeID) {
	w.value = store.AppendOrdered(w.value[:0], uint64(owner))
	w.set(w.keys.owner(w.key[:0], run), w.value)
}

// unindex removes all index rows.
func (w *rowWriter) unindex(run store.RunID, x *store.Index) {
	w.delete(w.keys.listed(w.key[:0], x, run))
	if x.Name != "" {
		w.delete(w.keys.name(w.key[:0], x.Machine, x.Name))
	}
	if x.Wake != 0 {
		w.delete(w.keys.instant(w.key[:0], kindWake, x.Wake, run))
	}
	if x.Owner != 0 {
		w.delete(w.keys.owner(w.key[:0], run))
	}
	if x.Status.Closed() {
		w.delete(w.keys.instant(w.key[:0], kindClosed, x.Closed, run))
	}
}

// reindex changes the index rows that differ. Machine, name and start stay (see
// store.Fence.CheckIdentity).
func (w *rowWriter) reindex(run store.RunID, from, to *store.Index) {
	if from.Status != to.Status {
		w.delete(w.keys.listed(w.key[:0], from, run))
		w.set(w.keys.listed(w.key[:0], to, run), nil)
	}
	if from.Wake != to.Wake {
		if from.Wake != 0 {
			w.delete(w.keys.instant(w.key[:0], kindWake, from.Wake, run))
		}
		if to.Wake != 0 {
			w.set(w.keys.instant(w.key[:0], kindWake, to.Wake, run), nil)
		}
	}
	if from.Owner != to.Owner {
		if to.Owner != 0 {
			w.own(run, to.Owner)
		} else {
			w.delete(w.keys.owner(w.key[:0], run))
		}
	}
	if from.Status.Closed() != to.Status.Closed() || from.Closed != to.Closed {
		if from.Status.Closed() {
			w.delete(w.keys.instant(w.key[:0], kindClosed, from.Closed, run))
		}
		if to.Status.Closed() {
			w.set(w.keys.instant(w.key[:0], kindClosed, to.Closed, run), nil)
		}
	}
}

// purge removes all of a run. Only what cannot be told from its head is read:
// its queue rows and its inbox, both empty as a rule.
func (w *rowWriter) purge(run store.RunID, last *store.Fence) {
	w.unindex(run, &last.Index)
	w.keep(w.store.eachQueued(run, func(row *store.QueueRow) {
		w.delete(w.keys.queueRow(w.key[:0], row))
		w.delete(w.keys.queued(w.key[:0], row))
	}))
	w.keep(w.deleteInbox(run))
	w.delete(w.keys.head(w.key[:0], run))
	w.delete(w.keys.part(w.key[:0], run, partSnapshot))
	if last.Position > purgeByPoints {
		first := w.keys.part(nil, run, partEntry)
		w.keep(w.to.DeleteRange(first, end(first), nil))
		return
	}
	for position := range last.Position {
		w.delete(w.keys.entry(w.key[:0], run, position))
	}
}

// deleteInbox removes the messages to a run that are in the database.
func (w *rowWriter) deleteInbox(run store.RunID) (err error) {
	prefix := w.keys.inbox(nil, run)
	it, err := w.store.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: end(prefix)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for it.First(); it.Valid(); it.Next() {
		w.keep(w.to.Delete(it.Key(), nil))
	}
	return it.Error()
}

// unsend removes what a batch of the same call sends to a run.
func (w *rowWriter) unsend(b *store.Batch, to store.RunID) {
	for i := range b.Send {
		if b.Send[i].To == to {
			w.delete(w.keys.message(w.key[:0], to, b.Send[i].MessageID))
		}
	}
}

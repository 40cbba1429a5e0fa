package pebblestore

import (
	"fmt"

	"github.com/fermata-dev/fermata/store"
)

// The layout. Every key begins with the namespace (an ordered varint) and a kind.
// Numbers are ordered varints (store.AppendOrdered), instants the ordinals of
// store.Ordinal; what is marked with ~ is complemented, so that it falls. A queue
// is its length and its bytes. Kinds are durable and never change their meaning.
//
//	kind        rest of the key                  value
//	kindRun     run, partHead                    head (store.AppendHead)
//	            run, partSnapshot                snapshot
//	            run, partQueued, queue, at, task nothing; a run's own rows in kindQueue
//	            run, partEntry, position         entry
//	kindInbox   to, source, id                   body; the oldest write wins (see firstWins)
//	kindWake    at, run                          nothing
//	kindOwner   run                              owner
//	kindClosed  at, run                          nothing
//	kindList    machine, status, ~started, ~run  nothing
//	kindName    machine, name                    run
//	kindQueue   queue, at, run, task             nothing
//	kindRecord  key                              version (uvarint), value
//	kindMeta    one of the meta constants        number
//
// All of a run but its inbox lies together, so that loading one that has long
// been asleep reads one or two blocks.
const (
	kindMeta   byte = 0x01
	kindRun    byte = 0x10
	kindInbox  byte = 0x20
	kindWake   byte = 0x30
	kindOwner  byte = 0x31
	kindClosed byte = 0x32
	kindList   byte = 0x33
	kindName   byte = 0x34
	kindQueue  byte = 0x40
	kindRecord byte = 0x50
)

const (
	partHead     byte = 0
	partSnapshot byte = 1
	partQueued   byte = 2
	partEntry    byte = 3
)

const (
	metaEpoch byte = 1 // the node id of the newest opening
	metaRuns  byte = 2 // the first run id that was never reserved

	// Of the directory, in the keyspace 0 (see GENERATION).
	metaOpened byte = 3 // number of the newest opening
	metaClosed byte = 4 // number of the newest opening that was closed in order
)

// keyspace makes the keys of one namespace. All its methods append to dst.
type keyspace struct{ namespace uint64 }

func (k keyspace) kind(dst []byte, kind byte) []byte {
	return append(store.AppendOrdered(dst, k.namespace), kind)
}

func (k keyspace) meta(dst []byte, what byte) []byte {
	return append(k.kind(dst, kindMeta), what)
}

// run is the prefix of all that belongs to a run.
func (k keyspace) run(dst []byte, run store.RunID) []byte {
	return store.AppendOrdered(k.kind(dst, kindRun), uint64(run))
}

func (k keyspace) part(dst []byte, run store.RunID, part byte) []byte {
	return append(k.run(dst, run), part)
}

func (k keyspace) head(dst []byte, run store.RunID) []byte {
	return k.part(dst, run, partHead)
}

func (k keyspace) entry(dst []byte, run store.RunID, position uint64) []byte {
	return store.AppendOrdered(k.part(dst, run, partEntry), position)
}

func (k keyspace) queued(dst []byte, row *store.QueueRow) []byte {
	dst = appendQueue(k.part(dst, row.Run, partQueued), row.Queue)
	return appendNumbers(dst, store.Ordinal(row.At), row.Task)
}

func (k keyspace) inbox(dst []byte, to store.RunID) []byte {
	return store.AppendOrdered(k.kind(dst, kindInbox), uint64(to))
}

func (k keyspace) message(dst []byte, to store.RunID, id store.MessageID) []byte {
	return appendNumbers(k.inbox(dst, to), uint64(id.Source), id.ID)
}

// instant is a key of the indexes by time.
func (k keyspace) instant(dst []byte, kind byte, at uint64, run store.RunID) []byte {
	return appendNumbers(k.kind(dst, kind), at, uint64(run))
}

func (k keyspace) owner(dst []byte, run store.RunID) []byte {
	return store.AppendOrdered(k.kind(dst, kindOwner), uint64(run))
}

func (k keyspace) machine(dst []byte, machine uint64) []byte {
	return store.AppendOrdered(k.kind(dst, kindList), machine)
}

func (k keyspace) listed(dst []byte, x *store.Index, run store.RunID) []byte {
	dst = append(k.machine(dst, x.Machine), byte(x.Status))
	return appendFalling(appendFalling(dst, x.Started), uint64(run))
}

func (k keyspace) name(dst []byte, machine uint64, name string) []byte {
	return append(store.AppendOrdered(k.kind(dst, kindName), machine), name...)
}

func (k keyspace) queue(dst []byte, queue string) []byte {
	return appendQueue(k.kind(dst, kindQueue), queue)
}

func (k keyspace) queueRow(dst []byte, row *store.QueueRow) []byte {
	return appendNumbers(k.queue(dst, row.Queue), store.Ordinal(row.At), uint64(row.Run), row.Task)
}

func (k keyspace) record(dst []byte, key string) []byte {
	return append(k.kind(dst, kindRecord), key...)
}

func appendQueue(dst []byte, queue string) []byte {
	return append(store.AppendOrdered(dst, uint64(len(queue))), queue...)
}

func appendNumbers(dst []byte, numbers ...uint64) []byte {
	for _, n := range numbers {
		dst = store.AppendOrdered(dst, n)
	}
	return dst
}

// appendFalling appends a number whose order in bytes is turned round.
func appendFalling(dst []byte, n uint64) []byte {
	at := len(dst)
	dst = store.AppendOrdered(dst, n)
	for i := at; i < len(dst); i++ {
		dst[i] = ^dst[i]
	}
	return dst
}

// takeFalling is the inverse of appendFalling for a key that is not needed any
// longer.
func takeFalling(key []byte) (uint64, []byte, error) {
	turned := make([]byte, len(key))
	for i, b := range key {
		turned[i] = ^b
	}
	n, size := store.Ordered(turned)
	if size == 0 {
		return 0, nil, corruptKey(key)
	}
	return n, key[size:], nil
}

// takeNumbers fills numbers with the whole of a key.
func takeNumbers(key []byte, numbers ...*uint64) error {
	rest := key
	for _, n := range numbers {
		value, size := store.Ordered(rest)
		if size == 0 {
			return corruptKey(key)
		}
		*n, rest = value, rest[size:]
	}
	if len(rest) > 0 {
		return corruptKey(key)
	}
	return nil
}

func corruptKey(key []byte) error {
	return fmt.Errorf("key ends in %x: %w", key, store.ErrCorrupt)
}

// after is the smallest key that is greater.
func after(key []byte) []byte { return append(key, 0) }

// end is the smallest key that is greater than all that begin with prefix.
func end(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 0xff {
			bound := append([]byte(nil), prefix[:i+1]...)
			bound[i]++
			return bound
		}
	}
	return nil
}

package memstore

import (
	"bytes"
	"cmp"
	"sync/atomic"

	"github.com/RaduBerinde/btreemap"

	"github.com/fermata-dev/fermata/store"
)

// data is what outlives an opening.
type data struct {
	nextRun store.RunID
	births  store.Births
	bytes   atomic.Int64 // of all runs
	runs    map[store.RunID]*run
	inboxes map[store.RunID]inbox // never an empty one
	names   map[name]store.RunID

	due    *set[instant]
	owned  *set[store.RunID]
	mail   *set[store.RunID] // the keys of inboxes
	queues *set[queued]
	list   *set[listed]
	closed *set[instant]

	records *btreemap.BTreeMap[string, store.Record]
}

// run is everything that lives and dies with a head, but for its inbox.
type run struct {
	head     *store.Head // canonical, never changed
	fence    store.Fence
	entries  [][]byte
	snapshot []byte
	queued   map[queued]struct{}
	size     int64 // what the run counts for in Store.Bytes
}

// runBytes is what a run takes beside its name, entries and snapshot: the head and
// its places in the maps and indexes. entryBytes is that of an entry beside its
// bytes, attributeBytes that of search attributes.
const (
	runBytes       = 700
	entryBytes     = 48
	attributeBytes = 400
)

// grow counts what a batch adds to a run.
func (d *data) grow(r *run, b *store.Batch) {
	size := int64(0)
	if b.Create {
		size = runBytes + 2*int64(len(b.Head.Name))
		if len(b.Head.Attributes) > 0 {
			size += attributeBytes
		}
	}
	if b.Entry != nil {
		size += int64(len(b.Entry)) + entryBytes
	}
	if b.Snapshot != nil {
		size += int64(len(b.Snapshot) - len(r.snapshot))
	}
	r.size += size
	d.bytes.Add(size)
}

type inbox map[store.MessageID][]byte

type name struct {
	machine uint64
	name    string
}

// instant is a key of the indexes by time.
type instant struct {
	at  uint64
	run store.RunID
}

// queued is the key of a queue row.
type queued struct {
	queue string
	at    uint64
	run   store.RunID
	task  uint64
}

// listed is the key of a listing, in the order of listings.
type listed struct {
	machine uint64
	status  store.Status
	started uint64
	run     store.RunID
}

// set is an ordered set.
type set[K any] = btreemap.BTreeMap[K, struct{}]

const degree = 16

func newSet[K any](compare func(a, b K) int) *set[K] {
	return btreemap.New[K, struct{}](degree, compare)
}

func newData() *data {
	return &data{
		nextRun: 1,
		runs:    make(map[store.RunID]*run),
		inboxes: make(map[store.RunID]inbox),
		names:   make(map[name]store.RunID),
		due:     newSet(compareInstants),
		owned:   newSet(cmp.Compare[store.RunID]),
		mail:    newSet(cmp.Compare[store.RunID]),
		queues:  newSet(compareQueued),
		list:    newSet(compareListed),
		closed:  newSet(compareInstants),
		records: btreemap.New[string, store.Record](degree, cmp.Compare[string]),
	}
}

func compareInstants(a, b instant) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	return cmp.Compare(a.run, b.run)
}

func compareQueued(a, b queued) int {
	return cmp.Or(
		cmp.Compare(a.queue, b.queue),
		cmp.Compare(a.at, b.at),
		cmp.Compare(a.run, b.run),
		cmp.Compare(a.task, b.task),
	)
}

func compareListed(a, b listed) int {
	return cmp.Or(
		cmp.Compare(a.machine, b.machine),
		cmp.Compare(a.status, b.status),
		cmp.Compare(b.started, a.started), // newest first
		cmp.Compare(b.run, a.run),
	)
}

// move takes a run's index rows from one state to another; nil is no rows.
func (d *data) move(id store.RunID, from, to *store.Index) {
	switch {
	case from == nil:
		d.index(id, to)
	case to == nil:
		d.unindex(id, from)
	case *from != *to:
		d.unindex(id, from)
		d.index(id, to)
	}
}

func (d *data) index(id store.RunID, x *store.Index) {
	d.list.ReplaceOrInsert(listed{x.Machine, x.Status, x.Started, id}, struct{}{})
	if x.Name != "" {
		d.names[name{x.Machine, x.Name}] = id
	}
	if x.Wake != 0 {
		d.due.ReplaceOrInsert(instant{x.Wake, id}, struct{}{})
	}
	if x.Owner != 0 {
		d.owned.ReplaceOrInsert(id, struct{}{})
	}
	if x.Status.Closed() {
		d.closed.ReplaceOrInsert(instant{x.Closed, id}, struct{}{})
	}
}

func (d *data) unindex(id store.RunID, x *store.Index) {
	d.list.Delete(listed{x.Machine, x.Status, x.Started, id})
	if x.Name != "" {
		delete(d.names, name{x.Machine, x.Name})
	}
	if x.Wake != 0 {
		d.due.Delete(instant{x.Wake, id})
	}
	if x.Owner != 0 {
		d.owned.Delete(id)
	}
	if x.Status.Closed() {
		d.closed.Delete(instant{x.Closed, id})
	}
}

// deliver puts a message into its inbox, unless it is there.
func (d *data) deliver(m *store.Message) {
	in := d.inboxes[m.To]
	if in == nil {
		in = make(inbox)
		d.inboxes[m.To] = in
		d.mail.ReplaceOrInsert(m.To, struct{}{})
	}
	if _, there := in[m.MessageID]; !there {
		in[m.MessageID] = bytes.Clone(m.Body)
	}
}

// consume removes a message from a run's inbox.
func (d *data) consume(id store.RunID, m store.MessageID) {
	in := d.inboxes[id]
	delete(in, m)
	if in != nil && len(in) == 0 {
		d.discard(id)
	}
}

// discard removes a run's inbox.
func (d *data) discard(id store.RunID) {
	delete(d.inboxes, id)
	d.mail.Delete(id)
}

// Package pebblestore is the embedded store: Pebble, in one directory, used by
// one process at a time.
package pebblestore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fermata-dev/fermata/store"
)

// Options of a store. The zero value works.
type Options struct {
	// Namespace is the part of the directory's keys that this store uses. Run ids
	// and node ids belong to it alone.
	Namespace uint64
	// CacheBytes is the memory for blocks that were read and for writes that are in
	// no file yet; 0 means 160 MiB.
	CacheBytes int64
	// MemTableBytes is the size of the memory in which writes collect before they
	// are sorted into files; 0 means 32 MiB. Up to four of them exist at a time, and
	// one that waits to be used again; Pebble takes them all off the cache, so that
	// they must leave it room.
	MemTableBytes uint64
	// RecentRuns is of how many of the runs that were lately written the fence is
	// kept in memory (about 200 bytes each); 0 means 65,536.
	RecentRuns int
	// Unsynced makes Commit return before anything is on disk. A crash of the
	// machine then loses what was acknowledged, and so breaks every promise of the
	// engine. It is for measurements and for data that nobody will miss.
	Unsynced bool
	// OnError is told of trouble that no call can return, such as a failing
	// compaction, and once of the failure of the store (an ErrFailed), after which
	// the process should close it. It must not block and not call the store.
	OnError func(error)
	// FS is the file system; nil is the machine's.
	FS vfs.FS
}

// Store implements store.Store and store.Compacter.
//
// # How a commit goes
//
// It is planned, applied and synced. Planning reads: the fences that the batches
// meet (from memory if the runs were lately written, else from the database) and
// what a purge removes; and it makes one Pebble batch of all that may go ahead.
// It takes no lock, so that what it read may have changed. Applying takes the
// lock of the order (order), finds out from the recent maps whether anything
// that the plan rests on was written since (then it plans again), appends the
// batch to the write-ahead log and makes it visible. This is a copy in memory.
// Syncing waits, with no lock, until the log is on disk up to this batch: all
// that are applied meanwhile share the next sync.
//
// # Why building on what is not yet durable is safe
//
// The next commit may build on a head that is applied and not yet synced: it
// comes later in the log, and a log is recovered as a prefix. Should a crash
// lose the head, it loses what builds on it too, and neither was acknowledged.
//
// # Why nobody sees what may yet be lost
//
// What is visible to readers of the database runs ahead of what is durable, by
// the commits whose sync is under way. A reader draws the newest ticket that it
// may have seen and waits until that is durable before it answers; so does a
// commit that was refused, for the head that it reports was put there by another
// one. Without commits under way nobody waits.
//
// # What was rejected
//
// A goroutine that gathers commits and syncs them in turn costs two hand-overs a
// commit, and two goroutine switches are dearer than the whole apply. Locks by
// run instead of the one order let Pebble insert in parallel, but then tickets
// are no prefix of the log. Handing the errors of a full disk to Pebble: see
// guardFS.
type Store struct {
	id       string
	dir      string
	fs       vfs.FS
	node     store.NodeID
	keys     keyspace
	db       *pebble.DB
	lock     *pebble.Lock
	gate     *gate
	guard    *guardFS
	failure  *failure
	unsynced bool

	generation uint64 // number of this opening of the directory

	durable  durability
	order    sync.Mutex // makes applies follow each other; no I/O but the log's buffer
	lately   lately
	runs     runIDs
	records  sync.Mutex // makes checks and writes of records follow each other
	planners sync.Pool

	commits, batches atomic.Uint64
	loggedBefore     uint64 // bytes of the log that recovery wrote
}

var (
	_ store.Store     = (*Store)(nil)
	_ store.Compacter = (*Store)(nil)
	_ store.Counter   = (*Store)(nil)
)

// Open opens the store in a directory and makes it if there is none. Errors:
// ErrInUse if another process (or opening) has it, ErrNewer if it was written by
// a newer version, others if the directory holds something else.
func Open(dir string, opts Options) (*Store, error) {
	opts = opts.withDefaults()
	lock, err := lockDirectory(opts.FS, dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s, err := open(dir, opts, lock)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, errors.Join(err, lock.Close()))
	}
	return s, nil
}

// What a store takes of memory. With tables of 64 MiB two of them took the cache
// whole, and every block was read from its file and decompressed each time; and
// where the disk was slow, they were 192 MiB. Tables of 16 MiB are sorted so often that a
// start took a sixth more of CPU time.
const (
	defaultCacheBytes    = 160 << 20
	defaultMemTableBytes = 32 << 20
)

func (o Options) withDefaults() Options {
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	if o.MemTableBytes == 0 {
		o.MemTableBytes = defaultMemTableBytes
	}
	if o.RecentRuns == 0 {
		o.RecentRuns = 1 << 16
	}
	if o.OnError == nil {
		o.OnError = func(error) {}
	}
	if o.FS == nil {
		o.FS = vfs.Default
	}
	return o
}

// open does what has to be done under the lock of the directory.
func open(dir string, opts Options, lock *pebble.Lock) (*Store, error) {
	id, err := ensureFormat(opts.FS, dir)
	if err != nil {
		return nil, err
	}
	file, err := readGeneration(opts.FS, dir)
	if err != nil {
		return nil, err
	}
	if err := checkLogTail(opts.FS, dir); err != nil {
		return nil, err
	}
	s := &Store{
		id:       id,
		dir:      dir,
		fs:       opts.FS,
		keys:     keyspace{opts.Namespace},
		lock:     lock,
		gate:     newGate(),
		failure:  newFailure(dir, opts.OnError),
		unsynced: opts.Unsynced,
		lately:   newLately(opts.RecentRuns),
	}
	s.planners.New = func() any { return &planner{store: s} }
	s.guard = newGuardFS(opts.FS, s.failure)
	pebbleOpts := pebbleOptions(opts, s.guard, s.failure, lock)
	pebbleOpts.ErrorIfNotExists = file.number > 0 // it would be made anew where its list of files is missing
	s.db, err = pebble.Open(dir, pebbleOpts)
	if err != nil {
		return nil, errors.Join(refusal(err), s.failure.err())
	}
	s.guard.armed.Store(true)
	s.loggedBefore = s.db.Metrics().WAL.BytesWritten
	if err := s.begin(file); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

// begin makes this opening known.
func (s *Store) begin(file generation) error {
	if err := s.checkValueFiles(); err != nil {
		return err
	}
	if err := s.beginGeneration(file); err != nil {
		return err
	}
	epoch, err := s.readMeta(metaEpoch)
	if err != nil {
		return err
	}
	next, err := s.readMeta(metaRuns)
	if err != nil {
		return err
	}
	s.node = store.NodeID(epoch + 1)
	s.runs.next = store.RunID(max(next, 1))
	s.runs.reserved = s.runs.next
	if err := s.writeMeta(metaEpoch, epoch+1); err != nil {
		return fmt.Errorf("begin epoch %d: %w", epoch+1, err)
	}
	return nil
}

// ID implements store.Store.
func (s *Store) ID() string { return s.id }

// Node implements store.Store.
func (s *Store) Node() store.NodeID { return s.node }

// Close implements store.Store. It waits for the calls that are under way.
func (s *Store) Close() error {
	if !s.gate.close() {
		return store.ErrClosed
	}
	err := errors.Join(s.endGeneration(), s.db.Close(), s.failure.err())
	if err == nil {
		err = s.closeGeneration()
	}
	return errors.Join(err, s.lock.Close())
}

// enter begins a call; leave ends it.
func (s *Store) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.gate.enter(); err != nil {
		return err
	}
	if err := s.failure.err(); err != nil {
		s.gate.leave()
		return err
	}
	return nil
}

func (s *Store) leave() { s.gate.leave() }

// settle waits until all that a reader may have seen by now is durable.
func (s *Store) settle(ctx context.Context) error {
	if err := s.durable.wait(ctx, s.durable.begun.Load(), s.failure); err != nil {
		return err
	}
	return s.failure.err()
}

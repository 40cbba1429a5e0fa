package pebblestore_test

import (
	"math/rand/v2"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/pebblestore"
	"github.com/fermata-dev/fermata/store/storetest"
)

// small makes flushes and evictions happen within a test.
var small = pebblestore.Options{MemTableBytes: 256 << 10, CacheBytes: 1 << 20, RecentRuns: 4}

// TestStore runs the suite on a disk in memory that can crash and fail.
func TestStore(t *testing.T) {
	for name, opts := range map[string]pebblestore.Options{
		"Default":   {MemTableBytes: 4 << 20, CacheBytes: 1 << 20},
		"Small":     small,
		"Namespace": {Namespace: 1000, MemTableBytes: 4 << 20, CacheBytes: 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(*testing.T) storetest.Harness {
				d := &disk{mem: vfs.NewCrashableMem(), random: rand.New(rand.NewPCG(1, 2))}
				return storetest.Harness{
					Open:  func() (store.Store, error) { return d.open(opts) },
					Crash: d.crash,
					Fault: d.breakBy,
				}
			})
		})
	}
}

// TestStoreOnDisk runs it on the machine's disk.
func TestStoreOnDisk(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		dir := t.TempDir()
		return storetest.Harness{
			Open: func() (store.Store, error) {
				return pebblestore.Open(dir, pebblestore.Options{MemTableBytes: 4 << 20})
			},
			Small: true,
		}
	})
}

// disk is a disk that loses what was not synced and fails when it is told to.
type disk struct {
	mem    *vfs.MemFS
	random *rand.Rand
	fault  atomic.Int32 // 1 + storetest.Fault, 0 for none
}

func (d *disk) open(opts pebblestore.Options) (store.Store, error) {
	d.fault.Store(0)
	opts.FS = injected(d.mem, d.inject)
	return pebblestore.Open("dir", opts)
}

// crash keeps what was synced and a part of what was not.
func (d *disk) crash() {
	d.mem = d.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: d.random.IntN(101), RNG: d.random})
}

func (d *disk) breakBy(fault storetest.Fault) { d.fault.Store(1 + int32(fault)) }

func (d *disk) inject(op errorfs.Op) error {
	switch storetest.Fault(d.fault.Load() - 1) {
	case storetest.DiskFull:
		if op.Kind == errorfs.OpFileWrite || op.Kind == errorfs.OpCreate {
			return syscall.ENOSPC
		}
	case storetest.SyncFailing:
		if op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData || op.Kind == errorfs.OpFileSyncTo {
			return syscall.EIO
		}
	}
	return nil
}

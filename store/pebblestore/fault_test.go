package pebblestore_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// TestOneWriteFails lets one change of the disk fail, each in turn, and all
// others succeed. Flushes, compactions and changes of the log file are among
// them. Whatever fails: the process lives, what was acknowledged is there
// afterwards, and a store that has failed acknowledges nothing more.
func TestOneWriteFails(t *testing.T) {
	healthy := &oneFault{}
	if acked := healthy.fill(t, vfs.NewMem()); acked != fills {
		t.Fatalf("%d of %d commits on a healthy disk", acked, fills)
	}
	changes := healthy.changes.Load()
	if changes < 600 {
		t.Errorf("only %d changes", changes)
	}
	step := max(changes/300, 1)
	if testing.Short() {
		step = max(changes/20, 1)
	}
	for nth := int64(1); nth < changes; nth += step {
		mem := vfs.NewMem()
		f := &oneFault{nth: nth}
		acked := f.fill(t, mem)
		f.check(t, mem, acked)
	}
}

const fills = 300

// faultFS is an errorfs.FS that also injects into files that are used again.
type faultFS struct {
	*errorfs.FS
	base     vfs.FS
	injector errorfs.Injector
}

func injected(base vfs.FS, inject func(errorfs.Op) error) vfs.FS {
	injector := errorfs.InjectorFunc(inject)
	return &faultFS{errorfs.Wrap(base, injector), base, injector}
}

func (f *faultFS) ReuseForWrite(oldname, newname string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if err := f.injector.MaybeError(errorfs.Op{Kind: errorfs.OpReuseForWrite, Path: oldname}); err != nil {
		return nil, err
	}
	file, err := f.base.ReuseForWrite(oldname, newname, category)
	if err != nil {
		return nil, err
	}
	return errorfs.WrapFile(file, f.injector), nil
}

// oneFault is a disk whose nth change fails.
type oneFault struct {
	nth     int64
	changes atomic.Int64
	what    atomic.Value // of the change that failed
	armed   atomic.Bool
}

func (f *oneFault) inject(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() != errorfs.OpIsWrite || op.Kind == errorfs.OpFileClose || !f.armed.Load() {
		return nil
	}
	if f.changes.Add(1) != f.nth {
		return nil
	}
	f.what.Store(fmt.Sprint(op.Kind, " ", op.Path))
	return syscall.EIO
}

// fill commits entries of 1 KiB to one run until one is not acknowledged.
func (f *oneFault) fill(t *testing.T, mem *vfs.MemFS) (acked uint64) {
	t.Helper()
	s, err := pebblestore.Open("dir", pebblestore.Options{
		MemTableBytes: 32 << 10,
		FS:            injected(mem, f.inject),
	})
	if err != nil {
		t.Fatal(err)
	}
	f.armed.Store(true)
	b := store.Batch{Run: 1, Create: true, Commit: 1, Head: &store.Head{Commit: 1, Position: 1}, Entry: entryOf(0)}
	for acked < fills {
		_, err := s.Commit(t.Context(), []store.Batch{b})
		if err != nil {
			if !errors.Is(err, store.ErrFailed) {
				t.Fatalf("%v: %v", f.what.Load(), err)
			}
			f.wantFailed(t, s)
			break
		}
		acked++
		step(&b, entryOf(acked))
	}
	if err := s.Close(); err != nil && !errors.Is(err, store.ErrFailed) {
		t.Fatalf("%v: close: %v", f.what.Load(), err)
	}
	return acked
}

func entryOf(position uint64) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "%08d", position), 128)
}

func (f *oneFault) wantFailed(t *testing.T, s store.Store) {
	t.Helper()
	for range 3 {
		if _, err := s.Commit(t.Context(), []store.Batch{{Run: 1}}); !errors.Is(err, store.ErrFailed) {
			t.Errorf("%v: a commit after the failure: %v", f.what.Load(), err)
		}
	}
}

// check opens what is left on a healthy disk.
func (f *oneFault) check(t *testing.T, mem *vfs.MemFS, acked uint64) {
	t.Helper()
	s, err := pebblestore.Open("dir", pebblestore.Options{FS: mem})
	if err != nil {
		t.Fatalf("%v: %v", f.what.Load(), err)
	}
	defer s.Close()
	var read uint64
	err = s.Entries(t.Context(), 1, 0, func(position uint64, entry []byte) bool {
		if position != read || !bytes.Equal(entry, entryOf(position)) {
			t.Errorf("%v: entry %d reads %.16q", f.what.Load(), position, entry)
		}
		read++
		return true
	})
	if err != nil && !(acked == 0 && errors.Is(err, store.ErrNotFound)) {
		t.Fatalf("%v: %v", f.what.Load(), err)
	}
	if read < acked || read > acked+1 {
		t.Errorf("%v: %d entries, %d were acknowledged", f.what.Load(), read, acked)
	}
}

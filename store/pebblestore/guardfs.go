package pebblestore

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// guardFS stands between Pebble and the disk. At the first write, sync, or
// change of a directory that fails, it makes the store fail, and from then on
// the disk is left as it is, to be recovered by the next opening:
//
//   - Changes of the log, the manifest and of directories are swallowed without
//     an error. Were Pebble told, it would end the process or panic with its locks
//     held.
//   - Tables (.sst) that were begun on the disk fail, so that Pebble gives up the
//     flush or compaction and tries again; tables that are begun afterwards are
//     kept in memory (limbo), up to a limit. So flushes end, which commits may be
//     waiting for, and nothing is tried again without end.
//
// Swallowing is safe because nobody is told of a success after it: whoever waited
// for a sync looks at the failure before it says so, and the failure is marked
// before the failing call returns.
//
// Until it is armed (while Pebble opens) errors pass through.
type guardFS struct {
	vfs.FS
	failure *failure
	limbo   *vfs.MemFS
	room    atomic.Int64 // bytes that limbo may still take
	armed   atomic.Bool
	syncs   atomic.Uint64 // syncs of the write-ahead log
}

const (
	walCategory vfs.DiskWriteCategory = "pebble-wal"
	limboBytes                        = 512 << 20
)

func newGuardFS(base vfs.FS, f *failure) *guardFS {
	g := &guardFS{FS: base, failure: f, limbo: vfs.NewMem()}
	g.room.Store(limboBytes)
	return g
}

// Unwrap implements vfs.FS.
func (g *guardFS) Unwrap() vfs.FS { return g.FS }

// dead reports whether changes are swallowed.
func (g *guardFS) dead() bool {
	if !g.armed.Load() {
		return false
	}
	select {
	case <-g.failure.happened:
		return true
	default:
		return false
	}
}

// check turns an error of a change into the failure of the store.
func (g *guardFS) check(err error) error {
	if err == nil || !g.armed.Load() {
		return err
	}
	g.failure.fail(err)
	return nil
}

// change makes a change to the file system, if there is one to change.
func (g *guardFS) change(do func() error) error {
	if g.dead() {
		return nil
	}
	return g.check(do())
}

// file makes a file that is written to.
func (g *guardFS) file(name string, category vfs.DiskWriteCategory, do func() (vfs.File, error)) (vfs.File, error) {
	made := &guardFile{fs: g, wal: category == walCategory, table: isTable(name)}
	var err error
	if !g.dead() {
		made.File, err = do()
		if err == nil {
			return made, nil
		}
		if g.check(err) != nil {
			return nil, err
		}
	}
	made.limbo = true
	made.File, err = g.limbo.Create(g.PathBase(name), category)
	return made, err
}

func isTable(name string) bool {
	return strings.HasSuffix(name, ".sst") || strings.HasSuffix(name, ".blob")
}

func (g *guardFS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return g.file(name, category, func() (vfs.File, error) { return g.FS.Create(name, category) })
}

func (g *guardFS) OpenReadWrite(
	name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption,
) (vfs.File, error) {
	return g.file(name, category, func() (vfs.File, error) {
		return g.FS.OpenReadWrite(name, category, opts...)
	})
}

func (g *guardFS) ReuseForWrite(
	oldname, newname string, category vfs.DiskWriteCategory,
) (vfs.File, error) {
	return g.file(newname, category, func() (vfs.File, error) {
		return g.FS.ReuseForWrite(oldname, newname, category)
	})
}

// Open finds what is in limbo too.
func (g *guardFS) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	f, err := g.FS.Open(name, opts...)
	if err != nil && g.dead() {
		return g.limbo.Open(g.PathBase(name))
	}
	return f, err
}

// Stat finds what is in limbo too.
func (g *guardFS) Stat(name string) (vfs.FileInfo, error) {
	info, err := g.FS.Stat(name)
	if err != nil && g.dead() {
		return g.limbo.Stat(g.PathBase(name))
	}
	return info, err
}

// OpenDir opens a directory in order to sync it.
func (g *guardFS) OpenDir(name string) (vfs.File, error) {
	f, err := g.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return &guardFile{File: f, fs: g}, nil
}

func (g *guardFS) Link(oldname, newname string) error {
	return g.change(func() error { return g.FS.Link(oldname, newname) })
}

// Remove passes on that there is no such file: that is an answer, not a fault.
func (g *guardFS) Remove(name string) error {
	if g.dead() {
		g.forget(name)
		return nil
	}
	err := g.FS.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return g.check(err)
}

// forget removes a file from limbo, if it is there.
func (g *guardFS) forget(name string) {
	base := g.PathBase(name)
	if info, err := g.limbo.Stat(base); err == nil && g.limbo.Remove(base) == nil {
		g.room.Add(info.Size())
	}
}

func (g *guardFS) RemoveAll(name string) error {
	return g.change(func() error { return g.FS.RemoveAll(name) })
}

func (g *guardFS) Rename(oldname, newname string) error {
	return g.change(func() error { return g.FS.Rename(oldname, newname) })
}

func (g *guardFS) MkdirAll(dir string, perm os.FileMode) error {
	return g.change(func() error { return g.FS.MkdirAll(dir, perm) })
}

// guardFile is a file, or a directory, of a guardFS.
type guardFile struct {
	vfs.File
	fs    *guardFS
	wal   bool
	table bool
	limbo bool
}

// change makes a change to the file. Once the store is dead, a table that was
// begun on the disk is no good any longer; all else is swallowed.
func (f *guardFile) change(do func() error) error {
	if f.limbo {
		return do()
	}
	if !f.fs.dead() {
		err := do()
		if err == nil || f.fs.check(err) != nil {
			return err
		}
	}
	if f.table {
		return f.fs.failure.err()
	}
	return nil
}

func (f *guardFile) Write(p []byte) (n int, err error) {
	if f.limbo {
		return f.writeLimbo(p)
	}
	err = f.change(func() error { n, err = f.File.Write(p); return err })
	if err == nil {
		n = len(p)
	}
	return n, err
}

// writeLimbo keeps what will be read again, which only tables are.
func (f *guardFile) writeLimbo(p []byte) (int, error) {
	if !f.table {
		return len(p), nil
	}
	if f.fs.room.Add(-int64(len(p))) < 0 {
		f.fs.room.Add(int64(len(p)))
		return 0, f.fs.failure.err()
	}
	return f.File.Write(p)
}

func (f *guardFile) WriteAt(p []byte, at int64) (n int, err error) {
	err = f.change(func() error { n, err = f.File.WriteAt(p, at); return err })
	if err == nil {
		n = len(p)
	}
	return n, err
}

// Preallocate makes later writes cheaper. That it cannot is no fault, unless the
// disk is full.
func (f *guardFile) Preallocate(offset, length int64) error {
	return f.change(func() error {
		if err := f.File.Preallocate(offset, length); errors.Is(err, syscall.ENOSPC) {
			return err
		}
		return nil
	})
}

func (f *guardFile) Sync() error { return f.sync(f.File.Sync) }

func (f *guardFile) SyncData() error { return f.sync(f.File.SyncData) }

func (f *guardFile) sync(do func() error) error {
	if f.wal {
		f.fs.syncs.Add(1)
	}
	return f.change(do)
}

func (f *guardFile) SyncTo(length int64) (full bool, err error) {
	err = f.change(func() error { full, err = f.File.SyncTo(length); return err })
	return full, err
}

// Close closes the file in any case.
func (f *guardFile) Close() error {
	err := f.File.Close()
	return f.change(func() error { return err })
}

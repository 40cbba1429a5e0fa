package executionlog

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// openFiles is how many files a folder keeps open. The one that was opened first
// is closed for one more.
const openFiles = 64

// folder keeps a file for each log group.
type folder struct {
	dir   string
	files map[string]*file // by path
	order []string         // paths, in the order of opening
}

type file struct {
	*os.File
	out   *bufio.Writer
	dirty bool // since the last sync
}

// NewFolder makes a sink that appends records to a file for each log group, one
// JSON object a line. The group /a/b has the file a/b.jsonl; see [FileOf]. The
// folder is made if it is not there. Files are opened for appending: they may be
// rotated by copying and truncating.
func NewFolder(dir string) (Sink, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("execution logs: %w", err)
	}
	return &folder{dir: dir, files: map[string]*file{}}, nil
}

func (f *folder) Write(group string, record []byte) error {
	to, err := f.file(filepath.Join(f.dir, FileOf(group)))
	if err != nil {
		return fmt.Errorf("execution logs of %s: %w", group, err)
	}
	to.dirty = true
	_, _ = to.out.Write(record) // an error stays until the line's end
	return to.out.WriteByte('\n')
}

// file is the open file at a path.
func (f *folder) file(path string) (*file, error) {
	if open := f.files[path]; open != nil {
		return open, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}
	opened, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, err
	}
	if err := mend(opened); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	if len(f.order) >= openFiles {
		err = f.closeFile(f.order[0])
	}
	to := &file{File: opened, out: bufio.NewWriter(opened)}
	f.files[path] = to
	f.order = append(f.order, path)
	return to, err
}

// mend cuts off a record at the end of a file that was written in part only, when
// the process died or the disk was full.
func mend(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	end := info.Size()
	for block := make([]byte, 4096); end > 0; {
		n := min(end, int64(len(block)))
		if _, err := f.ReadAt(block[:n], end-n); err != nil {
			return err
		}
		if last := bytes.LastIndexByte(block[:n], '\n'); last >= 0 {
			end += int64(last) + 1 - n
			break
		}
		end -= n
	}
	if end == info.Size() {
		return nil
	}
	return f.Truncate(end)
}

// closeFile closes the file that was opened first.
func (f *folder) closeFile(path string) error {
	to := f.files[path]
	delete(f.files, path)
	f.order = f.order[1:]
	return errors.Join(to.sync(), to.Close())
}

func (f *folder) Flush() error { return f.each((*file).flush) }
func (f *folder) Sync() error  { return f.each((*file).sync) }

// each calls do for every open file. A file that fails is given up, so that the
// next record opens it anew.
func (f *folder) each(do func(*file) error) error {
	var errs []error
	kept := f.order[:0]
	for _, path := range f.order {
		to := f.files[path]
		if err := do(to); err != nil {
			errs = append(errs, fmt.Errorf("execution logs: %w", err))
			delete(f.files, path)
			_ = to.Close()
			continue
		}
		kept = append(kept, path)
	}
	f.order = kept
	return errors.Join(errs...)
}

func (f *folder) Close() error {
	err := f.Sync()
	for len(f.order) > 0 {
		err = errors.Join(err, f.closeFile(f.order[0]))
	}
	return err
}

func (f *file) flush() error { return f.out.Flush() }

func (f *file) sync() error {
	if !f.dirty {
		return nil
	}
	f.dirty = false
	return errors.Join(f.out.Flush(), f.Sync())
}

// plain is a part of a name that can be part of a path as it is.
var plain = regexp.MustCompile(`^[\w#-][\w.#-]{0,199}$`)

func isPlain(name string) bool {
	for part := range strings.SplitSeq(strings.TrimPrefix(name, "/"), "/") {
		if !plain.MatchString(part) {
			return false
		}
	}
	return true
}

// FileOf is the path of a log group's file within the folder: that of its name,
// a leading slash apart. Names that no file can have, or should have, are written
// with the hash of the ARN.
func FileOf(group string) string {
	name := group
	if parts := strings.SplitN(group, ":", 8); len(parts) == 8 {
		name = strings.TrimSuffix(parts[6]+":"+parts[7], ":*")
	}
	if isPlain(name) {
		return filepath.FromSlash(strings.TrimPrefix(name, "/")) + ".jsonl"
	}
	sum := sha256.Sum256([]byte(group))
	return "group-" + hex.EncodeToString(sum[:16]) + ".jsonl"
}

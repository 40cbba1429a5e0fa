package folder

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// page is how many objects a page of a listing has at most, as in S3.
const page = 1000

// errFull ends a walk when the page is full.
var errFull = errors.New("the page is full")

// List lists files in the order of their keys, folder by folder: it holds the
// names of one folder and of those above it. Only regular files are objects.
func (b *Bucket) List(ctx context.Context, _, prefix, after string) ([]objectstore.Entry, bool, error) {
	l := listing{files: b.root.FS(), prefix: prefix, after: after}
	err := l.walk(ctx, "")
	if err != nil && !errors.Is(err, errFull) {
		if ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		return nil, false, b.translate(prefix, err)
	}
	return l.found, errors.Is(err, errFull), nil
}

type listing struct {
	files         fs.FS
	prefix, after string
	found         []objectstore.Entry
}

// walk lists what is below a folder, given with a slash at its end, or "" for
// the root.
func (l *listing) walk(ctx context.Context, folder string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	entries, err := fs.ReadDir(l.files, path.Clean(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it has just been removed
	}
	if err != nil {
		return err
	}
	// A folder sorts as its keys do: "a.b" comes before "a/b".
	slices.SortFunc(entries, func(x, y fs.DirEntry) int { return strings.Compare(name(x), name(y)) })
	for _, e := range entries {
		if err := l.visit(ctx, folder+name(e), e); err != nil {
			return err
		}
	}
	return nil
}

func name(e fs.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}

func (l *listing) visit(ctx context.Context, key string, e fs.DirEntry) error {
	if e.IsDir() {
		if l.holds(key) {
			return l.walk(ctx, key)
		}
		return nil
	}
	if !e.Type().IsRegular() || !strings.HasPrefix(key, l.prefix) || key <= l.after || strings.HasPrefix(e.Name(), unfinished) {
		return nil
	}
	if len(l.found) == page {
		return errFull
	}
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	l.found = append(l.found, objectstore.Entry{
		Key: key, ETag: etag(info), LastModified: info.ModTime(), Size: info.Size(), StorageClass: "STANDARD",
	})
	return nil
}

// holds says whether keys that are asked for can be below a folder.
func (l *listing) holds(folder string) bool {
	if !strings.HasPrefix(folder, l.prefix) && !strings.HasPrefix(l.prefix, folder) {
		return false
	}
	return folder > l.after || strings.HasPrefix(l.after, folder)
}

package folder

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// unfinished is what the names of files begin with while they are written.
const unfinished = ".fermata-unfinished-"

// Put writes a file and the folders on the way to it. The file appears whole and
// is on the disk when Put returns. The content type is not kept.
func (b *Bucket) Put(_ context.Context, _, key, _ string, body []byte) error {
	if !fs.ValidPath(key) || key == "." || strings.HasPrefix(path.Base(key), unfinished) {
		return b.failure(key, objectstore.Invalid, fmt.Sprintf("%q cannot be a file of bucket %s, which is a folder: a key must be a path without empty parts, . and ...", key, b.name), nil)
	}
	if err := b.root.MkdirAll(path.Dir(key), 0o755); err != nil {
		return b.translate(key, err)
	}
	draft := path.Join(path.Dir(key), unfinished+rand.Text())
	if err := b.write(draft, body); err != nil {
		return b.translate(key, errors.Join(err, b.root.Remove(draft)))
	}
	if err := b.root.Rename(draft, key); err != nil {
		return b.translate(key, errors.Join(err, b.root.Remove(draft)))
	}
	return b.syncFolder(key)
}

func (b *Bucket) write(name string, body []byte) error {
	file, err := b.root.Create(name)
	if err != nil {
		return err
	}
	_, err = file.Write(body)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncFolder makes the name of a new file durable.
func (b *Bucket) syncFolder(key string) error {
	folder, err := b.root.Open(path.Dir(key))
	if err != nil {
		return b.translate(key, err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return b.translate(key, err)
	}
	return nil
}

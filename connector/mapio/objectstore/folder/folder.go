// Package folder is an object store in folders of this machine: a bucket is a
// folder, a key the path of a file below it. Nothing outside of the folders can
// be reached, neither by ".." nor by symbolic links.
package folder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// Bucket is an objectstore.Store with one bucket.
type Bucket struct {
	name string
	root *os.Root
}

// Open opens a folder as a bucket.
func Open(name, dir string) (*Bucket, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder of bucket %s: %w", name, err)
	}
	return &Bucket{name: name, root: root}, nil
}

// Close gives the folder up.
func (b *Bucket) Close() error { return b.root.Close() }

// Open opens a file. Its ETag is made of size and time of change.
func (b *Bucket) Open(_ context.Context, ref objectstore.Ref, at objectstore.Range) (*objectstore.Object, error) {
	if ref.Version != "" {
		return nil, b.failure(ref.Key, objectstore.Invalid, fmt.Sprintf("The bucket %s is a folder, which has no versions: leave the version of %s out.", b.name, ref.Key), nil)
	}
	if !fs.ValidPath(ref.Key) || ref.Key == "." {
		return nil, b.missing(ref.Key, nil)
	}
	file, err := b.root.Open(ref.Key)
	if err != nil {
		return nil, b.translate(ref.Key, err)
	}
	object, err := b.object(file, ref, at)
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return object, nil
}

func (b *Bucket) object(file *os.File, ref objectstore.Ref, at objectstore.Range) (*objectstore.Object, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, b.translate(ref.Key, err)
	}
	if !info.Mode().IsRegular() {
		return nil, b.missing(ref.Key, nil)
	}
	tag := etag(info)
	if ref.ETag != "" && ref.ETag != tag {
		return nil, objectstore.ChangedError(b.name, ref.Key)
	}
	if _, err := file.Seek(at.From, io.SeekStart); err != nil {
		return nil, b.translate(ref.Key, err)
	}
	return &objectstore.Object{ReadCloser: within(file, at.Length), ETag: tag, Size: info.Size(), Verify: func() error { return b.verify(ref.Key, tag) }}, nil
}

// within is a file that ends after so many bytes; as it is if zero.
func within(file *os.File, length int64) io.ReadCloser {
	if length == 0 {
		return file
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(file, length), file}
}

// verify says whether there is still a file of that content under the key.
func (b *Bucket) verify(key, tag string) error {
	info, err := b.root.Stat(key)
	if err != nil || etag(info) != tag {
		return objectstore.ChangedError(b.name, key)
	}
	return nil
}

func etag(info fs.FileInfo) string {
	return fmt.Sprintf(`"%x-%x"`, info.Size(), info.ModTime().UnixNano())
}

// translate says what an error of the file system means for an object.
func (b *Bucket) translate(key string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return b.missing(key, err)
	case errors.Is(err, fs.ErrPermission):
		return b.failure(key, objectstore.Denied, "Access Denied", err)
	}
	return b.failure(key, objectstore.Unavailable, fmt.Sprintf("The file %s of bucket %s cannot be used: %v", key, b.name, plain(err)), err)
}

// plain is an error without the path that the file system adds.
func plain(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func (b *Bucket) missing(key string, err error) error {
	return b.failure(key, objectstore.Missing, "The specified key does not exist.", err)
}

func (b *Bucket) failure(key string, code objectstore.Code, text string, err error) error {
	return &objectstore.Error{Code: code, Bucket: b.name, Key: key, Text: text, Err: err}
}

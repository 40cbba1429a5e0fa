package awsmodel

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"sync"
)

// archive is an embedded zip file with one entry for each service.
type archive struct {
	data []byte
	once sync.Once
	zip  *zip.Reader
	err  error
}

// open reads the table of entries, once.
func (a *archive) open() (*zip.Reader, error) {
	a.once.Do(func() { a.zip, a.err = zip.NewReader(bytes.NewReader(a.data), int64(len(a.data))) })
	return a.zip, a.err
}

// read is the text of an entry, nil if there is none of that name.
func (a *archive) read(name string) ([]byte, error) {
	r, err := a.open()
	if err != nil {
		return nil, fmt.Errorf("awsmodel: %w", err)
	}
	for _, entry := range r.File {
		if entry.Name == name {
			return contentOf(entry)
		}
	}
	return nil, nil
}

func contentOf(entry *zip.File) ([]byte, error) {
	r, err := entry.Open()
	if err != nil {
		return nil, fmt.Errorf("awsmodel: service %s: %w", entry.Name, err)
	}
	defer r.Close()
	content := make([]byte, entry.UncompressedSize64)
	if _, err := io.ReadFull(r, content); err != nil {
		return nil, fmt.Errorf("awsmodel: service %s: %w", entry.Name, err)
	}
	return content, nil
}

// cache keeps what was made of entries, by name.
type cache[T comparable] struct{ made sync.Map }

// get is the kept value, or a new one. The zero value, for an entry that there is
// not, is not kept: names come from users.
func (c *cache[T]) get(name string, read func(string) (T, error)) (T, error) {
	if kept, ok := c.made.Load(name); ok {
		return kept.(T), nil
	}
	made, err := read(name)
	var none T
	if err != nil || made == none {
		return none, err
	}
	kept, _ := c.made.LoadOrStore(name, made)
	return kept.(T), nil
}

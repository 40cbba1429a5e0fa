package pebblestore

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// get reads the value of a key; the closer releases it.
func get(from pebble.Reader, key []byte) (value []byte, closer io.Closer, err error) {
	defer damaged(&err)
	return from.Get(key)
}

// valueOf reads the value that an iterator is at.
func valueOf(it *pebble.Iterator) (value []byte, err error) {
	defer damaged(&err)
	return it.ValueAndErr()
}

// damaged makes what Pebble says of a damaged file an ErrCorrupt of one line. Where
// a file of values is missing or cut off Pebble panics instead.
func damaged(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: a file of values is missing or cut off: %v", store.ErrCorrupt, p)
	} else if *err != nil && *err != pebble.ErrNotFound && pebble.IsCorruptionError(*err) { // which is slow to tell
		*err = fmt.Errorf("%w: %s", store.ErrCorrupt, firstLine((*err).Error()))
	}
}

// refusal is why Pebble does not open: ErrCorrupt where files are missing or
// damaged.
func refusal(err error) error {
	if pebble.IsCorruptionError(err) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, pebble.ErrDBDoesNotExist) {
		return fmt.Errorf("%w: %s; put the whole directory back from a backup", store.ErrCorrupt, firstLine(err.Error()))
	}
	return err
}

// trouble is what Pebble reports beside its calls, in one line.
func trouble(err error) error {
	if pebble.IsCorruptionError(err) {
		return fmt.Errorf("%w: %s", store.ErrCorrupt, firstLine(err.Error()))
	}
	return fmt.Errorf("%w", err)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// checkValueFiles refuses a directory in which files of values are missing or cut
// off. Pebble itself checks only those of keys. There may be more than are needed:
// those that have just become obsolete.
func (s *Store) checkValueFiles() error {
	before := s.db.Metrics().BlobFiles
	count, size, err := s.valueFiles()
	if err != nil {
		return err
	}
	after := s.db.Metrics().BlobFiles // a compaction may have ended meanwhile
	if count < min(before.LiveCount, after.LiveCount) || size < min(before.LiveSize, after.LiveSize) {
		return fmt.Errorf("%w: of %d files of values (*%s) with %d bytes, %d with %d bytes are there; put the whole directory back from a backup",
			store.ErrCorrupt, after.LiveCount, valueSuffix, after.LiveSize, count, size)
	}
	return nil
}

// valueSuffix ends the names of Pebble's files of values.
const valueSuffix = ".blob"

func (s *Store) valueFiles() (count, size uint64, err error) {
	names, err := s.fs.List(s.dir)
	if err != nil {
		return 0, 0, err
	}
	for _, name := range names {
		if !strings.HasSuffix(name, valueSuffix) {
			continue
		}
		info, err := s.fs.Stat(s.fs.PathJoin(s.dir, name))
		if err != nil {
			continue // it has just become obsolete
		}
		count++
		size += uint64(info.Size())
	}
	return count, size, nil
}

package pebblestore

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/fermata-dev/fermata/store"
)

// The file GENERATION says how often the directory was opened, and whether the
// newest opening was closed in order:
//
//	fermata-generation 1
//	open 17
//
// The database holds the same numbers: those of the last two openings, each under a
// key that the other does not touch, and that of the newest one that was closed. The
// file is written after the database, so that the database is never behind it, unless
// it has lost something. Pebble cannot see that everywhere: it takes a list of files
// (MANIFEST) or a log that is cut off, or damaged near its end, for one whose last
// write a crash has interrupted, and opens what was there before, be it nothing at all. The last write of an opening
// that was closed in order is the number of that closing, and the first one of
// every opening its own number, while that of the opening before lies with the older
// data; so whatever is missing takes a number with it.
//
// Not seen is that the log, or the end of the list of files, was cut off of a process
// that had no time to close the store: it looks like a write that a crash has
// interrupted. Damage in its middle is seen (checkLogTail).
const (
	generationFile    = "GENERATION"
	generationTemp    = "GENERATION.tmp"
	generationName    = "fermata-generation"
	generationVersion = 1

	generationOpen   = "open"
	generationClosed = "closed"
)

// generation is what the file says; the zero value is that of a directory without
// one.
type generation struct {
	number uint64
	closed bool
}

func (g generation) String() string {
	state := generationOpen
	if g.closed {
		state = generationClosed
	}
	return fmt.Sprintf("%s %d\n%s %d\n", generationName, generationVersion, state, g.number)
}

func parseGeneration(text string) (g generation, err error) {
	var version int
	var state string
	_, err = fmt.Sscanf(text, generationName+" %d\n%s %d\n", &version, &state, &g.number)
	switch {
	case version > generationVersion:
		return g, newerFormat(version)
	case err != nil || version < 1 || state != generationOpen && state != generationClosed:
		return g, fmt.Errorf("the file %s reads %.80q: %w", generationFile, text, store.ErrCorrupt)
	}
	g.closed = state == generationClosed
	return g, nil
}

func readGeneration(fsys vfs.FS, dir string) (generation, error) {
	text, err := readFile(fsys, fsys.PathJoin(dir, generationFile))
	if errors.Is(err, fs.ErrNotExist) {
		return generation{}, nil
	}
	if err != nil {
		return generation{}, err
	}
	return parseGeneration(text)
}

// check compares the file with the numbers of the database.
func (g generation) check(opened, before, closed uint64) error {
	if opened >= g.number && before+1 >= g.number && (!g.closed || closed >= g.number) {
		return nil
	}
	return fmt.Errorf("%w: the database ends before what was written last (opening %d of %d): one of its files is missing, cut off or damaged; put the whole directory back from a backup",
		store.ErrCorrupt, min(max(opened, before), g.number-1), g.number)
}

// numbers of the directory lie outside of every namespace's own.
func (s *Store) directory() keyspace { return keyspace{} }

// beginGeneration refuses a database that has lost something, and begins the next
// generation.
func (s *Store) beginGeneration(file generation) error {
	opened, err := s.readNumber(s.directory().meta(nil, metaOpened(file.number)))
	if err != nil {
		return err
	}
	other, err := s.readNumber(s.directory().meta(nil, metaOpened(file.number+1)))
	if err != nil {
		return err
	}
	closed, err := s.readNumber(s.directory().meta(nil, metaClosed))
	if err != nil {
		return err
	}
	if err := file.check(opened, other, closed); err != nil {
		return err
	}
	s.generation = max(opened, other) + 1
	if err := s.note(metaOpened(s.generation)); err != nil {
		return err
	}
	return s.writeGeneration(generation{number: s.generation})
}

func metaOpened(number uint64) byte {
	if number%2 == 0 {
		return metaOpenedEven
	}
	return metaOpenedOdd
}

// endGeneration is the last write to the database.
func (s *Store) endGeneration() error {
	if s.failure.err() != nil {
		return nil // nothing can be written any more: it ends like a crash
	}
	return s.note(metaClosed)
}

// closeGeneration says that the database is whole.
func (s *Store) closeGeneration() error {
	if err := s.writeGeneration(generation{number: s.generation, closed: true}); err != nil {
		s.failure.fail(err)
	}
	return s.failure.err()
}

// note writes the number of the generation, durably even in an unsynced store:
// the file must not run ahead.
func (s *Store) note(what byte) error {
	return s.db.Set(s.directory().meta(nil, what), store.AppendOrdered(nil, s.generation), pebble.Sync)
}

func (s *Store) writeGeneration(g generation) error {
	return writeWhole(s.fs, s.dir, generationTemp, generationFile, g.String())
}

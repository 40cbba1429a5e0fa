package pebblestore

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// holder returns the run that has a name, or zero.
func (s *Store) holder(name nameKey) (store.RunID, error) {
	if run, ok := s.lately.holder(name); ok {
		return run, nil
	}
	var buffer [64]byte
	value, closer, err := get(s.db, s.keys.name(buffer[:0], name.machine, name.name))
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("look up name %q: %w", name.name, err)
	}
	var run uint64
	if err := errors.Join(takeNumbers(value, &run), closer.Close()); err != nil {
		return 0, fmt.Errorf("look up name %q: %w", name.name, err)
	}
	return store.RunID(run), nil
}

// filtered asks the filters of the lowest level too, which Pebble's Get does not.
var filtered = pebble.IterOptions{UseL6Filters: true}

// holder does the same for a name that is to be taken. Nearly each of these is new, and
// a filter says so, where Get reads a block of other names. All look-ups of a plan
// share an iterator: it is large where the store has many files.
func (p *planner) holder(name nameKey) (store.RunID, error) {
	if run, ok := p.store.lately.holder(name); ok {
		return run, nil
	}
	var buffer [64]byte
	run, err := p.seek(p.store.keys.name(buffer[:0], name.machine, name.name))
	if err != nil {
		return 0, fmt.Errorf("look up name %q: %w", name.name, err)
	}
	return store.RunID(run), nil
}

// seek returns the number at a key, or zero.
func (p *planner) seek(key []byte) (number uint64, err error) {
	defer damaged(&err)
	if p.taken == nil {
		if p.taken, err = p.store.db.NewIter(&filtered); err != nil {
			return 0, err
		}
	}
	if !p.taken.SeekPrefixGE(key) {
		return 0, p.taken.Error()
	}
	value, err := p.taken.ValueAndErr()
	if err != nil {
		return 0, err
	}
	err = takeNumbers(value, &number)
	return number, err
}

// closeTaken lets go of the files and tables that the look-ups have read.
func (p *planner) closeTaken() (err error) {
	if p.taken != nil {
		err, p.taken = p.taken.Close(), nil
	}
	return err
}

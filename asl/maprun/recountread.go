package maprun

import (
	"bytes"
	"maps"
	"slices"

	"github.com/fermata-dev/fermata/interpreter"
)

// Recount reads the records of children that did not succeed off the log of their
// map run. All entries of the log are to be given to Entry, from the first on. It
// keeps the last record of each child, of as many as fit, those with the lowest
// numbers first.
type Recount struct {
	wanted   RecountRequest
	lastTask uint64
	next     int64            // number of the next child
	under    map[uint64]int64 // the children under way, by task
	found    map[int64][]byte // by number
	size     int
	limit    int64 // the lowest number that did not fit, 0 for none
}

// NewRecount prepares for a log.
func NewRecount(wanted RecountRequest) *Recount {
	return &Recount{wanted: wanted, under: map[uint64]int64{}, found: map[int64][]byte{}}
}

// Entry takes the next entry.
func (r *Recount) Entry(facts [][]byte) error {
	for _, text := range facts {
		f, err := decodeFact(text)
		if err != nil {
			return err
		}
		r.take(&f)
	}
	return nil
}

func (r *Recount) take(f *fact) {
	if f.kind.begins() {
		r.lastTask++
	}
	switch f.kind {
	case factLaunched:
		r.under[r.lastTask] = r.next
		r.next++
	case factRelaunched:
		r.under[r.lastTask] = f.number
		r.forget(f.number)
	case factEnded, factFinal:
		if number, ok := r.under[f.task]; ok {
			delete(r.under, f.task)
			r.keep(number, interpreter.Status(f.status), f.data)
		}
	}
}

func (r *Recount) forget(number int64) {
	r.size -= len(r.found[number])
	delete(r.found, number)
}

func (r *Recount) keep(number int64, status interpreter.Status, record []byte) {
	if status == interpreter.Succeeded || len(record) == 0 || number < r.wanted.From || r.limit > 0 && number >= r.limit {
		return
	}
	r.found[number] = bytes.Clone(record)
	r.size += len(record)
	if r.size > 2*r.wanted.Bytes {
		r.trim()
	}
}

// trim drops the children with the highest numbers that do not fit.
func (r *Recount) trim() {
	size := 0
	for i, number := range slices.Sorted(maps.Keys(r.found)) {
		if size += len(r.found[number]); i == 0 || size <= r.wanted.Bytes {
			continue
		}
		if r.limit == 0 || number < r.limit {
			r.limit = number
		}
		r.forget(number)
	}
}

// Found are the records that were found.
func (r *Recount) Found() *Recounted {
	r.trim()
	found := &Recounted{Next: r.limit}
	for _, number := range slices.Sorted(maps.Keys(r.found)) {
		found.Records = append(found.Records, ChildRecord{number, r.found[number]})
	}
	return found
}

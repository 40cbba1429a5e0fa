package maprun

import "encoding/json"

// Recall reads inputs of children off the log of their map run. Its zero value
// begins at the beginning of the log.
type Recall struct {
	place place
	begun bool
	// What was read and not given to a child.
	items  []item
	number int64 // of the next child
	entry  uint64
	read   int // items of the entry
}

// item is one that was read, with the entry that has it and its place there.
type item struct {
	text  []byte
	entry uint64
	index int
}

// place is where reading goes on: at the beginning of Entry, the next child being
// Number, and the first item that no child has being the one at Index of the entry
// Reads.
type place struct {
	Entry  uint64 `json:"e"`
	Number int64  `json:"n"`
	Reads  uint64 `json:"r"`
	Index  int    `json:"i,omitempty"`
}

// NewRecall goes on where another one was at. The entries of the log from that
// position on are to be given to Entry.
func NewRecall(cursor string) (r *Recall, from uint64, err error) {
	r = &Recall{}
	if cursor == "" {
		return r, 0, nil
	}
	if err := json.Unmarshal([]byte(cursor), &r.place); err != nil {
		return nil, 0, err
	}
	return r, min(r.place.Reads, r.place.Entry), nil
}

// Cursor is where a Recall has to go on to find what comes after the children of
// the last entry.
func (r *Recall) Cursor() string { return string(marshal(&r.place)) }

// Entry takes the next entry, and calls yield with each child that it launches,
// until that returns false.
func (r *Recall) Entry(position uint64, facts [][]byte, yield func(number int64, input []byte) bool) error {
	r.entry, r.read = position, 0
	if position >= r.place.Entry {
		r.begin()
	}
	for _, text := range facts {
		f, err := decodeFact(text)
		if err != nil {
			return err
		}
		switch f.kind {
		case factStarted:
			err = r.started(&f)
		case factRead:
			err = r.add(f.data)
		case factLaunched:
			if r.begun && !r.launched(&f, yield) {
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin notes the beginning of an entry. Before the first one, items were read that
// had children already.
func (r *Recall) begin() {
	if !r.begun {
		r.begun, r.number = true, r.place.Number
		for len(r.items) > 0 && (r.items[0].entry < r.place.Reads || r.items[0].entry == r.place.Reads && r.items[0].index < r.place.Index) {
			r.items = r.items[1:]
		}
	}
	r.place = place{Entry: r.entry, Number: r.number, Reads: r.entry}
	if len(r.items) > 0 {
		r.place.Reads, r.place.Index = r.items[0].entry, r.items[0].index
	}
}

func (r *Recall) started(f *fact) error {
	c, err := ParseConfig(f.data)
	if err != nil || c.Reader != nil {
		return err
	}
	return r.add(c.Items)
}

func (r *Recall) add(array []byte) error {
	items, err := split(array)
	for _, text := range items {
		r.items = append(r.items, item{text, r.entry, r.read})
		r.read++
	}
	return err
}

func (r *Recall) launched(f *fact, yield func(number int64, input []byte) bool) bool {
	if f.items < 1 || f.items > int64(len(r.items)) {
		return false
	}
	input := r.items[0].text
	if f.given {
		input = f.data
	}
	r.items = r.items[f.items:]
	r.number++
	return yield(r.number-1, input)
}

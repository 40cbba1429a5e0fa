package maprun

import (
	"bytes"
	"encoding/json"
)

// Restore reads deferred records off the log of their map run.
type Restore struct {
	wanted RestoreRequest
	from   logPlace
	size   int
	found  Restored
}

// logPlace is a fact in a log: that of this index in that entry.
type logPlace struct {
	Entry uint64 `json:"e"`
	Index int    `json:"i,omitempty"`
}

// NewRestore goes on where the last reading was at. The entries of the log from that
// position on are to be given to Entry.
func NewRestore(wanted RestoreRequest) (r *Restore, from uint64, err error) {
	r = &Restore{wanted: wanted}
	if wanted.Cursor != "" {
		if err := json.Unmarshal([]byte(wanted.Cursor), &r.from); err != nil {
			return nil, 0, err
		}
	}
	return r, r.from.Entry, nil
}

// Entry takes the next entry. It reports whether there is room for more.
func (r *Restore) Entry(position uint64, facts [][]byte) (more bool, err error) {
	for i, text := range facts {
		if position == r.from.Entry && i < r.from.Index || len(text) == 0 || factKind(text[0]) != factDeferred {
			continue
		}
		f, err := decodeFact(text)
		if err != nil {
			return false, err
		}
		r.found.Records = append(r.found.Records, DeferredRecord{f.items, bytes.Clone(f.data)})
		r.found.Cursor = string(marshal(logPlace{position, i + 1}))
		if r.size += len(f.data); r.size >= r.wanted.Bytes {
			return false, nil
		}
	}
	return true, nil
}

// Found are the records that were found.
func (r *Restore) Found() *Restored { return &r.found }

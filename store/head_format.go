package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"
)

// The durable form of a head.
//
//	version      1 byte, headVersion
//	flags        1 byte, which of the optional fields follow
//	status       1 byte
//	position, machine, definition   number
//	commit       number
//	name         text
//	started      instant, in milliseconds since 1970 (zigzag varint)
//	last         instant, in milliseconds since started
//	closed, wake instant, in milliseconds since last    (optional)
//	owner        number                                 (optional)
//	snapshotAt, tailBytes  number                       (optional, together)
//	incident     text                                   (optional)
//	attributes   count, then (name text, type byte, value) by rising name (optional)
//
// A number is a uvarint, except that ids (machine, definition, commit), which may
// be random, are ordered varints of at most 9 bytes; a text is its length and its bytes.
const headVersion = 1

const (
	headClosed byte = 1 << iota
	headWake
	headOwner
	headSnapshot
	headIncident
	headAttributes
)

// The types of attributes. The numbers are durable.
const (
	attributeString byte = 1 + iota
	attributeInt
	attributeFloat
	attributeFalse
	attributeTrue
	attributeTime
)

// AppendHead appends the durable form of the head to dst. The head must be one
// that CheckBatches lets pass.
func AppendHead(dst []byte, h *Head) []byte {
	flagAt := len(dst) + 1
	dst = append(dst, headVersion, 0, byte(h.Status))
	dst = binary.AppendUvarint(dst, h.Position)
	dst = AppendOrdered(dst, h.Machine)
	dst = AppendOrdered(dst, h.Definition)
	dst = AppendOrdered(dst, uint64(h.Commit))
	dst = appendText(dst, h.Name)

	started, last := h.Started.UnixMilli(), h.Last.UnixMilli()
	dst = binary.AppendVarint(dst, started)
	dst = binary.AppendVarint(dst, last-started)
	var flags byte
	if !h.Closed.IsZero() {
		flags |= headClosed
		dst = binary.AppendVarint(dst, h.Closed.UnixMilli()-last)
	}
	if !h.Wake.IsZero() {
		flags |= headWake
		dst = binary.AppendVarint(dst, h.Wake.UnixMilli()-last)
	}
	if h.Owner != 0 {
		flags |= headOwner
		dst = binary.AppendUvarint(dst, uint64(h.Owner))
	}
	if h.SnapshotAt != 0 || h.TailBytes != 0 {
		flags |= headSnapshot
		dst = binary.AppendUvarint(dst, h.SnapshotAt)
		dst = binary.AppendUvarint(dst, h.TailBytes)
	}
	if h.Incident != "" {
		flags |= headIncident
		dst = appendText(dst, h.Incident)
	}
	if len(h.Attributes) > 0 {
		flags |= headAttributes
		dst = appendAttributes(dst, h.Attributes)
	}
	dst[flagAt] = flags
	return dst
}

func appendText(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}

func appendAttributes(dst []byte, attributes map[string]any) []byte {
	names := make([]string, 0, len(attributes))
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	dst = binary.AppendUvarint(dst, uint64(len(names)))
	for _, name := range names {
		dst = appendAttribute(appendText(dst, name), attributes[name])
	}
	return dst
}

func appendAttribute(dst []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendText(append(dst, attributeString), v)
	case int64:
		return binary.AppendVarint(append(dst, attributeInt), v)
	case float64:
		return binary.BigEndian.AppendUint64(append(dst, attributeFloat), math.Float64bits(v))
	case bool:
		if v {
			return append(dst, attributeTrue)
		}
		return append(dst, attributeFalse)
	case time.Time:
		dst = binary.AppendVarint(append(dst, attributeTime), v.Unix())
		return binary.AppendUvarint(dst, uint64(v.Nanosecond()))
	}
	panic(fmt.Sprintf("store: attribute of type %T passed the check", value))
}

// ParseHead reads what AppendHead wrote, in this version or an older one. The
// head shares nothing with the bytes. A newer version gives ErrNewer, anything
// else that is not a head ErrCorrupt.
func ParseHead(data []byte) (*Head, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("parse head: empty: %w", ErrCorrupt)
	}
	if data[0] > headVersion {
		return nil, fmt.Errorf("parse head: version %d: %w", data[0], ErrNewer)
	}
	r := reader{data: data[1:]}
	h := r.head()
	if r.bad || len(r.data) > 0 || data[0] == 0 {
		return nil, fmt.Errorf("parse head: %x: %w", data[:min(len(data), 64)], ErrCorrupt)
	}
	return h, nil
}

func (r *reader) head() *Head {
	h := new(Head)
	flags := r.byte()
	h.Status = Status(r.byte())
	h.Position = r.uvarint()
	h.Machine = r.ordered()
	h.Definition = r.ordered()
	h.Commit = CommitID(r.ordered())
	h.Name = r.text()

	started := r.varint()
	last := started + r.varint()
	h.Started, h.Last = r.instant(started), r.instant(last)
	if flags&headClosed != 0 {
		h.Closed = r.instant(last + r.varint())
	}
	if flags&headWake != 0 {
		h.Wake = r.instant(last + r.varint())
	}
	if flags&headOwner != 0 {
		h.Owner = NodeID(r.uvarint())
	}
	if flags&headSnapshot != 0 {
		h.SnapshotAt = r.uvarint()
		h.TailBytes = r.uvarint()
	}
	if flags&headIncident != 0 {
		h.Incident = r.text()
	}
	if flags&headAttributes != 0 {
		h.Attributes = r.attributes()
	}
	return h
}

package store

import (
	"encoding/binary"
	"math"
	"time"
)

// reader takes a durable form apart. After the first fault it is bad and gives
// zeros, so that its user asks once, at the end.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) byte() byte {
	if len(r.data) == 0 {
		r.bad = true
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.data)
	r.skip(n)
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.data)
	r.skip(n)
	return v
}

func (r *reader) ordered() uint64 {
	v, n := Ordered(r.data)
	r.skip(n)
	return v
}

// skip goes on by n bytes; n <= 0 is the fault of whoever counted.
func (r *reader) skip(n int) {
	if n <= 0 || n > len(r.data) {
		r.bad, r.data = true, nil
		return
	}
	r.data = r.data[n:]
}

func (r *reader) text() string {
	n := r.uvarint()
	if n > uint64(len(r.data)) {
		r.bad, r.data = true, nil
		return ""
	}
	s := string(r.data[:n])
	r.data = r.data[n:]
	return s
}

func (r *reader) instant(unixMilli int64) time.Time {
	if unixMilli < minMilli || unixMilli > maxMilli {
		r.bad = true
		return time.Time{}
	}
	return fromUnixMilli(unixMilli)
}

func (r *reader) attributes() map[string]any {
	n := r.uvarint()
	if n == 0 || n > uint64(len(r.data)) { // each takes a byte at least
		r.bad = true
		return nil
	}
	attributes := make(map[string]any, n)
	for range n {
		name := r.text()
		attributes[name] = r.attribute()
	}
	return attributes
}

func (r *reader) attribute() any {
	switch r.byte() {
	case attributeString:
		return r.text()
	case attributeInt:
		return r.varint()
	case attributeFloat:
		if len(r.data) < 8 {
			break
		}
		v := math.Float64frombits(binary.BigEndian.Uint64(r.data))
		r.skip(8)
		return v
	case attributeFalse:
		return false
	case attributeTrue:
		return true
	case attributeTime:
		sec, nsec := r.varint(), r.uvarint()
		if sec < minMilli/1000 || sec > maxMilli/1000 || nsec >= uint64(time.Second) {
			break
		}
		return canonicalTime(time.Unix(sec, int64(nsec)))
	}
	r.bad = true
	return nil
}

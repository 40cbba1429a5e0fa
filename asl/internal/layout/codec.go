// Package layout writes and reads the binary form of facts and snapshots.
package layout

import (
	"encoding/binary"
	"math"
)

// Codec writes or reads a binary form. Each layout is written down once, as a
// sequence of calls on pointers: when writing, the calls append what the pointers
// hold to Buf; when reading, they take it from the front of Buf. A malformed text
// sets Bad and leaves zero values behind.
type Codec struct {
	Buf     []byte
	Reading bool
	Bad     bool
}

// Uint is for any number that is never negative.
func (c *Codec) Uint(p *uint64) {
	if !c.Reading {
		c.Buf = binary.AppendUvarint(c.Buf, *p)
		return
	}
	v, n := binary.Uvarint(c.Buf)
	if n <= 0 {
		c.Fail()
		return
	}
	*p, c.Buf = v, c.Buf[n:]
}

// Int is for a number that is never negative and fits an int.
func (c *Codec) Int(p *int) {
	v := uint64(*p)
	c.Uint(&v)
	if c.Reading {
		if v > math.MaxInt32 {
			c.Fail()
			return
		}
		*p = int(v)
	}
}

// Signed is for numbers that may be negative: instants, durations.
func (c *Codec) Signed(p *int64) {
	v := uint64(*p)<<1 ^ uint64(*p>>63)
	c.Uint(&v)
	if c.Reading {
		*p = int64(v>>1) ^ -int64(v&1)
	}
}

// Byte is one byte as it is.
func (c *Codec) Byte(p *byte) {
	if !c.Reading {
		c.Buf = append(c.Buf, *p)
		return
	}
	if len(c.Buf) == 0 {
		c.Fail()
		return
	}
	*p, c.Buf = c.Buf[0], c.Buf[1:]
}

// Bool is one byte, 0 or 1.
func (c *Codec) Bool(p *bool) {
	var b byte
	if *p {
		b = 1
	}
	c.Byte(&b)
	if c.Reading {
		*p = b == 1
		if b > 1 {
			c.Fail()
		}
	}
}

// Bytes is a length and as many bytes; it reads a slice that shares memory with what is read from.
func (c *Codec) Bytes(p *[]byte) {
	n := uint64(len(*p))
	c.Uint(&n)
	if !c.Reading {
		c.Buf = append(c.Buf, *p...)
		return
	}
	if n > uint64(len(c.Buf)) {
		c.Fail()
		return
	}
	*p, c.Buf = c.Buf[:n:n], c.Buf[n:]
}

// Text is the length in bytes and the text.
func (c *Codec) Text(p *string) {
	if !c.Reading {
		n := uint64(len(*p))
		c.Uint(&n)
		c.Buf = append(c.Buf, *p...)
		return
	}
	var b []byte
	c.Bytes(&b)
	*p = string(b)
}

// Optional is for a text that may be absent.
func (c *Codec) Optional(p **string) {
	there := *p != nil
	c.Bool(&there)
	if !there || c.Bad {
		return
	}
	if c.Reading {
		*p = new(string)
	}
	c.Text(*p)
}

// Length is for the number of elements that follow, each at least one byte.
func (c *Codec) Length(n int) int {
	c.Int(&n)
	if c.Reading && n > len(c.Buf) {
		c.Fail()
	}
	if c.Bad {
		return 0
	}
	return n
}

// Float is the bits of a number.
func (c *Codec) Float(p *float64) {
	v := math.Float64bits(*p)
	c.Uint(&v)
	if c.Reading {
		*p = math.Float64frombits(v)
	}
}

// Fail says that what is read is malformed.
func (c *Codec) Fail() {
	c.Bad = true
	c.Buf = nil
}

package asl

import (
	"encoding/binary"
	"math"
)

// codec writes and reads the binary form of facts and snapshots. Each layout
// is written down once, as a sequence of calls on pointers: when writing, the
// calls append what the pointers hold to buf; when reading, they take it from
// the front of buf. A malformed text sets bad and leaves zero values behind.
type codec struct {
	buf     []byte
	reading bool
	bad     bool
}

func (c *codec) uint(p *uint64) {
	if !c.reading {
		c.buf = binary.AppendUvarint(c.buf, *p)
		return
	}
	v, n := binary.Uvarint(c.buf)
	if n <= 0 {
		c.fail()
		return
	}
	*p, c.buf = v, c.buf[n:]
}

// int is for a number that is never negative and fits an int.
func (c *codec) int(p *int) {
	v := uint64(*p)
	c.uint(&v)
	if c.reading {
		if v > math.MaxInt32 {
			c.fail()
			return
		}
		*p = int(v)
	}
}

// millis is for instants and durations, which may be negative.
func (c *codec) millis(p *int64) {
	v := uint64(*p)<<1 ^ uint64(*p>>63)
	c.uint(&v)
	if c.reading {
		*p = int64(v>>1) ^ -int64(v&1)
	}
}

func (c *codec) byte(p *byte) {
	if !c.reading {
		c.buf = append(c.buf, *p)
		return
	}
	if len(c.buf) == 0 {
		c.fail()
		return
	}
	*p, c.buf = c.buf[0], c.buf[1:]
}

func (c *codec) bool(p *bool) {
	var b byte
	if *p {
		b = 1
	}
	c.byte(&b)
	if c.reading {
		*p = b == 1
		if b > 1 {
			c.fail()
		}
	}
}

// bytes reads a slice that shares memory with what is read from.
func (c *codec) bytes(p *[]byte) {
	n := uint64(len(*p))
	c.uint(&n)
	if !c.reading {
		c.buf = append(c.buf, *p...)
		return
	}
	if n > uint64(len(c.buf)) {
		c.fail()
		return
	}
	*p, c.buf = c.buf[:n:n], c.buf[n:]
}

func (c *codec) text(p *string) {
	if !c.reading {
		n := uint64(len(*p))
		c.uint(&n)
		c.buf = append(c.buf, *p...)
		return
	}
	var b []byte
	c.bytes(&b)
	*p = string(b)
}

// optional is for a text that may be absent.
func (c *codec) optional(p **string) {
	there := *p != nil
	c.bool(&there)
	if !there || c.bad {
		return
	}
	if c.reading {
		*p = new(string)
	}
	c.text(*p)
}

// length is for the number of elements that follow, each at least one byte.
func (c *codec) length(n int) int {
	c.int(&n)
	if c.reading && n > len(c.buf) {
		c.fail()
	}
	if c.bad {
		return 0
	}
	return n
}

func (c *codec) fail() {
	c.bad = true
	c.buf = nil
}

package maprun

import (
	"encoding/binary"
	"math"
)

// codec writes and reads the binary form of facts and snapshots. Each layout is
// written down once, as a sequence of calls on pointers, which append what the
// pointers hold to buf, or take it from the front of buf. A malformed text sets
// bad and leaves zero values behind.
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

// int is for numbers that are rarely negative.
func (c *codec) int(p *int64) {
	v := uint64(*p)<<1 ^ uint64(*p>>63)
	c.uint(&v)
	if c.reading {
		*p = int64(v>>1) ^ -int64(v&1)
	}
}

func (c *codec) float(p *float64) {
	v := math.Float64bits(*p)
	c.uint(&v)
	if c.reading {
		*p = math.Float64frombits(v)
	}
}

func (c *codec) bool(p *bool) {
	var v uint64
	if *p {
		v = 1
	}
	c.uint(&v)
	if c.reading {
		*p = v == 1
		if v > 1 {
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
	var b []byte
	if !c.reading {
		b = []byte(*p)
	}
	c.bytes(&b)
	if c.reading {
		*p = string(b)
	}
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
	v := uint64(n)
	c.uint(&v)
	if c.reading && v > uint64(len(c.buf)) {
		c.fail()
	}
	if c.bad {
		return 0
	}
	return int(v)
}

func (c *codec) fail() {
	c.bad = true
	c.buf = nil
}

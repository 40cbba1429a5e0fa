package value

import (
	"bytes"
	"fmt"
	"sync"
)

// Document is a JSON text and the value that it stands for: whichever came
// first. The other is made when it is first asked for, and kept. It is not
// safe for concurrent use.
type Document struct {
	text    []byte // as it came; nil if the document came as a value and has not been written
	compact []byte // nil until asked for; may be the same slice as text
	value   any
	parsed  bool
	made    bool // it came as a value
	held    int  // see Held; 0 until asked for
}

// Text is the document with this text, which must be valid (see Valid): who
// takes texts from outside checks them first. The caller gives the slice up.
func Text(text []byte) *Document {
	return &Document{text: text}
}

// Of is the document with this value, which must not be changed any more.
func Of(v any) *Document {
	return &Document{value: v, parsed: true, made: true}
}

// Text is the text as it came, or the compact text of a document that came as
// a value. The caller must not change it.
func (d *Document) Text() []byte {
	if d.text == nil && d.parsed {
		d.text = write(d.value)
		d.compact = d.text
	}
	return d.text
}

// scratch are buffers to write texts in whose length is not known: growing one
// by one costs more than copying once.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// maxScratch is the largest buffer that is kept.
const maxScratch = 512 << 10

// write is the text of a value, in a slice of its length.
func write(v any) []byte {
	buffer := scratch.Get().(*[]byte)
	text := Append((*buffer)[:0], v)
	if cap(text) > maxScratch {
		return text // too large to be worth another copy
	}
	*buffer = text
	text = bytes.Clone(text)
	scratch.Put(buffer)
	return text
}

// Compact is the text without insignificant white space: the same slice as
// Text if that has none. The caller must not change it.
func (d *Document) Compact() []byte {
	text := d.Text()
	if d.compact == nil {
		if isCompact(text) {
			d.compact = text
		} else {
			d.compact = AppendCompact(make([]byte, 0, len(text)), text)
		}
	}
	return d.compact
}

// Tight is the document with its compact text: the same one if it has no other.
func (d *Document) Tight() *Document {
	if d.text == nil || len(d.Compact()) == len(d.text) {
		return d
	}
	return &Document{text: d.compact, compact: d.compact, value: d.value, parsed: d.parsed}
}

// Value is the parsed value, which the caller must not change.
func (d *Document) Value() any {
	if !d.parsed {
		v, err := Parse(d.text)
		if err != nil {
			panic(fmt.Sprintf("value: a Document was made of a text that is not JSON: %v: %.100q", err, d.text))
		}
		d.value, d.parsed = v, true
	}
	return d.value
}

// Size is the length of Text in bytes.
func (d *Document) Size() int { return len(d.Text()) }

// Exceeds says whether Text is longer than limit bytes, or could not be read
// again because it is nested deeper than MaxDepth. It does not write a text
// that is: a small value may stand for a very long one (see Measure).
func (d *Document) Exceeds(limit int) bool {
	_, ok := d.Measure(limit)
	return !ok
}

// Measure is Size, found without writing the text; it is not ok where Exceeds is
// true.
func (d *Document) Measure(limit int) (size int, ok bool) {
	if d.text == nil && d.parsed {
		return Measure(d.value, limit)
	}
	return len(d.text), len(d.text) <= limit
}

// Parsed says whether the value is there already, so that Value costs nothing.
func (d *Document) Parsed() bool { return d.parsed }

package mapio

import (
	"errors"
	"io"
	"strconv"

	"github.com/fermata-dev/fermata/expr/value"
)

// document is a JSON text that is walked over without being held in memory.
type document struct{ *text }

// first is the next byte that is not white space; io.EOF if there is none.
func (d *document) first() (byte, error) {
	for {
		head, err := d.in.Peek(1)
		if err != nil {
			return 0, err
		}
		switch head[0] {
		case ' ', '\n', '\r', '\t':
			d.skip()
		default:
			return head[0], nil
		}
	}
}

// peek is the same where the text must not end.
func (d *document) peek() (byte, error) {
	b, err := d.first()
	if errors.Is(err, io.EOF) {
		err = d.truncated()
	}
	return b, err
}

func (d *document) truncated() error {
	return faultf("The object is not valid JSON: it ends in the middle, at byte %d.", d.offset)
}

// skip passes over the byte that was peeked at.
func (d *document) skip() {
	_, _ = d.in.Discard(1)
	d.offset++
}

func (d *document) unexpected(b byte, wanted string) error {
	return faultf("The object is not valid JSON: %q at byte %d, where %s should be.", rune(b), d.offset, wanted)
}

// value appends the next value as it is written. Only its end is found; whether
// it is valid is not checked. A value of more than limit bytes is a fault.
func (d *document) value(dst []byte, limit int) ([]byte, error) {
	if _, err := d.peek(); err != nil {
		return dst, err
	}
	start, begun := d.offset, len(dst)
	err := d.walk(func(piece []byte) error {
		if len(piece) > limit-(len(dst)-begun) {
			return faultf("The item at byte %d has more than %d bytes, which is the most that an item may have.", start, limit)
		}
		dst = append(dst, piece...)
		return nil
	})
	return dst, err
}

// discard passes over the next value, however large it is.
func (d *document) discard() error {
	if _, err := d.peek(); err != nil {
		return err
	}
	return d.walk(func([]byte) error { return nil })
}

// walk passes over a value and shows it in pieces.
func (d *document) walk(show func(piece []byte) error) error {
	for e := (extent{}); !e.done; {
		_, err := d.in.Peek(1)
		if errors.Is(err, io.EOF) && !e.open() {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return d.truncated()
		}
		if err != nil {
			return err
		}
		piece, _ := d.in.Peek(d.in.Buffered())
		n := e.scan(piece)
		if err := show(piece[:n]); err != nil {
			return err
		}
		_, _ = d.in.Discard(n)
		d.offset += int64(n)
	}
	return nil
}

// find goes to the value that a JSON pointer selects, given as its parts.
func (d *document) find(pointer []string, limit int) error {
	for _, part := range pointer {
		b, err := d.peek()
		if err != nil {
			return err
		}
		found := false
		switch b {
		case '{':
			found, err = d.member(part, limit)
		case '[':
			found, err = d.element(part)
		}
		if err != nil {
			return err
		}
		if !found {
			return fault("The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON structure.")
		}
	}
	return nil
}

// member goes to the value of a member.
func (d *document) member(name string, limit int) (bool, error) {
	for first := true; ; first = false {
		more, err := d.step(first, '}')
		if err != nil || !more {
			return false, err
		}
		key, err := d.key(limit)
		if err != nil {
			return false, err
		}
		if key == name {
			return true, nil
		}
		if err := d.discard(); err != nil {
			return false, err
		}
	}
}

// element goes to an element of an array.
func (d *document) element(part string) (bool, error) {
	wanted, err := strconv.Atoi(part)
	if err != nil || wanted < 0 || strconv.Itoa(wanted) != part {
		return false, nil
	}
	for i := 0; ; i++ {
		more, err := d.step(i == 0, ']')
		if err != nil || !more || i == wanted {
			return more, err
		}
		if err := d.discard(); err != nil {
			return false, err
		}
	}
}

// step passes over the bracket or the comma before the next part of an object or array;
// false if it ends.
func (d *document) step(first bool, end byte) (bool, error) {
	b, err := d.peek()
	if err != nil {
		return false, err
	}
	if !first && b == end {
		return false, nil
	}
	if !first && b != ',' {
		return false, d.unexpected(b, "a comma")
	}
	d.skip()
	b, err = d.peek()
	return err == nil && (!first || b != end), err
}

// key reads the name of a member and the colon behind it.
func (d *document) key(limit int) (string, error) {
	start := d.offset
	text, err := d.value(nil, limit)
	if err != nil {
		return "", err
	}
	name, err := value.Parse(text)
	if err != nil {
		return "", elementFault(err, start)
	}
	key, ok := name.(string)
	if !ok {
		return "", d.unexpected(text[0], "the name of a member")
	}
	b, err := d.peek()
	if err != nil {
		return "", err
	}
	if b != ':' {
		return "", d.unexpected(b, "a colon")
	}
	d.skip()
	return key, nil
}

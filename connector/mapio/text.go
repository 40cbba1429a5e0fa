package mapio

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/fermata-dev/fermata/connector/mapio/objectstore"
)

// bufferBytes is what is read ahead of an object.
const bufferBytes = 64 << 10

// text is the content of an object that is read from the front, with the place
// that has been reached.
type text struct {
	object *objectstore.Steady
	unzip  *gzip.Reader // nil if the content is not compressed
	in     *bufio.Reader
	offset int64 // of the next byte
	line   int64 // how many lines lie before
	spill  []byte
}

var byteOrderMark = []byte("\xEF\xBB\xBF")

// openText opens an object at a place.
func openText(ctx context.Context, store objectstore.Store, src source, at position) (*text, error) {
	t := &text{offset: at.Offset, line: at.Line}
	zipped, from := src.zipped && strings.HasSuffix(src.Key, ".gz"), at.Offset
	if zipped {
		from = 0
	}
	var err error
	if t.object, err = objectstore.OpenSteady(ctx, store, src.pinned(at.ETag), from); err != nil {
		return nil, err
	}
	if err = src.checkSize(t.object.Size()); err == nil {
		err = t.begin(zipped)
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *text) begin(zipped bool) error {
	t.in = bufio.NewReaderSize(t.object, bufferBytes)
	if zipped {
		var err error
		if t.unzip, err = gzip.NewReader(t.in); err != nil {
			return faultf("The object cannot be uncompressed: %v.", err)
		}
		t.in = bufio.NewReaderSize(t.unzip, bufferBytes)
		if _, err := io.CopyN(io.Discard, t.in, t.offset); err != nil {
			return err
		}
	}
	if head, _ := t.in.Peek(len(byteOrderMark)); t.offset == 0 && bytes.Equal(head, byteOrderMark) {
		t.offset += int64(len(byteOrderMark))
		_, _ = t.in.Discard(len(byteOrderMark))
	}
	return nil
}

// position is the place that has been reached.
func (t *text) position() position {
	return position{ETag: t.object.ETag(), Offset: t.offset, Line: t.line}
}

func (t *text) verify() error { return t.object.Verify() }

// Close gives the object up.
func (t *text) Close() error { return t.object.Close() }

// readLine is the next line with its end, valid until the next call, or io.EOF.
// A line of more than limit bytes is a fault.
func (t *text) readLine(limit int) ([]byte, error) {
	line, err := t.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = t.longLine(line, limit)
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	if len(line) > limit {
		return nil, tooLong(t.line+1, limit)
	}
	t.offset += int64(len(line))
	t.line++
	return line, nil
}

// longLine goes on with a line that the buffer cannot hold.
func (t *text) longLine(begun []byte, limit int) ([]byte, error) {
	t.spill = append(t.spill[:0], begun...)
	for len(t.spill) <= limit {
		more, err := t.in.ReadSlice('\n')
		t.spill = append(t.spill, more...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return t.spill, err
		}
	}
	return nil, tooLong(t.line+1, limit)
}

func tooLong(line int64, limit int) error {
	return faultf("Line %d has more than %d bytes, which is the most that an item may have.", line, limit)
}

// withoutEnd is a line without the characters that end it.
func withoutEnd(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}

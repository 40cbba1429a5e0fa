package mapio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// position says where the next item begins.
type position struct {
	// ETag is that of the object's content; empty before the object was opened.
	ETag string `json:"e,omitempty"`
	// Offset is a byte of the object, of its uncompressed content if it is
	// compressed; the place in its row group, if it is a Parquet file.
	Offset int64 `json:"o,omitempty"`
	// Line is how many lines, items or row groups lie before.
	Line int64 `json:"l,omitempty"`
	// Key is the last that was given of a listing.
	Key string `json:"k,omitempty"`
	// Inner is the place in the object that is being read where the items are those of several
	// objects, and Object which one that is. The other members then say where the
	// objects after it come from.
	Inner  *position `json:"i,omitempty"`
	Object *place    `json:"p,omitempty"`
}

// place names an object in a position.
type place struct {
	Bucket string `json:"b"`
	Key    string `json:"k"`
}

// cursorVersion is what a cursor begins with. It grows when the members above
// change their meaning.
const cursorVersion = "1:"

// maxCursor is the longest text that is read as a cursor.
const maxCursor = 64 << 10

func (p position) cursor() (string, error) {
	text, err := json.Marshal(p)
	return cursorVersion + string(text), err
}

// parseCursor reads a cursor; the empty one is the beginning.
func parseCursor(text string) (position, error) {
	var p position
	if text == "" {
		return p, nil
	}
	body, ok := strings.CutPrefix(text, cursorVersion)
	if !ok || len(text) > maxCursor {
		return p, fmt.Errorf("the cursor %.100q is not of version %s and at most %d bytes", text, strings.TrimSuffix(cursorVersion, ":"), maxCursor)
	}
	d := json.NewDecoder(bytes.NewReader([]byte(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, fmt.Errorf("the cursor %.100q cannot be read: %w", text, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return p, fmt.Errorf("the cursor %.100q does not end where it should", text)
	}
	return p, p.check(true)
}

// check refuses what no reader has written.
func (p *position) check(outer bool) error {
	if p.Offset < 0 || p.Line < 0 || (p.Inner != nil) != (p.Object != nil) || !outer && p.Inner != nil {
		return errors.New("the cursor names a place that cannot be")
	}
	if p.Inner != nil {
		return p.Inner.check(false)
	}
	return nil
}

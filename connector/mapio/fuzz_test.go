package mapio

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/connector"
)

// FuzzItems: whatever lies in an object, the items are JSON, reading ends, a
// fault is one of the reader's, and blocks of one item, each with a stream of its own, give the
// same as one block.
func FuzzItems(f *testing.F) {
	for _, body := range []string{`[1, {"a": [2]}, "x\"]"]`, "{\"a\": 1}\n\n2\n", "a,b\n1,\"2\"\"\n3\"\n", `{"a":{"b":[1,2]}}`, "\xEF\xBB\xBFa\r\n1\r\n", "[", "\"", `{"a`} {
		for kind := range 4 {
			f.Add(body, byte(kind))
		}
	}
	configs := []string{`{"InputType":"JSON"}`, `{"InputType":"JSONL"}`, firstRow, `{"InputType":"JSON","ItemsPointer":"/a/b"}`}
	w := newWorld(f)
	w.config.Limits = Limits{ItemBytes: 1 << 10}
	c := w.connector(f)
	f.Fuzz(func(t *testing.T, body string, kind byte) {
		w.put(t, files, "x", body)
		a := getting(files, "x", configs[int(kind)%len(configs)])
		whole, err := a.all(func() *Connector { return c })
		var fault *connector.Error
		if err != nil && (!errors.As(err, &fault) || fault.Name != readerFailed) {
			t.Fatal(err)
		}
		for _, item := range whole {
			if !json.Valid([]byte(item)) {
				t.Fatalf("%q is not JSON", item)
			}
		}
		a.BlockItems = 1
		parts, partsErr := a.all(func() *Connector {
			c.parked.close()
			c.parked = newParked()
			return c
		})
		if err == nil && (partsErr != nil || !slices.Equal(whole, parts)) {
			t.Fatalf("as one block %q\nblock by block %q, %v", whole, parts, partsErr)
		}
	})
}

// FuzzCursor: a cursor that is taken is written as it was meant.
func FuzzCursor(f *testing.F) {
	f.Add(`1:{"e":"\"x\"","o":12,"l":3}`)
	f.Add(`1:{"k":"a","i":{"o":1},"p":{"b":"b","k":"k"}}`)
	f.Add(`1:{"o":-1}`)
	f.Add(`2:{}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parseCursor(text)
		if err != nil {
			return
		}
		again, err := p.cursor()
		if err != nil {
			t.Fatal(err)
		}
		if len(again) > maxCursor {
			return
		}
		q, err := parseCursor(again)
		if err != nil || strings.Compare(mustCursor(t, q), again) != 0 {
			t.Fatalf("%s became %s, %v", text, again, err)
		}
	})
}

func mustCursor(t *testing.T, p position) string {
	t.Helper()
	text, err := p.cursor()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCursorsThatNobodyWrote(t *testing.T) {
	for _, text := range []string{"x", "1:", "1:[]", "1:{} {}", `1:{"z":1}`, `1:{"o":-1}`, `1:{"l":-1}`, `1:{"i":{}}`, `1:{"p":{}}`, `1:{"i":{"i":{},"p":{}},"p":{}}`, "1:" + strings.Repeat(" ", maxCursor)} {
		if _, err := parseCursor(text); err == nil {
			t.Errorf("%.40s was taken", text)
		}
	}
}

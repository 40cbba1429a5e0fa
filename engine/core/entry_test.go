package core

import (
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// museum holds entries as every version has written them.
var museum = []struct{ name, hex string }{
	{"version 1", "010102030405060708" + "80aca7a5e333" + "03" + "0568656c6c6f" + "00" + "01ff"},
}

func TestMuseum(t *testing.T) {
	for _, m := range museum {
		data, err := hex.DecodeString(m.hex)
		if err != nil {
			t.Fatal(err)
		}
		e, err := ParseEntry(data)
		if err != nil {
			t.Fatalf("%s: %v", m.name, err)
		}
		if e.Commit != 0x0102030405060708 || !e.At.Equal(time.UnixMilli(1779000006144)) {
			t.Errorf("%s: commit %x at %d", m.name, e.Commit, e.At.UnixMilli())
		}
		if len(e.Facts) != 3 || string(e.Facts[0]) != "hello" || len(e.Facts[1]) != 0 || string(e.Facts[2]) != "\xff" {
			t.Errorf("%s: facts %q", m.name, e.Facts)
		}
	}
}

func TestEntryIsWrittenInTheNewestVersion(t *testing.T) {
	var d interpreter.Decision
	d.Add([]byte("hello"))
	d.Add(nil)
	d.Add([]byte{0xff})
	got := appendEntry(nil, 0x0102030405060708, time.UnixMilli(1779000006144), &d)
	if want := museum[len(museum)-1].hex; hex.EncodeToString(got) != want {
		t.Errorf("got %x, want %s", got, want)
	}
}

func TestNewerEntriesAreRefused(t *testing.T) {
	var d interpreter.Decision
	data := appendEntry(nil, 1, time.UnixMilli(1), &d)
	data[0] = entryVersion + 1
	if _, err := ParseEntry(data); !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

func FuzzParseEntry(f *testing.F) {
	for _, m := range museum {
		data, _ := hex.DecodeString(m.hex)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ParseEntry(data)
		if err != nil {
			return
		}
		var d interpreter.Decision
		for _, fact := range e.Facts {
			d.Add(fact)
		}
		again, err := ParseEntry(appendEntry(nil, e.Commit, e.At, &d))
		if err != nil || again.Commit != e.Commit || !again.At.Equal(e.At) || len(again.Facts) != len(e.Facts) {
			t.Errorf("%x: %+v, %v; again %+v", data, e, err, again)
		}
	})
}

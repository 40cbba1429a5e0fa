package museum_test

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/store"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 123_000_000, time.UTC)

// heads of version 1, by sample.
var heads = map[string]*store.Head{
	"head-1-least": {},
	"head-1-running": {
		Position: 3, Commit: 0x0000_0001_0000_0203, Machine: 12, Definition: 40, Name: "order-4711",
		Started: start, Last: start.Add(1500 * time.Millisecond), Owner: 7, TailBytes: 420,
	},
	"head-1-waiting": {
		Position: 300, Commit: 1 << 63, Machine: 1 << 40, Definition: 1<<64 - 1,
		Name:    "0f7a1b34-5c2d-4e3f-8a9b-0c1d2e3f4a5b",
		Started: start, Last: start.Add(time.Hour), Wake: start.Add(48 * time.Hour), SnapshotAt: 256, TailBytes: 9000,
	},
	"head-1-closed": {
		Position: 6, Commit: 99, Status: store.TimedOut, Machine: 1, Definition: 2, Name: "närrisch",
		Started: start, Last: start.Add(time.Second), Closed: start.Add(time.Second),
		Attributes: map[string]any{
			"customer": "ACME", "amount": int64(-5), "ratio": 0.25, "paid": true, "void": false,
			"due": start.Add(987654321),
		},
	},
	"head-1-incident": {
		Position: 2, Commit: 5, Machine: 1, Definition: 1, Name: "x", Started: start, Last: start,
		Incident: "decide: index out of range",
	},
}

func TestHeads(t *testing.T) {
	for name, want := range heads {
		t.Run(name, func(t *testing.T) {
			data := sample(t, name, func() []byte { return store.AppendHead(nil, want) })
			got, err := store.ParseHead(data)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want.Canonical()) {
				t.Errorf("\n got %+v\nwant %+v", got, want.Canonical())
			}
		})
	}
}

// sample reads a sample, or makes it if that was asked for.
func sample(t *testing.T, name string, write func() []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name+".hex")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("FERMATA_MUSEUM") == "add" {
		text = []byte(hex.EncodeToString(write()) + "\n")
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

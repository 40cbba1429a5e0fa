package store_test

import (
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/fermata-dev/fermata/store"
)

var anyInstant = rapid.Custom(func(t *rapid.T) time.Time {
	if rapid.Bool().Draw(t, "zero") {
		return time.Time{}
	}
	sec := rapid.Int64Range(-62135596800, 253402300799).Draw(t, "sec")
	return time.Unix(sec, rapid.Int64Range(0, 999_999_999).Draw(t, "nsec"))
})

var anyHead = rapid.Custom(func(t *rapid.T) *store.Head {
	h := &store.Head{
		Position:   rapid.Uint64().Draw(t, "position"),
		Commit:     store.CommitID(rapid.Uint64().Draw(t, "commit")),
		Status:     store.Status(rapid.Byte().Draw(t, "status")),
		Machine:    rapid.Uint64().Draw(t, "machine"),
		Definition: rapid.Uint64().Draw(t, "definition"),
		Name:       rapid.String().Draw(t, "name"),
		Started:    anyInstant.Draw(t, "started"),
		Closed:     anyInstant.Draw(t, "closed"),
		Last:       anyInstant.Draw(t, "last"),
		Wake:       anyInstant.Draw(t, "wake"),
		Owner:      store.NodeID(rapid.Uint64().Draw(t, "owner")),
		SnapshotAt: rapid.Uint64().Draw(t, "snapshot"),
		TailBytes:  rapid.Uint64().Draw(t, "tail"),
		Incident:   rapid.String().Draw(t, "incident"),
		Attributes: map[string]any{},
	}
	for _, name := range rapid.SliceOfNDistinct(rapid.String(), 0, 4, rapid.ID).Draw(t, "names") {
		h.Attributes[name] = anyAttribute(t)
	}
	return h
})

func anyAttribute(t *rapid.T) any {
	switch rapid.IntRange(0, 4).Draw(t, "type") {
	case 0:
		return rapid.String().Draw(t, "string")
	case 1:
		return rapid.Int64().Draw(t, "int")
	case 2:
		return rapid.Float64().Draw(t, "float")
	case 3:
		return rapid.Bool().Draw(t, "bool")
	default:
		return anyInstant.Draw(t, "time")
	}
}

func TestHeadComesBackAsItIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHead.Draw(t, "head")
		want := h.Canonical()
		for _, original := range []*store.Head{h, want} {
			got, err := store.ParseHead(store.AppendHead(nil, original))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("\n got %+v\nwant %+v", got, want)
			}
			if store.FenceOf(got) != store.FenceOf(h) {
				t.Fatalf("the fence changed: %+v, %+v", store.FenceOf(got), store.FenceOf(h))
			}
		}
	})
}

func TestHeadOfANewerVersionIsRefused(t *testing.T) {
	data := store.AppendHead(nil, &store.Head{})
	data[0]++
	if _, err := store.ParseHead(data); !errors.Is(err, store.ErrNewer) {
		t.Errorf("%v instead of ErrNewer", err)
	}
}

func TestDamagedHeadIsRefused(t *testing.T) {
	full := store.AppendHead(nil, &store.Head{
		Name: "name", Wake: time.UnixMilli(1), Owner: 1, SnapshotAt: 1, Incident: "x",
		Attributes: map[string]any{"f": math.Pi, "s": "text", "t": time.UnixMilli(1)},
	})
	for n := range full {
		if _, err := store.ParseHead(full[:n]); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("the first %d bytes: %v instead of ErrCorrupt", n, err)
		}
	}
	if _, err := store.ParseHead(append(full, 0)); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("one byte more: %v instead of ErrCorrupt", err)
	}
	zero := append([]byte(nil), full...)
	zero[0] = 0
	if _, err := store.ParseHead(zero); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("version 0: %v instead of ErrCorrupt", err)
	}
}

func FuzzParseHead(f *testing.F) {
	f.Add(store.AppendHead(nil, &store.Head{Name: "seed", Attributes: map[string]any{"a": true}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := store.ParseHead(data)
		if err != nil {
			return
		}
		again, err := store.ParseHead(store.AppendHead(nil, h))
		if err != nil {
			t.Fatal(err)
		}
		if string(store.AppendHead(nil, again)) != string(store.AppendHead(nil, h)) {
			t.Errorf("%+v came back as %+v", h, again)
		}
	})
}

// TestHeadIsSmall: a head of a run with a UUID for a name, as it is written with
// every commit.
func TestHeadIsSmall(t *testing.T) {
	start := time.UnixMilli(1_772_366_400_000)
	h := &store.Head{
		Position: 6, Commit: 1<<32 | 5, Machine: 3, Definition: 5, Name: "0f7a1b34-5c2d-4e3f-8a9b-0c1d2e3f4a5b",
		Started: start, Last: start.Add(3 * time.Second), Owner: 9, TailBytes: 800,
	}
	if n := len(store.AppendHead(nil, h)); n > 64 {
		t.Errorf("the head takes %d bytes", n)
	}
}

package store_test

import (
	"bytes"
	"cmp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/fermata-dev/fermata/store"
)

func TestOrderedVarintsKeepTheOrder(t *testing.T) {
	numbers := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 70_000))
	rapid.Check(t, func(t *rapid.T) {
		a, b := numbers.Draw(t, "a"), numbers.Draw(t, "b")
		x, y := store.AppendOrdered(nil, a), store.AppendOrdered(nil, b)
		if bytes.Compare(x, y) != cmp.Compare(a, b) {
			t.Errorf("%d is %x, %d is %x", a, x, b, y)
		}
		got, size := store.Ordered(append(x, y...))
		if got != a || size != len(x) {
			t.Errorf("%x is %d of %d bytes", x, got, size)
		}
	})
}

func TestOrderedVarintsHaveOneForm(t *testing.T) {
	for _, bad := range [][]byte{{}, {248}, {248, 5}, {248, 247}, {249, 0, 255}, {255, 0, 1, 1, 1, 1, 1, 1, 1}, {255, 1}} {
		if v, size := store.Ordered(bad); size != 0 {
			t.Errorf("%x is read as %d of %d bytes", bad, v, size)
		}
	}
	for _, v := range []uint64{0, 247, 248, 255, 256, 1<<64 - 1} {
		if got, size := store.Ordered(store.AppendOrdered(nil, v)); got != v || size == 0 {
			t.Errorf("%d came back as %d", v, got)
		}
	}
}

func TestOrdinalsKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyInstant.Draw(t, "a"), anyInstant.Draw(t, "b")
		if cmp.Compare(store.Ordinal(a), store.Ordinal(b)) != store.Milli(a).Compare(store.Milli(b)) {
			t.Errorf("%v is %d, %v is %d", a, store.Ordinal(a), b, store.Ordinal(b))
		}
		if got := store.FromOrdinal(store.Ordinal(a)); got != store.Milli(a) {
			t.Errorf("%v came back as %v", store.Milli(a), got)
		}
		if kept := store.Milli(a); kept.Before(b) != (store.Ordinal(kept) < store.OrdinalCeil(b)) {
			t.Errorf("%v and %v", kept, b)
		}
	})
	if store.Ordinal(time.Time{}) != 0 || store.Ordinal(time.Unix(-1<<60, 0)) != 0 {
		t.Error("the zero time is not the first instant")
	}
	if last := store.FromOrdinal(store.Ordinal(time.Unix(1<<60, 0))); last.Year() != 9999 {
		t.Errorf("the last instant is %v", last)
	}
}

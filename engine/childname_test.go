package engine

import (
	"testing"

	"github.com/fermata-dev/fermata/store"
)

// TestChildNamesAreReadBack: for every run and number there may be, and only those
// that were made with the key.
func TestChildNamesAreReadBack(t *testing.T) {
	n, other := newNames([]byte("a key")), newNames([]byte("another"))
	seen := map[string]bool{}
	for _, run := range []store.RunID{1, 2, 4096, 1<<31 + 7, 1<<48 - 1} {
		last := ""
		for _, number := range []uint64{0, 1, 2, 1000, 1<<40 - 1} {
			name := n.child(run, number)
			if seen[name] || name <= last {
				t.Errorf("%d of %d is %s, which is taken or out of order", number, run, name)
			}
			seen[name], last = true, name
			if r, i, ok := n.parent(name); !ok || r != run || i != int64(number) {
				t.Errorf("%s of %d/%d is read as %d/%d, %t", name, run, number, r, i, ok)
			}
			if _, _, ok := other.parent(name); ok {
				t.Errorf("%s is read with another key", name)
			}
			if _, ok := n.run(name); ok {
				t.Errorf("%s is taken for a name that the engine made of a run", name)
			}
		}
	}
	for _, name := range []string{"", "x", n.of(7), "00000000-0000-8000-8000-000000000000"} {
		if _, _, ok := n.parent(name); ok {
			t.Errorf("%q is taken for the name of a child", name)
		}
	}
}

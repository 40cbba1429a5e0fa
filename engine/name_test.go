package engine

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/store"
)

func TestMadeNamesLeadBackToTheirRun(t *testing.T) {
	n := newNames([]byte("a key"))
	other := newNames([]byte("another key"))
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	for i := range 10_000 {
		run := store.RunID(i + 1)
		if i%2 == 1 {
			run = store.RunID(r.Uint64() & nameIDMask)
		}
		name := n.of(run)
		if seen[name] || name[14] != '4' || !strings.ContainsRune("89ab", rune(name[19])) {
			t.Fatalf("run %d: name %s", run, name)
		}
		seen[name] = true
		if got, ok := n.run(name); !ok || got != run {
			t.Fatalf("name %s of run %d leads to %d, %v", name, run, got, ok)
		}
		if _, ok := other.run(name); ok {
			t.Fatalf("name %s passes under another key", name)
		}
		if _, ok := n.run(strings.ToUpper(name)); ok && name != strings.ToUpper(name) {
			t.Fatalf("name %s passes in capitals", name)
		}
	}
}

func TestForeignNamesAreOrdinary(t *testing.T) {
	n := newNames([]byte("a key"))
	for _, name := range []string{"", "x", "6e7f1a1c-8a3e-4d31-9f2e-0d7a3c5b9e11", strings.Repeat("-", 36), strings.Repeat("z", 36)} {
		if run, ok := n.run(name); ok {
			t.Errorf("%q leads to run %d", name, run)
		}
	}
}

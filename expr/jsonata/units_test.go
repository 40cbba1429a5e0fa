package jsonata

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOrderOfHalves: strings are ordered by their code units, also where halves of surrogate
// pairs stand in them.
func TestOrderOfHalves(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		units := make([]rune, random.IntN(5))
		for i := range units {
			units[i] = []rune{'a', 'b', 0xD7FF, 0xD83D, 0xD83E, 0xDE00, 0xDE01, 0xE000, 0xFFFD}[random.IntN(9)]
		}
		return textOf(units)
	}
	for range 100_000 {
		a, b := text(), text()
		if got, want := compareStrings(a, b), slices.Compare(unitsOf(a), unitsOf(b)); got != want {
			t.Fatalf("%q and %q compare as %d, want %d", a, b, got, want)
		}
	}
}

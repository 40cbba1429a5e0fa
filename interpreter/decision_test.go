package interpreter

import (
	"bytes"
	"testing"
)

// TestDecisionIsUsedAgain: a decision that was reset is empty, and gives the facts
// that came since.
func TestDecisionIsUsedAgain(t *testing.T) {
	var d Decision
	for _, fact := range []string{"first", "a longer one", "b"} {
		d.Reset()
		if d.Facts() != 0 || d.Bytes() != 0 || len(d.Effects) != 0 {
			t.Fatalf("after a reset there are %d facts of %d bytes and %d effects", d.Facts(), d.Bytes(), len(d.Effects))
		}
		d.Add([]byte(fact))
		d.Append(func(dst []byte) []byte { return append(dst, "and "+fact...) })
		d.Effects = append(d.Effects, Invoke{})
		if got := [2]string{string(d.Fact(0)), string(d.Fact(1))}; got != [2]string{fact, "and " + fact} {
			t.Errorf("the facts are %q", got)
		}
	}
}

// TestDecisionKeepsNoLargeRoom: the memory of a large decision is given back.
func TestDecisionKeepsNoLargeRoom(t *testing.T) {
	var d Decision
	for _, size := range []int{1, mostRoom / 2, 2 * mostRoom, 1} {
		d.Add(bytes.Repeat([]byte("x"), size))
		d.Reset()
		if room := cap(d.facts); room > mostRoom || size <= mostRoom/2 && room < size {
			t.Errorf("after a fact of %d bytes and a reset there is room for %d", size, room)
		}
	}
}

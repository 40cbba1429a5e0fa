package store

import "testing"

func TestBirths(t *testing.T) {
	var b Births
	if b.Never(5) || b.Used(5) {
		t.Error("the zero value knows something")
	}
	b.GaveOut(100, 200)
	for run, want := range map[RunID][2]bool{
		99:  {false, true},  // given out before
		100: {true, false},  // fresh
		199: {true, false},  // fresh
		200: {false, false}, // not given out: nothing is known
	} {
		if got := [2]bool{b.Never(run), b.Used(run)}; got != want {
			t.Errorf("run %d: never and used are %v, want %v", run, got, want)
		}
	}
	b.Spent(150)
	if b.Never(150) || !b.Used(150) {
		t.Error("a creation is not remembered")
	}
	far := RunID(100 + birthPageIDs*(birthPages+2))
	b.GaveOut(200, far+1)
	b.Spent(far)
	if !b.Used(150) || b.Never(150) || !b.Used(far) || b.Used(far-1) {
		t.Error("what is older than the memory does not count as used")
	}
	if len(b.pages) > birthPages {
		t.Errorf("%d pages are kept", len(b.pages))
	}
}

package engine

import "testing"

// TestGate: whoever comes while there is less than the limit is let in, however much it
// has; the others wait until something has left.
func TestGate(t *testing.T) {
	var g gate
	g.init(10)
	if !g.try(9) || !g.try(100) || g.try(1) {
		t.Fatal("it does not go by what is there")
	}
	entered := make(chan struct{})
	go func() { g.enter(5); close(entered) }()
	g.leave(9)
	g.leave(91)
	<-entered
	if g.bytes != 14 || g.try(1) {
		t.Errorf("%d bytes are there", g.bytes)
	}
	g.close()
	g.enter(1)
}

package pebblestore

import (
	"sync/atomic"

	"github.com/fermata-dev/fermata/store"
)

// gate counts who is inside, and lets Close wait for them. It is not a lock:
// who is inside may go in again, even while somebody closes.
type gate struct {
	inside atomic.Int64 // lowered by shut once it is shut
	idle   chan struct{}
}

const shut = 1 << 62

func newGate() *gate { return &gate{idle: make(chan struct{}, 1)} }

// enter must be followed by leave, unless it fails.
func (g *gate) enter() error {
	if g.inside.Add(1) < 0 {
		g.leave()
		return store.ErrClosed
	}
	return nil
}

func (g *gate) leave() {
	if g.inside.Add(-1) == -shut {
		select {
		case g.idle <- struct{}{}:
		default: // one signal is enough
		}
	}
}

// close keeps everybody out and waits until nobody is inside. It reports whether
// the gate was open.
func (g *gate) close() bool {
	for {
		n := g.inside.Load()
		if n < 0 {
			return false
		}
		if g.inside.CompareAndSwap(n, n-shut) {
			if n > 0 {
				<-g.idle
			}
			return true
		}
	}
}

package engine

import "sync"

// gate bounds bytes that are on their way to a shard. Who comes while there is less
// than the limit is let in, with as much as it has.
type gate struct {
	limit int

	mu     sync.Mutex // guards the fields below
	bytes  int
	closed bool
	less   sync.Cond // there are fewer bytes, or the gate is closed
}

func (g *gate) init(limit int) { g.limit, g.less.L = limit, &g.mu }

// enter waits until there is room. A gate that is closed lets everybody in.
func (g *gate) enter(bytes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.bytes >= g.limit && !g.closed {
		g.less.Wait()
	}
	g.bytes += bytes
}

// try is enter for those who do not wait.
func (g *gate) try(bytes int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.bytes >= g.limit {
		return false
	}
	g.bytes += bytes
	return true
}

func (g *gate) leave(bytes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.bytes -= bytes
	g.less.Broadcast()
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	g.less.Broadcast()
}

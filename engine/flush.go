package engine

import "github.com/fermata-dev/fermata/engine/core"

// flush returns when the shard has decided and committed what it had at the
// moment of the call.
func (s *shard) flush() {
	for range 3 { // what came, what followed of it, and its results
		ch := make(chan struct{})
		if !s.post(func(*core.Core) { close(ch) }) {
			return
		}
		select {
		case <-ch:
		case <-s.done:
			return
		}
		s.committer.flush()
	}
}

// flush returns when what waited at the moment of the call was committed.
func (c *committer) flush() {
	for {
		c.mu.Lock()
		idle := len(c.pending) == 0 && !c.busy
		var changed chan struct{}
		if !idle {
			if c.changed == nil {
				c.changed = make(chan struct{})
			}
			changed = c.changed
		}
		c.mu.Unlock()
		if idle {
			return
		}
		select {
		case <-changed:
		case <-c.done:
			return
		}
	}
}

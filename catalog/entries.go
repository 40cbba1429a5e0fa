package catalog

import "sync"

// entries counts who is about to have an execution of a machine run, by the name of
// the machine. A deletion first marks the machine and then waits until nobody is
// left who may have seen it without the mark: what they began is listed by then, or
// was refused.
type entries struct {
	mu     sync.Mutex // guards the fields below
	inside map[string]int
	left   map[string]func() // to be called when nobody is inside
}

// Enter says that an execution of the machine of that name is about to run: it is
// going to be started or redriven, if the machine is not being deleted, which the
// caller asks from then on. The caller calls Leave when that is durable, or will
// never be.
func (c *Catalog) Enter(name string) {
	c.entries.mu.Lock()
	defer c.entries.mu.Unlock()
	if c.entries.inside == nil {
		c.entries.inside = map[string]int{}
	}
	c.entries.inside[name]++
}

// Leave ends what Enter has begun.
func (c *Catalog) Leave(name string) {
	if left := c.entries.leave(name); left != nil {
		left()
	}
}

// leave returns what waits for the last one who leaves.
func (e *entries) leave(name string) func() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.inside[name]--; e.inside[name] > 0 {
		return nil
	}
	left := e.left[name]
	delete(e.inside, name)
	delete(e.left, name)
	return left
}

// empty reports whether nobody is inside. If somebody is, left is called once nobody
// was for a moment, in place of what was asked for that name before.
func (e *entries) empty(name string, left func()) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.inside[name] == 0 {
		return true
	}
	if e.left == nil {
		e.left = map[string]func(){}
	}
	e.left[name] = left
	return false
}

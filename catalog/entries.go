package catalog

import "sync"

// entries counts who is about to have an execution of a machine run, by the name of
// the machine. A deletion first marks the machine and then waits until nobody is
// left who may have seen it without the mark: what they began is listed by then, or
// was refused.
type entries struct {
	mu     sync.Mutex // guards inside
	inside map[string]int
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
	c.entries.mu.Lock()
	defer c.entries.mu.Unlock()
	if c.entries.inside[name]--; c.entries.inside[name] == 0 {
		delete(c.entries.inside, name)
	}
}

// under reports whether somebody is inside.
func (e *entries) under(name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.inside[name] > 0
}

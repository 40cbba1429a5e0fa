package store

import (
	"maps"
	"time"
)

// Canonical returns a copy of the head as a store gives it back: instants in UTC
// and cut to whole milliseconds (attributes keep their nanoseconds), no empty
// map. The copy shares nothing that can be changed with the original.
func (h *Head) Canonical() *Head {
	c := *h
	c.Started, c.Closed = Milli(h.Started), Milli(h.Closed)
	c.Last, c.Wake = Milli(h.Last), Milli(h.Wake)
	c.Attributes = nil
	if len(h.Attributes) > 0 {
		c.Attributes = maps.Clone(h.Attributes)
		for name, value := range c.Attributes {
			if t, ok := value.(time.Time); ok {
				c.Attributes[name] = canonicalTime(t)
			}
		}
	}
	return &c
}

// canonicalTime drops location and monotonic reading.
func canonicalTime(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}

package logging

import (
	"sync"

	"github.com/fermata-dev/fermata/engine"
)

// notice is one entry that an engine has committed.
type notice struct {
	source *source
	engine.Committed
}

// queue holds what waits to be logged. Beyond maxBytes the bytes of an entry are
// not kept, for the engine has them; beyond maxLength nothing is taken.
type queue struct {
	maxBytes, maxLength int
	wake                chan struct{} // capacity 1

	mu      sync.Mutex // guards the fields below
	waiting []notice
	bytes   int
}

func (q *queue) init(maxBytes, maxLength int) {
	q.maxBytes, q.maxLength = maxBytes, maxLength
	q.wake = make(chan struct{}, 1)
}

// put reports whether there was room.
func (q *queue) put(n notice) bool {
	q.mu.Lock()
	if len(q.waiting) >= q.maxLength {
		q.mu.Unlock()
		return false
	}
	if q.bytes+len(n.Data) > q.maxBytes {
		n.Data = nil
	}
	q.bytes += len(n.Data)
	q.waiting = append(q.waiting, n)
	first := len(q.waiting) == 1
	q.mu.Unlock()
	if first {
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
	return true
}

// take returns all that waits. spare is memory for the next notices.
func (q *queue) take(spare []notice) []notice {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.waiting
	q.waiting, q.bytes = spare[:0], 0
	return all
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

package engine

import "sync"

// openRuns counts the runs under way of an engine whose runs are lost with it.
type openRuns struct {
	counts  bool       // else it lets everybody in
	mu      sync.Mutex // guards the fields below
	n       int
	refuses bool
	empty   chan struct{} // closed when refuses and n is 0
}

// enter counts one more, if there may be one.
func (o *openRuns) enter() bool {
	if !o.counts {
		return true
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.refuses {
		return false
	}
	o.n++
	return true
}

func (o *openRuns) leave() {
	if !o.counts {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.n--
	if o.refuses && o.n == 0 {
		close(o.empty)
	}
}

// end lets no more in and waits until all have left or the time is up. It returns
// how many are left.
func (o *openRuns) end(timeUp <-chan struct{}) int {
	o.mu.Lock()
	o.refuses = true
	o.empty = make(chan struct{})
	left := o.n
	o.mu.Unlock()
	if left == 0 {
		return 0
	}
	select {
	case <-o.empty:
	case <-timeUp:
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n
}

package engine

import "sync"

// pool runs functions on at most max goroutines. What is beyond waits in
// memory, in order. It has no goroutine when it has nothing to do.
type pool struct {
	max int

	mu      sync.Mutex // guards running, waiting, head
	running int
	waiting []func()
	head    int
	idle    sync.Cond
}

func newPool(max int) *pool {
	p := &pool{max: max}
	p.idle.L = &p.mu
	return p
}

// do runs f as soon as there is room. It does not block.
func (p *pool) do(f func()) {
	p.mu.Lock()
	if p.running >= p.max {
		p.waiting = append(p.waiting, f)
		p.mu.Unlock()
		return
	}
	p.running++
	p.mu.Unlock()
	go p.work(f)
}

// work runs f and then whatever waits.
func (p *pool) work(f func()) {
	for f != nil {
		f()
		f = p.next()
	}
}

func (p *pool) next() func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.head < len(p.waiting) {
		f := p.waiting[p.head]
		p.waiting[p.head] = nil
		p.head++
		if p.head == len(p.waiting) {
			p.waiting, p.head = p.waiting[:0], 0
		}
		return f
	}
	p.running--
	if p.running == 0 {
		p.idle.Broadcast()
	}
	return nil
}

// wait blocks until the pool has nothing to do.
func (p *pool) wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.running > 0 {
		p.idle.Wait()
	}
}

// load is the number of functions that run or wait.
func (p *pool) load() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running + len(p.waiting) - p.head
}

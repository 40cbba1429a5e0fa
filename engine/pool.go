package engine

import "sync"

// pool runs functions on at most max goroutines. What is beyond waits in
// memory, in order. A few goroutines that have nothing to do are kept, for a new
// one has to grow its stack first; none is started before it is needed.
type pool struct {
	max int

	mu      sync.Mutex // guards the fields below
	running int        // goroutines at work
	parked  int        // goroutines that wait for work
	waiting []func()
	head    int
	closed  bool
	work    sync.Cond // there is work for a parked one, or the pool is closed
	idle    sync.Cond // nothing runs any more
	gone    sync.WaitGroup
}

// maxParked is how many goroutines a pool keeps without work.
const maxParked = 64

func newPool(max int) *pool {
	p := &pool{max: max}
	p.work.L, p.idle.L = &p.mu, &p.mu
	return p
}

// do runs f as soon as there is room. It does not block.
func (p *pool) do(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if waiting := len(p.waiting) - p.head; waiting >= p.parked && p.running+p.parked < p.max && !p.closed {
		p.running++
		p.gone.Add(1)
		go p.loop(f)
		return
	}
	p.waiting = append(p.waiting, f)
	p.work.Signal()
}

// loop runs f and then whatever waits.
func (p *pool) loop(f func()) {
	defer p.gone.Done()
	for f != nil {
		f()
		f = p.next()
	}
}

// next returns the next function, or nil if the goroutine is to end.
func (p *pool) next() func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.pop(); f != nil {
		return f
	}
	p.running--
	if p.running == 0 {
		p.idle.Broadcast()
	}
	if p.parked >= maxParked {
		return nil
	}
	p.parked++
	defer func() { p.parked-- }()
	for !p.closed {
		p.work.Wait()
		if f := p.pop(); f != nil {
			p.running++
			return f
		}
	}
	return nil
}

func (p *pool) pop() func() {
	if p.head == len(p.waiting) {
		return nil
	}
	f := p.waiting[p.head]
	p.waiting[p.head] = nil
	p.head++
	if p.head == len(p.waiting) {
		p.waiting, p.head = p.waiting[:0], 0
	}
	return f
}

// wait blocks until the pool has nothing to do.
func (p *pool) wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.running > 0 || p.head < len(p.waiting) {
		p.idle.Wait()
	}
}

// close lets the goroutines end that have nothing to do, and waits for the rest.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	p.work.Broadcast()
	p.mu.Unlock()
	p.gone.Wait()
}

package engine

import (
	"slices"
	"sync"
)

// pool runs functions on at most max goroutines. What is beyond waits in
// memory, in order. None is started before it is needed, and a few that have
// nothing to do are kept, for a new one has to grow its stack first.
//
// A burst of functions does not start a goroutine for each: one is started, and
// when it begins to run and finds more waiting it starts the next. Functions that
// end at once are so carried out by a few goroutines, those that block get one
// each, soon.
type pool struct {
	max int

	mu       sync.Mutex // guards the fields below
	running  int        // goroutines at work, or starting
	parked   int        // goroutines that wait for work
	starting bool       // one was started and has not begun
	waiting  []func()
	head     int
	closed   bool
	work     sync.Cond // there is work for a parked one, or the pool is closed
	idle     sync.Cond // nothing runs any more
	gone     sync.WaitGroup
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
	if len(p.waiting) == cap(p.waiting) && p.head > len(p.waiting)/2 { // what was done makes room
		p.waiting, p.head = slices.Delete(p.waiting, 0, p.head), 0
	}
	p.waiting = append(p.waiting, f)
	p.help()
}

// backlog is how many functions wait.
func (p *pool) backlog() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.waiting) - p.head
}

// help finds one more goroutine for what waits, if there may be one.
func (p *pool) help() {
	switch {
	case p.head == len(p.waiting):
	case p.parked > 0:
		p.work.Signal()
	case !p.starting && p.running < p.max:
		p.starting = true
		p.running++
		p.gone.Add(1)
		go p.loop()
	}
}

// loop runs whatever waits.
func (p *pool) loop() {
	defer p.gone.Done()
	for f := p.begin(); f != nil; f = p.next() {
		f()
	}
}

func (p *pool) begin() func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.starting = false
	return p.take()
}

// next returns the next function, or nil if the goroutine is to end.
func (p *pool) next() func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.take()
}

// take waits for a function. It returns nil if the goroutine is to end.
func (p *pool) take() func() {
	if f := p.pop(); f != nil {
		p.help()
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
			p.parked-- // it does not wait any more when it looks for help
			p.help()
			p.parked++
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

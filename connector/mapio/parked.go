package mapio

import (
	"context"
	"sync"
	"time"
)

const (
	// mostParked is how many streams wait for their next block at most.
	mostParked = 64
	// parkedFor is how long a stream waits at most.
	parkedFor = 30 * time.Second
)

// parked are streams that have given a block and wait to be asked for the next.
// A stream that is there no more is opened anew at its cursor.
type parked struct {
	mu     sync.Mutex // guards the fields below; streams are closed without it
	byName map[string]*opened
	count  uint64
	closed bool
}

// opened is a stream and what ends it. It belongs to one call at a time.
type opened struct {
	stream
	cancel context.CancelFunc
	size   int         // of the last answer
	timer  *time.Timer // while it is parked
	number uint64      // in the order of parking
}

func newParked() *parked { return &parked{byName: map[string]*opened{}} }

// drop closes a stream. What it says is of no interest: the items that it gave
// have been verified.
func (o *opened) drop() {
	o.cancel()
	_ = o.Close()
}

// take is the stream parked under a name, which is parked no longer; nil if there
// is none.
func (p *parked) take(name string) *opened {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.byName[name]
	if o != nil {
		delete(p.byName, name)
		o.timer.Stop()
	}
	return o
}

// put parks a stream. The one that has waited longest makes room.
func (p *parked) put(name string, o *opened) {
	for _, old := range p.add(name, o) {
		old.drop()
	}
}

// add parks a stream and gives those that must be dropped for it.
func (p *parked) add(name string, o *opened) (out []*opened) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return []*opened{o}
	}
	if same := p.byName[name]; same != nil {
		out = append(out, p.remove(name, same))
	}
	if len(p.byName) == mostParked {
		out = append(out, p.remove(p.oldest()))
	}
	p.count++
	o.number = p.count
	o.timer = time.AfterFunc(parkedFor, func() { p.expire(name, o) })
	p.byName[name] = o
	return out
}

// remove takes a stream out. p.mu is held.
func (p *parked) remove(name string, o *opened) *opened {
	o.timer.Stop()
	delete(p.byName, name)
	return o
}

// oldest is the stream that has waited longest. p.mu is held.
func (p *parked) oldest() (name string, oldest *opened) {
	for n, o := range p.byName {
		if oldest == nil || o.number < oldest.number {
			name, oldest = n, o
		}
	}
	return name, oldest
}

// expire drops a stream that nobody has asked for.
func (p *parked) expire(name string, o *opened) {
	p.mu.Lock()
	mine := p.byName[name] == o
	if mine {
		delete(p.byName, name)
	}
	p.mu.Unlock()
	if mine {
		o.drop()
	}
}

// close drops all; what is parked later is dropped at once.
func (p *parked) close() {
	p.mu.Lock()
	all := p.byName
	p.byName, p.closed = nil, true
	p.mu.Unlock()
	for _, o := range all {
		o.timer.Stop()
		o.drop()
	}
}

// readBlock reads a block from the stream that is parked at its cursor, or from
// one that it opens there.
func (c *Connector) readBlock(ctx context.Context, r *reading) ([]byte, error) {
	o := c.parked.take(r.name + r.cursor)
	if o == nil {
		o = &opened{}
		var lasting context.Context
		lasting, o.cancel = context.WithCancel(context.WithoutCancel(ctx))
		detach := context.AfterFunc(ctx, o.cancel)
		var err error
		o.stream, err = r.open(lasting, c.store)
		if detach(); err != nil {
			o.cancel()
			return nil, err
		}
	}
	detach := context.AfterFunc(ctx, o.cancel)
	b, err := r.block(o.stream, o.size+o.size/16)
	if !detach() || err != nil || b.done {
		o.drop()
		return b.answer, err
	}
	o.size = len(b.answer)
	c.parked.put(r.name+b.cursor, o)
	return b.answer, nil
}

package pebblestore

import (
	"context"
	"sync"
	"sync/atomic"
)

// durability follows the tickets of commits. Each commit draws the next ticket
// before it is applied; the write-ahead log has them in that order, so that the
// sync of one makes all before it durable as well.
type durability struct {
	begun   atomic.Uint64 // the newest ticket that may be visible to readers
	applied atomic.Uint64 // all up to this one are visible to readers
	synced  atomic.Uint64 // all up to this one are durable

	awaited atomic.Bool // somebody waits for changed
	mu      sync.Mutex  // guards changed
	changed chan struct{}
}

// done tells that all up to the ticket are durable.
func (d *durability) done(ticket uint64) {
	for {
		synced := d.synced.Load()
		if synced >= ticket {
			return
		}
		if d.synced.CompareAndSwap(synced, ticket) {
			break
		}
	}
	if !d.awaited.Load() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.awaited.Store(false)
	if d.changed != nil {
		close(d.changed)
		d.changed = nil
	}
}

// wait returns when all up to the ticket are durable, with an error if that is
// never to be or the context ends first.
func (d *durability) wait(ctx context.Context, ticket uint64, f *failure) error {
	for d.synced.Load() < ticket {
		changed := d.await()
		if d.synced.Load() >= ticket {
			return nil
		}
		select {
		case <-changed:
		case <-f.happened:
			return f.err()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// await returns a channel that is closed at the next call of done.
func (d *durability) await() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.changed == nil {
		d.changed = make(chan struct{})
	}
	d.awaited.Store(true)
	return d.changed
}

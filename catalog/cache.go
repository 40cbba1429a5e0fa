package catalog

import (
	"container/list"
	"sync"

	"github.com/fermata-dev/fermata/engine"
)

// programs keeps the definitions in use compiled, the least recently used one
// goes first.
type programs struct {
	limit int // bytes of definition text

	mu    sync.Mutex // guards all below
	size  int
	byID  map[uint64]*list.Element
	order list.List // of *engine.Definition, most recently used first
}

func (p *programs) get(id uint64) *engine.Definition {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.byID[id]
	if e == nil {
		return nil
	}
	p.order.MoveToFront(e)
	return e.Value.(*engine.Definition)
}

// put keeps def and returns it, or the one that somebody else has put first.
func (p *programs) put(def *engine.Definition) *engine.Definition {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.byID[def.ID]; e != nil {
		return e.Value.(*engine.Definition)
	}
	if p.byID == nil {
		p.byID = map[uint64]*list.Element{}
	}
	p.byID[def.ID] = p.order.PushFront(def)
	p.size += cost(def)
	for p.size > p.limit && p.order.Len() > 1 {
		last := p.order.Remove(p.order.Back()).(*engine.Definition)
		delete(p.byID, last.ID)
		p.size -= cost(last)
	}
	return def
}

func cost(def *engine.Definition) int { return len(DetailOf(def).Definition) + 1024 }

// knownLimit is how many records of a kind are kept in memory.
const knownLimit = 16384

// known keeps records in use, by key, so that starting an execution reads
// nothing from the store.
type known[T any] struct {
	mu    sync.RWMutex // guards all below
	byKey map[string]*T
	epoch uint64 // rises with every change, so that a slow reader puts nothing old
}

func (k *known[T]) get(key string) (v *T, epoch uint64) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.byKey[key], k.epoch
}

// put keeps what was read when the epoch was this.
func (k *known[T]) put(key string, v *T, epoch uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.epoch != epoch {
		return
	}
	if k.byKey == nil || len(k.byKey) >= knownLimit {
		k.byKey = map[string]*T{}
	}
	k.byKey[key] = v
}

// forget must be called after every change of the record.
func (k *known[T]) forget(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.epoch++
	delete(k.byKey, key)
}

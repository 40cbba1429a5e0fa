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

// machinesLimit is how many machines are kept in memory.
const machinesLimit = 16384

// machines keeps the machines in use, so that starting an execution reads
// nothing from the store.
type machines struct {
	mu     sync.RWMutex // guards all below
	byName map[string]*Machine
	epoch  uint64 // rises with every change, so that a slow reader puts nothing old
}

func (m *machines) get(name string) (machine *Machine, epoch uint64) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.byName[name], m.epoch
}

// put keeps what was read when the epoch was this.
func (m *machines) put(machine *Machine, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epoch != epoch {
		return
	}
	if m.byName == nil || len(m.byName) >= machinesLimit {
		m.byName = map[string]*Machine{}
	}
	m.byName[machine.Name] = machine
}

// forget must be called after every change of the machine's record.
func (m *machines) forget(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	delete(m.byName, name)
}

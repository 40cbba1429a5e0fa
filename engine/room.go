package engine

import (
	"time"

	"github.com/fermata-dev/fermata/store"
)

// makeRoom sees to it that a store in memory has room for a new run. Those who
// start runs make it, so that what is purged keeps step with what is started.
func (e *Engine) makeRoom() error {
	if !e.full() {
		return nil
	}
	e.room.Lock()
	defer e.room.Unlock()
	for e.full() {
		rows, err := e.purgeSome(store.WakeRow{}, e.now().Add(time.Hour))
		if err != nil {
			return err
		}
		if len(rows) == 0 { // all of it is under way
			return ErrBusy
		}
	}
	return nil
}

// full reports whether the store and the runs in memory have all that they may.
func (e *Engine) full() bool {
	if e.cfg.MaxBytes <= 0 {
		return false
	}
	bytes := e.cfg.Store.(store.Sized).Bytes()
	for _, s := range e.shards {
		bytes += s.weight.Load()
	}
	return bytes >= e.cfg.MaxBytes
}

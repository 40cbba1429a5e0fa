package engine

import (
	"bytes"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
)

// What a run that waits for a function takes, in bytes: with any input, for each byte of
// its input, and for each value in that.
const (
	roomPerRun   = 4 << 10
	roomPerByte  = 6
	roomPerValue = 48
)

// roomFor estimates what a new run will take. Nearly each value has a comma.
func roomFor(input *value.Document) int64 {
	in := text(input)
	return int64(roomPerRun + roomPerByte*len(in) + roomPerValue*bytes.Count(in, []byte(",")))
}

// makeRoom sees to it that there is memory for a new run, and counts what it will take
// as taken: whoever starts it takes that back once the run itself is counted. Those who
// start runs make room, so that what is purged keeps step with what is started.
func (e *Engine) makeRoom(room int64) error {
	if !e.full() {
		e.starting.Add(room)
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
	e.starting.Add(room)
	return nil
}

// full reports whether the store and the runs that are in memory, or are being started,
// have all that they may.
func (e *Engine) full() bool {
	taken := e.cfg.Store.(store.Sized).Bytes() + e.starting.Load()
	for _, s := range e.shards {
		taken += s.weight.Load()
	}
	return taken >= e.cfg.MaxBytes
}

package maprun

import (
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

// FuzzApply: no fact makes a map run panic, and what is accepted is read again the
// same.
func FuzzApply(f *testing.F) {
	start := (&fact{kind: factStarted, version: 1, data: []byte(config(`,"Items":[1,2]`))}).append(nil)
	for _, next := range []fact{{kind: factLaunched, items: 1}, {kind: factReading}, {kind: factEnding, status: 2}, {kind: factClosed, status: 1}, {kind: factEnded, task: 1, status: 1}} {
		f.Add(start, next.append(nil))
	}
	f.Fuzz(func(_ *testing.T, first, second []byte) {
		p := &Program{}
		r := p.New(interpreter.Info{Limits: &interpreter.Limits{}})
		for _, b := range [][]byte{first, second, second} {
			_ = r.Apply(b, time.UnixMilli(1))
		}
		r.Pending()
		if r.Result().Status.Closed() || r.(*Run).version == 0 {
			return
		}
		_ = r.Snapshot(nil)
	})
}

// FuzzRestore: no snapshot makes it panic.
func FuzzRestore(f *testing.F) {
	p := &Program{}
	r := p.New(interpreter.Info{Limits: &interpreter.Limits{}})
	_ = r.Apply((&fact{kind: factStarted, version: 1, data: []byte(config(`,"Items":[1,2]`))}).append(nil), time.UnixMilli(1))
	_ = r.Apply((&fact{kind: factLaunched, items: 1}).append(nil), time.UnixMilli(2))
	f.Add(r.Snapshot(nil))
	f.Fuzz(func(_ *testing.T, snapshot []byte) {
		if r, err := p.Restore(interpreter.Info{Limits: &interpreter.Limits{}}, snapshot); err == nil {
			r.Pending()
			_ = r.Snapshot(nil)
		}
	})
}

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
	for _, next := range []fact{{kind: factRedriven}, {kind: factRelaunched}, {kind: factRecalling}, {kind: factRecalled, data: []byte("[]")}, {kind: factRecounting}, {kind: factRecounted, data: []byte("[]"), number: 1}, {kind: factLeft, items: 1}, {kind: factLaunched, items: 1}, {kind: factReading}, {kind: factEnding, status: 2}, {kind: factClosed, status: 1}, {kind: factEnded, task: 1, status: 1}} {
		f.Add(start, next.append(nil))
	}
	f.Fuzz(func(_ *testing.T, first, second []byte) {
		for _, express := range []bool{false, true} {
			p := &Program{Express: express}
			r := p.New(interpreter.Info{Limits: &interpreter.Limits{}})
			for _, b := range [][]byte{first, second, second} {
				_ = r.Apply(b, time.UnixMilli(1))
			}
			r.Pending()
			if r.(*Run).version != 0 {
				_ = r.Snapshot(nil)
			}
		}
	})
}

// FuzzRecall: no cursor and no entry makes it panic.
func FuzzRecall(f *testing.F) {
	start := (&fact{kind: factStarted, version: 1, data: []byte(config(`,"Items":[1,2]`))}).append(nil)
	f.Add("", start, (&fact{kind: factLaunched, items: 1}).append(nil))
	f.Add(`{"e":1,"n":2,"r":0,"i":1}`, start, (&fact{kind: factRead, data: []byte("[1]")}).append(nil))
	f.Fuzz(func(t *testing.T, cursor string, first, second []byte) {
		r, from, err := NewRecall(cursor)
		if err != nil {
			return
		}
		for i := range uint64(3) {
			if r.Entry(from+i, [][]byte{first, second}, func(int64, []byte) bool { return true }) != nil {
				return
			}
		}
		if _, _, err := NewRecall(r.Cursor()); err != nil {
			t.Errorf("its own cursor: %v", err)
		}
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

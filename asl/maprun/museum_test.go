package maprun

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

// exhibit is a log as a version of the interpreter wrote it, one line a fact, and
// once the snapshot of what comes before the next line. What an older version wrote
// is read for ever: exhibits are added, never changed.
type exhibit struct {
	express bool
	outcome string
	log     string
}

// TestMuseum reads everything that was ever written.
func TestMuseum(t *testing.T) {
	seen := map[byte]bool{}
	for i, e := range museum {
		w := newWorld(t, &Program{Express: e.express}, interpreter.Limits{})
		restored, old := w.run, false
		for line := range strings.Lines(strings.TrimSpace(e.log)) {
			text, isSnapshot := strings.CutPrefix(strings.TrimSpace(line), "snapshot ")
			data, err := hex.DecodeString(text)
			if err == nil && isSnapshot {
				restored, err = w.program.Restore(w.info(), data)
				old = data[0] == 1
				if err == nil && data[0] < 4 { // it did not say what the children had given
					restored.(*Run).seen = w.run.(*Run).seen
				}
			} else if err == nil {
				seen[data[0]] = true
				err = w.run.Apply(data, time.UnixMilli(1000))
				if restored != w.run && err == nil {
					err = restored.Apply(data, time.UnixMilli(1000))
				}
			}
			if err != nil {
				t.Fatalf("exhibit %d: %v", i, err)
			}
		}
		if got, want := restored.(*Run).Describe(), w.run.(*Run).Describe(); got != want {
			t.Errorf("exhibit %d: the snapshot leads to %+v, not %+v", i, got, want)
		}
		if !old && string(restored.Snapshot(nil)) != string(w.run.Snapshot(nil)) {
			t.Errorf("exhibit %d: the snapshot leads elsewhere", i)
		}
		w.expect(e.outcome)
		w.run = restored
		w.expect(e.outcome)
	}
	for kind := factStarted; kind <= factRestored; kind++ {
		if !seen[byte(kind)] {
			t.Errorf("the museum has no fact of kind %d", kind)
		}
	}
}

package engine_test

import (
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
)

// TestAtRestNothingIsHeldOfWhatHasEnded: the memory of the last runs is free when nothing
// comes after them.
func TestAtRestNothingIsHeldOfWhatHasEnded(t *testing.T) {
	w := newWorld(t, echo)
	d := w.deploy(1, oneTask)
	begin := func() weak.Pointer[byte] {
		input := []byte(`"` + strings.Repeat("x", 1000) + `"`)
		s, err := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Input: value.Text(input)})
		if err != nil {
			t.Fatal(err)
		}
		w.wait(s.Run)
		return weak.Make(&input[0])
	}
	input := begin()
	for range 100 { // the function that was called may not have returned yet, nor the turn have ended
		if runtime.GC(); input.Value() == nil {
			return
		}
	}
	t.Error("the input of a run that has ended is held")
}

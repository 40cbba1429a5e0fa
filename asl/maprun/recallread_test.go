package maprun

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/interpreter"
)

// recall reads the children of a log from a cursor on, at most n that are wanted.
func (w *world) recall(cursor string, wanted []int64, n int) (found []string, next string) {
	w.t.Helper()
	r, from, err := NewRecall(cursor)
	if err != nil {
		w.t.Fatal(err)
	}
	more := true
	for position := from; more && position < uint64(len(w.log)); position++ {
		err := r.Entry(position, w.log[position], func(number int64, input []byte) bool {
			if slices.Contains(wanted, number) {
				found = append(found, fmt.Sprintf("%d %s", number, input))
			}
			more = len(found) < n
			return more
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return found, r.Cursor()
}

// TestRecall finds the inputs of all children, from the beginning and from every
// cursor on, also those after it that were read before.
func TestRecall(t *testing.T) {
	for _, members := range []string{
		`,"MaxConcurrency":3,"Items":["i0","i1","i2","i3","i4","i5","i6","i7"]`,
		`,"MaxConcurrency":2,"Reader":{"Resource":"r"}`,
		`,"MaxConcurrency":2,"Reader":{"Resource":"r"},"Batcher":{"MaxItemsPerBatch":3}`,
	} {
		w := newWorld(t, &Program{}, interpreter.Limits{BatchFacts: 3})
		w.start(config(members))
		for block := 0; len(w.tasks(ReadItems)) > 0 && block < 4; block++ {
			w.answer(ReadItems, fmt.Sprintf(`{"Items":["i%d","i%d","i%d"],"Cursor":"c","Done":%t}`, 3*block, 3*block+1, 3*block+2, block == 3))
		}
		var inputs []string
		var numbers []int64
		for len(w.tasks(StartChild)) > 0 {
			task := w.tasks(StartChild)[0]
			inputs, numbers = append(inputs, fmt.Sprintf("%d %s", len(inputs), task.Payload)), append(numbers, int64(len(numbers)))
			w.end("SUCCEEDED")
		}
		if len(inputs) < 4 {
			t.Fatalf("%s: %d children", members, len(inputs))
		}
		if all, _ := w.recall("", numbers, 1<<30); !slices.Equal(all, inputs) {
			t.Errorf("%s: found %q\nwant %q", members, all, inputs)
		}
		for first := range inputs {
			some, cursor := w.recall("", numbers[:first+1], first+1)
			rest, _ := w.recall(cursor, numbers[first+1:], 1<<30)
			if !slices.Equal(append(some, rest...), inputs) {
				t.Errorf("%s: found %q, then from %s on %q", members, some, cursor, rest)
			}
		}
	}
	if _, _, err := NewRecall("x"); err == nil {
		t.Error("a cursor that is none is taken")
	}
}

package maprun

import (
	"fmt"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// TestSourcesOfItems: the selector is told where each item was read, whether or not
// the reader says so, over snapshots and batches.
func TestSourcesOfItems(t *testing.T) {
	p := &Program{Selector: func(*Config, interpreter.Info) (Selector, error) {
		return func(item Item, _ *interpreter.Env) (*value.Document, *Failure) {
			return value.Text(fmt.Appendf(nil, "%q", string(item.Value.Text())+"@"+item.Source)), nil
		}, nil
	}}
	const selector = `,"Reader":{"Resource":"r"},"Selector":{"Input":1,"Context":{}}`
	for _, c := range []struct{ members, want string }{
		{selector, `"1@" "2@" "3@x" "4@x" "5@y" "6@" "7@" "8@"`},
		{selector + `,"Batcher":{"MaxItemsPerBatch":3}`, `{"Items":["1@","2@","3@x"]} {"Items":["4@x","5@y","6@"]} {"Items":["7@","8@"]}`},
		{`,"Reader":{"Resource":"r"}`, `1 2 3 4 5 6 7 8`},
	} {
		w := newWorld(t, p, interpreter.Limits{BatchFacts: 2})
		w.start(config(`,"MaxConcurrency":1` + c.members))
		for _, block := range []string{
			`{"Items":[1,2],"Cursor":"a"}`,
			`{"Items":[3,4,5],"Cursor":"b","Sources":[{"Items":2,"Source":"x"},{"Items":1,"Source":"y"}]}`,
			`{"Items":[6,7],"Cursor":"c","Sources":[{"Items":9,"Source":"wrong"}]}`,
			`{"Items":[8],"Cursor":"d","Sources":[{"Items":-1},{"Items":2}],"Done":true}`,
		} {
			w.answer(ReadItems, block)
		}
		got := ""
		for children := w.tasks(StartChild); len(children) > 0; children = w.tasks(StartChild) {
			got += " " + string(children[0].Payload)
			w.end("SUCCEEDED")
		}
		if got != " "+c.want {
			t.Errorf("%s: got %s\nwant %s", c.members, got, c.want)
		}
	}
}

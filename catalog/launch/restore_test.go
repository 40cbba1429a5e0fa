package launch_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// unwritten is an engine whose only run is a map run that could not write the results of
// the second and the third of its children.
type unwritten struct{ ender }

func (*unwritten) EntriesFrom(_ context.Context, _ store.RunID, from uint64, yield func(engine.Entry) bool) error {
	p := &maprun.Program{FileBytes: 1}
	run := p.New(interpreter.Info{Limits: &interpreter.Limits{}})
	for i, cmd := range []interpreter.Command{
		interpreter.Start{Input: value.Text([]byte(`{"Name":"n","Items":["a","b","c"],"Writer":{"Resource":"w"}}`))},
		interpreter.TaskSucceeded{ID: 1, Output: []byte(`{"Status":"SUCCEEDED","Output":1}`)},
		interpreter.TaskFailed{ID: 4}, // to write the first file
		interpreter.TaskSucceeded{ID: 2, Output: []byte(`{"Status":"SUCCEEDED","Output":2}`)},
		interpreter.TaskSucceeded{ID: 3, Output: []byte(`{"Status":"SUCCEEDED","Output":3}`)},
	} {
		var d interpreter.Decision
		run.Decide(&interpreter.Env{}, cmd, &d)
		entry := engine.Entry{Position: uint64(i)}
		for n := range d.Facts() {
			entry.Facts = append(entry.Facts, bytes.Clone(d.Fact(n)))
		}
		if uint64(i) >= from && !yield(entry) {
			break
		}
	}
	return nil
}

// TestRestore reads deferred records off the log of a map run, a few at a time.
func TestRestore(t *testing.T) {
	_, e := newEnder(t, interpreter.Failed)
	l := launch.New(e.catalog)
	l.Attach(&unwritten{*e}, nil)
	first, err := l.Restore(t.Context(), 1, []byte(`{"Bytes":1}`))
	if want := `{"Records":[{"Items":1,"Record":{"Status":"SUCCEEDED","Output":2}}],"Cursor":"{\"e\":3,\"i\":1}"}`; err != nil || string(first) != want {
		t.Errorf("gives %s, %v, want %s", first, err, want)
	}
	rest, err := l.Restore(t.Context(), 1, []byte(`{"Bytes":1000,"Cursor":"{\"e\":3,\"i\":1}"}`))
	if err != nil || strings.Count(string(rest), `"Record"`) != 1 || !strings.Contains(string(rest), `"Output":3`) {
		t.Errorf("gives %s, %v", rest, err)
	}
	for _, request := range []string{`x`, `{"Cursor":"x"}`} {
		if _, err := l.Restore(t.Context(), 1, []byte(request)); err == nil {
			t.Errorf("%s is taken", request)
		}
	}
}

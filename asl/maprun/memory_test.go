package maprun

import (
	"bytes"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// TestStateHoldsNoFacts: what stays of items, children and results is a copy. A slice of
// a fact would hold all facts that were decided together, a megabyte for the record of
// one child that failed, until its file is written.
func TestStateHoldsNoFacts(t *testing.T) {
	const reader = `,"Reader":{"Resource":"r"},"Selector":{"Input":1,"Context":{}}`
	for name, members := range map[string]string{
		"inputs from a selector, records for a file": reader + `,"Writer":{"Resource":"w"}`,
		"outputs": reader,
		"items":   `,"Reader":{"Resource":"r"}`,
	} {
		t.Run(name, func(t *testing.T) {
			p := &Program{Selector: func(*Config, interpreter.Info) (Selector, error) {
				return func(item Item, _ *interpreter.Env) (*value.Document, *Failure) {
					return item.Value, nil
				}, nil
			}}
			w := newWorld(t, p, interpreter.Limits{})
			run := p.New(w.info())
			apply := func(f *fact) {
				t.Helper()
				data := f.append(nil)
				if err := run.Apply(data, w.env.Now); err != nil {
					t.Fatal(err)
				}
				if f.kind != factStarted {
					for i := range data {
						data[i] = '#'
					}
				}
			}
			apply(&fact{kind: factStarted, version: formatVersion, data: []byte(config(members))})
			apply(&fact{kind: factReading})
			apply(&fact{kind: factRead, data: []byte(`["one","two","three"]`), text: "cursor"})
			for _, input := range []string{`"one"`, `"two"`} {
				f := &fact{kind: factLaunched, items: 1}
				if f.given = name != "items"; f.given {
					f.data = []byte(input)
				}
				apply(f)
			}
			apply(&fact{kind: factEnded, task: 2, status: uint64(interpreter.Succeeded), data: []byte(`"one"`)})
			if s := run.Snapshot(nil); bytes.ContainsRune(s, '#') {
				t.Errorf("the state changed with the bytes of a fact: %q", s)
			}
		})
	}
}

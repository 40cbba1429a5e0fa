package launch_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// mapper is an engine whose runs are all map runs of one part, and which counts how
// often it is asked for their definition.
type mapper struct {
	fake
	catalog *catalog.Catalog
	part    *engine.Definition
	asked   int
	fails   error
}

func (m *mapper) Definition(context.Context, store.RunID) (*engine.Definition, error) {
	m.asked++
	return m.part, m.fails
}

func (m *mapper) Waited(context.Context, store.RunID) (bool, error) { return true, nil }

func (m *mapper) ChildName(run store.RunID, number int64) string {
	return fmt.Sprintf("%d-%d", run, number)
}

func newMapper(t *testing.T) (*launch.Launcher, *mapper) {
	t.Helper()
	compile := func([]byte, catalog.Type, bool) (*catalog.Compiled, []definition.Diagnostic) {
		return &catalog.Compiled{Parts: []catalog.Part{{Label: "rows", Type: catalog.Standard}}}, nil
	}
	c, err := catalog.Open(t.Context(), catalog.Config{Records: memstore.New(memstore.Options{}), Compile: compile, Place: catalog.Place{Region: "us-east-1"}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.CreateMachine(t.Context(), catalog.CreateRequest{
		Name: "m", Type: catalog.Standard, Definition: "{}", Settings: catalog.Settings{RoleARN: "arn:aws:iam::1:role/r"},
	})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := c.Definition(t.Context(), m.Revision)
	if err != nil {
		t.Fatal(err)
	}
	e := &mapper{catalog: c}
	if e.part, err = catalog.PartOf(whole, "rows", catalog.MapRun); err != nil {
		t.Fatal(err)
	}
	l := launch.New(c)
	l.Attach(e, nil)
	return l, e
}

func TestChildrenOfOneMapRunReadItsDefinitionOnce(t *testing.T) {
	l, e := newMapper(t)
	e.fails = errors.New("the store is busy")
	if err := l.StartChild(t.Context(), mapruns.ChildRequest{MapRun: 1}); !errors.Is(err, e.fails) {
		t.Fatalf("it started: %v", err)
	}
	e.fails, e.asked = nil, 0
	const mapRuns, children = 300, 3
	for run := range uint64(mapRuns) {
		for number := range int64(children) {
			if err := l.StartChild(t.Context(), mapruns.ChildRequest{MapRun: run, Number: number, Input: []byte("1")}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if e.asked != mapRuns {
		t.Errorf("the definition of %d map runs was read %d times", mapRuns, e.asked)
	}
	for i, s := range e.started {
		run, number := store.RunID(i/children), int64(i%children)
		if s.Definition.Machine != catalog.ChildrenOf(run) || s.Name != e.ChildName(run, number) || catalog.DetailOf(s.Definition).Role != catalog.MapItem {
			t.Fatalf("child %d is %s of machine %x", i, s.Name, s.Definition.Machine)
		}
	}
}

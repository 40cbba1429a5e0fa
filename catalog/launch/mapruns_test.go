package launch_test

import (
	"context"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// mapEngine is an engine all of whose executions are of one machine.
type mapEngine struct {
	fake
	of      *engine.Definition
	waited  bool
	stopped []store.RunID
}

func (e *mapEngine) Definition(context.Context, store.RunID) (*engine.Definition, error) {
	return e.of, nil
}

func (e *mapEngine) Waited(context.Context, store.RunID) (bool, error) { return e.waited, nil }

func (e *mapEngine) Stop(_ context.Context, run store.RunID, _, _ *string) (time.Time, error) {
	e.stopped = append(e.stopped, run)
	return time.Time{}, nil
}

// TestMapRunThatNobodyWaitsFor: an execution may be stopped while its map run is
// being started; whoever is to stop that, too, may not find it yet.
func TestMapRunThatNobodyWaitsFor(t *testing.T) {
	compile := func([]byte, catalog.Type) (*catalog.Compiled, []definition.Diagnostic) {
		return &catalog.Compiled{Parts: []catalog.Part{{Label: "L"}}}, nil
	}
	c, err := catalog.Open(t.Context(), catalog.Config{
		Records: memstore.New(memstore.Options{}), Compile: compile, Place: catalog.Place{Region: "us-east-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	settings := catalog.Settings{RoleARN: "arn:aws:iam::1:role/r"}
	if _, err := c.CreateMachine(t.Context(), catalog.CreateRequest{Name: "m", Definition: "{}", Settings: settings}); err != nil {
		t.Fatal(err)
	}
	l, e := launch.New(c), &mapEngine{}
	l.Attach(e, nil)
	if _, err := l.Start(t.Context(), launch.Request{Machine: machineARN + "m"}); err != nil {
		t.Fatal(err)
	}
	def := e.started[0].Definition
	for _, waited := range []bool{true, false} {
		e := &mapEngine{of: def, waited: waited}
		l := launch.New(c)
		l.Attach(e, nil)
		arn := "arn:aws:states:us-east-1:123456789012:mapRun:m/L:one"
		if err := l.StartMapRun(t.Context(), arn, []byte("{}"), "", connector.Parent{}); err != nil {
			t.Fatal(err)
		}
		if stopped := len(e.stopped) > 0; len(e.started) != 1 || stopped == waited {
			t.Errorf("waited for: %t; %d were started, %d stopped", waited, len(e.started), len(e.stopped))
		}
	}
}

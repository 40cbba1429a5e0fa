package launch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

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
	of       *engine.Definition
	waited   bool
	asked    []string
	takenFor error // the answer to a start
	busy     int   // how often it is at its limit first
}

// refuses reports whether it is at its limit.
func (e *mapEngine) refuses() bool {
	e.busy--
	return e.busy >= 0
}

func (e *mapEngine) List(context.Context, store.ListQuery, store.ListRow, int) ([]store.ListRow, error) {
	return []store.ListRow{{Run: 3}}, nil
}

func (e *mapEngine) Definition(context.Context, store.RunID) (*engine.Definition, error) {
	return e.of, nil
}

func (e *mapEngine) Waited(context.Context, store.RunID) (bool, error) { return e.waited, nil }

func (e *mapEngine) ByName(context.Context, uint64, string) (store.RunID, error) {
	if e.takenFor != nil {
		return 0, engine.ErrNotFound
	}
	return 0, nil
}

func (e *mapEngine) Start(ctx context.Context, req engine.StartRequest) (engine.Started, error) {
	if e.takenFor != nil {
		return engine.Started{}, e.takenFor
	}
	if e.refuses() {
		return engine.Started{}, engine.ErrBusy
	}
	return e.fake.Start(ctx, req)
}

func (e *mapEngine) RedriveFor(_ context.Context, run store.RunID, _ connector.Parent) error {
	e.asked = append(e.asked, fmt.Sprint("redrive ", run))
	return nil
}

func (e *mapEngine) StopFor(_ context.Context, run store.RunID, of connector.Origin, _ *string) error {
	if e.refuses() {
		return engine.ErrBusy
	}
	e.asked = append(e.asked, fmt.Sprint("stop ", run, " for ", of.Task))
	return nil
}

const mapRunARN = "arn:aws:states:us-east-1:123456789012:mapRun:m/L:one"

// newMapEngine is a launcher over such an engine.
func newMapEngine(t *testing.T) (*launch.Launcher, *mapEngine) {
	t.Helper()
	compile := func([]byte, catalog.Type, bool) (*catalog.Compiled, []definition.Diagnostic) {
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
	e.of = e.started[0].Definition
	return l, e
}

// TestMapRunThatNobodyWaitsFor: an execution may be stopped while its map run is
// being started, or opened again; whoever is to stop that, too, may not find it.
func TestMapRunThatNobodyWaitsFor(t *testing.T) {
	parent := connector.Parent{Origin: connector.Origin{Run: 1, Task: 9}}
	for _, waited := range []bool{true, false} {
		l, e := newMapEngine(t)
		e.waited = waited
		want := "redrive 0"
		if !waited {
			want = "stop 1 for 9, redrive 0, stop 0 for 9"
		}
		if err := l.StartMapRun(t.Context(), mapRunARN, []byte("{}"), "", parent); err != nil {
			t.Fatal(err)
		}
		if err := l.RedriveMapRun(t.Context(), mapRunARN, []byte("{}"), "", parent); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(e.asked, ", "); len(e.started) != 2 || got != want {
			t.Errorf("waited for: %t; %d were started, asked to %s, not %s", waited, len(e.started), got, want)
		}
	}
}

// TestRedriveOfAMapRunThatIsBeingStarted: the start for an earlier task comes first.
func TestRedriveOfAMapRunThatIsBeingStarted(t *testing.T) {
	l, e := newMapEngine(t)
	e.waited, e.takenFor = true, &engine.NameTakenError{Run: 5}
	err := l.RedriveMapRun(t.Context(), mapRunARN, []byte("{}"), "", connector.Parent{Origin: connector.Origin{Run: 1, Task: 9}})
	if got := strings.Join(e.asked, ", "); err != nil || got != "redrive 5" {
		t.Errorf("asked to %s: %v", got, err)
	}
}

package launch_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/states"
)

// TestTasksWaitForAnEngineAtItsLimit: what an execution asks of the engine waits for
// room and does not fail for want of it.
func TestTasksWaitForAnEngineAtItsLimit(t *testing.T) {
	origin := connector.Origin{Run: 1, Task: 9}
	for name, tc := range map[string]struct {
		ask     func(*testing.T, *launch.Launcher) error
		started int
		want    string
	}{
		"the start of a map run that nobody waits for": {func(t *testing.T, l *launch.Launcher) error {
			return l.StartMapRun(t.Context(), mapRunARN, []byte("{}"), "", connector.Parent{Origin: origin})
		}, 1, "stop 1 for 9"},
		"stopping a map run": {func(t *testing.T, l *launch.Launcher) error {
			return l.StopMapRun(t.Context(), mapRunARN, origin)
		}, 0, "stop 0 for 9"},
		"stopping its children": {func(t *testing.T, l *launch.Launcher) error {
			return l.StopChildren(t.Context(), mapRunARN, origin)
		}, 0, "stop 3 for 9"},
		"a child execution": {func(t *testing.T, l *launch.Launcher) error {
			_, err := l.Starter(catalog.Standard)(t.Context(), states.Request{Machine: machineARN + "m", Name: "child"})
			return err
		}, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l, e := newMapEngine(t)
			e.busy = 3
			before := len(e.started)
			if err := tc.ask(t, l); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(e.asked, ", "); got != tc.want || len(e.started)-before != tc.started {
				t.Errorf("asked to %q and started %d, want %q and %d", got, len(e.started)-before, tc.want, tc.started)
			}
		})
	}
}

package fermata_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

const (
	oneWait = `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`
	onePass = `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`
)

// quotaWorld opens an engine over a store with a machine that waits, "w", and one
// that does not, "p".
func quotaWorld(t *testing.T, s store.Store, q catalog.Quotas) *fermata.Fermata {
	t.Helper()
	f, err := fermata.Open(t.Context(), fermata.Config{Store: s, Quotas: q})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	for name, definition := range map[string]string{"w": oneWait, "p": onePass} {
		if _, err := f.Deploy(t.Context(), name, definition); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// starts counts how many executions can be started before one is refused.
func starts(t *testing.T, f *fermata.Fermata, machine string, most int) (started []*fermata.Execution) {
	t.Helper()
	for len(started) < most {
		x, err := f.Start(t.Context(), machine, nil)
		if errors.Is(err, &catalog.Error{Code: launch.ExecutionLimitExceeded}) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		started = append(started, x)
	}
	return started
}

func TestOpenExecutions(t *testing.T) {
	f := quotaWorld(t, nil, catalog.Quotas{OpenExecutions: 3})
	open := starts(t, f, "w", 10)
	if len(open) != 3 {
		t.Fatalf("%d executions are open", len(open))
	}
	if len(starts(t, f, "p", 1)) != 0 {
		t.Error("those of another machine are not counted")
	}
	if err := open[0].Stop(t.Context(), "E", "enough"); err != nil {
		t.Fatal(err)
	}
	if n := len(starts(t, f, "p", 1)); n != 1 {
		t.Error("none can be started after one has ended")
	}
	for range 20 { // those that end make room at once
		if _, err := f.Run(t.Context(), "p", nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.DeployExpress(t.Context(), "x", onePass); err != nil {
		t.Fatal(err)
	}
	starts(t, f, "w", 1)
	if _, err := f.Run(t.Context(), "x", nil); err != nil {
		t.Errorf("an Express execution where no Standard one can be started: %v", err)
	}
}

// TestOpenExecutionsAgain: one that has its name already is no new one.
func TestOpenExecutionsAgain(t *testing.T) {
	f := quotaWorld(t, nil, catalog.Quotas{OpenExecutions: 1})
	for range 2 {
		if _, err := f.Start(t.Context(), "w", nil, fermata.WithName("n")); err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.Start(t.Context(), "w", nil, fermata.WithName("other"))
	if want := "Execution Limit Exceeded: 'The maximum number of running executions has been reached."; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("another: %v", err)
	}
}

// TestOpenExecutionsOfTasks: a task that starts one fails as AWS names it.
func TestOpenExecutionsOfTasks(t *testing.T) {
	f := quotaWorld(t, nil, catalog.Quotas{OpenExecutions: 1})
	definition := fmt.Sprintf(`{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution",
		"Parameters": {"StateMachineArn": %q}, "Catch": [{"ErrorEquals": ["StepFunctions.ExecutionLimitExceededException"], "Next": "C"}], "End": true},
		"C": {"Type": "Pass", "Result": "caught", "End": true}}}`, f.Catalog().Machine("p"))
	if got := outcome(t, f, definition, `{}`); got != `"caught"` {
		t.Errorf("it ended with %s", got)
	}
}

// TestOpenExecutionsAreCountedAfterACrash, and kept over a regular end.
func TestOpenExecutionsAreCountedAfterACrash(t *testing.T) {
	for name, crash := range map[string]bool{"a crash": true, "a regular end": false} {
		s := memstore.New(memstore.Options{})
		q := catalog.Quotas{OpenExecutions: 10, OpenMapRuns: 10}
		f := quotaWorld(t, s, q)
		open := starts(t, f, "w", 4)
		if err := open[0].Stop(t.Context(), "", ""); err != nil {
			t.Fatal(err)
		}
		if !crash {
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
		again, err := s.Reopen()
		if err != nil {
			t.Fatal(err)
		}
		f = quotaWorld(t, again, q)
		if n := len(starts(t, f, "w", 20)); n != 7 {
			t.Errorf("after %s %d more can be started", name, n)
		}
	}
}

// TestOpenExecutionsAreCountedAgain where an engine without the quota, or with another
// one only, ran in between: what the last one with it has kept is wrong then.
func TestOpenExecutionsAreCountedAgain(t *testing.T) {
	both, other, none := catalog.Quotas{OpenExecutions: 10, OpenMapRuns: 10}, catalog.Quotas{OpenMapRuns: 10}, catalog.Quotas{}
	type life struct {
		quotas  catalog.Quotas
		starts  int
		crashes bool
	}
	for name, lives := range map[string][]life{
		"one without":                 {{both, 1, false}, {none, 5, false}},
		"one without that crashed":    {{both, 1, false}, {none, 5, true}},
		"one with another":            {{both, 1, false}, {other, 5, false}},
		"one with another that began": {{none, 5, true}, {other, 1, false}},
		"several":                     {{both, 1, false}, {none, 2, true}, {other, 2, false}, {none, 1, false}},
	} {
		s := memstore.New(memstore.Options{})
		for _, l := range append(lives, life{both, 20, true}) {
			f := quotaWorld(t, s, l.quotas)
			if n := len(starts(t, f, "w", l.starts)); l.starts == 20 && n != 4 {
				t.Errorf("after %s %d more can be started, want 4", name, n)
			}
			if !l.crashes {
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
			}
			var err error
			if s, err = s.Reopen(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestOpenMapRuns: those beyond the quota wait until another has ended. Their children
// are not counted as executions.
func TestOpenMapRuns(t *testing.T) {
	ctx := t.Context()
	began, end := make(chan string, 100), make(chan struct{})
	f, err := fermata.Open(ctx, fermata.Config{
		Quotas: catalog.Quotas{OpenExecutions: 3, OpenMapRuns: 1},
		Handlers: map[string]fermata.Handler{"work": fermata.Func(func(ctx context.Context, of string) (string, error) {
			began <- of
			select {
			case <-end:
			case <-ctx.Done():
			}
			return of, nil
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Deploy(ctx, "m", distributed("STANDARD", "", `"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}`)); err != nil {
		t.Fatal(err)
	}
	var all []*fermata.Execution
	for _, name := range []string{"a", "b", "c"} {
		x, err := f.Start(ctx, "m", json.RawMessage(strings.ReplaceAll(`["?","?","?","?"]`, "?", name)), fermata.WithName(name))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
	for range all {
		first := <-began
		for range 3 {
			if next := <-began; next != first {
				t.Errorf("a child of %s works beside one of %s", next, first)
			}
		}
		for range 4 {
			end <- struct{}{}
		}
	}
	for _, x := range all {
		if r, err := x.Wait(ctx); err != nil || r.Error != "" {
			t.Errorf("%s: %+v %v", x.Name, r, err)
		}
	}
}

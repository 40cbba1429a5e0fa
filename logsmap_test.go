package fermata_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/executionlog"
)

// TestLogsOfChildrenOfMapRuns: their records name the map run and the execution
// that it belongs to, and count redrives, of Express children, too, which are
// begun anew.
func TestLogsOfChildrenOfMapRuns(t *testing.T) {
	for _, kind := range []catalog.Type{catalog.Standard, catalog.Express} {
		t.Run(string(kind), func(t *testing.T) {
			arn, logged := logRedrivenMap(t, kind)
			var mapRun any
			for _, r := range logged { // those of one execution are in order, those of several are not
				if r["type"] == "MapRunStarted" {
					mapRun = r["details"].(map[string]any)["mapRunArn"]
				}
			}
			redriven := map[any]bool{}
			for _, r := range logged {
				details := r["details"].(map[string]any)
				child := r["execution_arn"] != arn
				switch {
				case child && (mapRun == nil || r["map_run_arn"] != mapRun || r["parent_execution_arn"] != arn):
					t.Errorf("record of a child: %v, of the map run %v of %s", r, mapRun, arn)
				case !child && (r["map_run_arn"] != nil || r["parent_execution_arn"] != nil):
					t.Errorf("record of no child: %v", r)
				case child && r["type"] == "ExecutionSucceeded":
					redriven[details["output"]] = r["redrive_count"] == "1"
				}
			}
			if len(redriven) != 2 || redriven["1"] || !redriven["2"] {
				t.Errorf("children were redriven, by output: %v", redriven)
			}
		})
	}
}

// logRedrivenMap logs a distributed Map of which one item fails first and succeeds
// when it is redriven, after the other.
func logRedrivenMap(t *testing.T, children catalog.Type) (arn string, logged []logRecord) {
	t.Helper()
	machine := distributed(string(children), `"MaxConcurrency":1,`,
		`"StartAt":"W","States":{"W":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}`)
	f, sink := openLogged(t, catalog.Standard, machine, catalog.Logging{
		Level: executionlog.All, IncludeExecutionData: true, Destinations: []string{logGroup},
	})
	var healthy atomic.Bool
	f.Handle("work", fermata.Func(func(_ context.Context, item int) (int, error) {
		if item == 2 && !healthy.Load() {
			return 0, errors.New("not yet")
		}
		return item, nil
	}))
	started, err := f.Launcher().Start(t.Context(), launch.Request{Machine: f.Catalog().Machine("m"), Input: []byte(`[1,2]`)})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"FAILED", "SUCCEEDED"} {
		d, err := f.Engine().Wait(t.Context(), started.Run)
		if err != nil || d.Status.String() != want {
			t.Fatalf("ended as %v, want %s: %v", d.Status, want, err)
		}
		if healthy.Swap(true) {
			break
		}
		if err := f.Engine().Redrive(t.Context(), started.Run, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return started.ARN, sink.read(t)
}

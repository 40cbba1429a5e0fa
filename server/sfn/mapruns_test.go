package sfn

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// waiting is a machine whose distributed Map waits in every child, but for items
// that are 0.
const waiting = `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"Part","MaxConcurrency":2,"ToleratedFailurePercentage":12.5,"End":true,"ItemProcessor":{
	"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
	"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":0,"Next":"Done"}],"Default":"W"},
	"W":{"Type":"Wait","Seconds":1000,"End":true},"Done":{"Type":"Pass","End":true}}}}}}`

// mapRunOf waits until an execution has a map run.
func (w *world) mapRunOf(execution string) string {
	for {
		if runs := w.must("ListMapRuns", map[string]any{"executionArn": execution})["mapRuns"].([]any); len(runs) > 0 {
			run := runs[0].(map[string]any)
			if run["executionArn"] != execution || !strings.HasSuffix(run["stateMachineArn"].(string), ":stateMachine:maps/Part") {
				w.t.Fatalf("listed as %v", run)
			}
			return run["mapRunArn"].(string)
		}
	}
}

// children waits until a map run has that many children of a status.
func (w *world) children(mapRun, status string, n int) []any {
	for {
		list := w.must("ListExecutions", map[string]any{"mapRunArn": mapRun, "statusFilter": status})["executions"].([]any)
		if len(list) == n {
			return list
		}
	}
}

// A map run is described with the MaxConcurrency of its state, or with the largest
// integer if that sets no limit.
func TestMapRunConcurrency(t *testing.T) {
	for field, want := range map[string]float64{`"MaxConcurrency":2,`: 2, `"MaxConcurrency":0,`: 2147483647, ``: 2147483647} {
		w := newWorld(t)
		machine := w.machine("maps", strings.Replace(waiting, `"MaxConcurrency":2,`, field, 1), "STANDARD")
		execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[0]`})["executionArn"].(string)
		if d := w.must("DescribeMapRun", map[string]any{"mapRunArn": w.mapRunOf(execution)}); d["maxConcurrency"] != want {
			t.Errorf("%q is described as %v, want %v", field, d["maxConcurrency"], want)
		}
	}
}

func TestMapRuns(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("maps", waiting, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[0,1,2,3]`})["executionArn"].(string)
	mapRun := w.mapRunOf(execution)
	if !strings.Contains(mapRun, ":mapRun:maps/Part:") {
		t.Errorf("the map run is %s", mapRun)
	}
	done, running := w.children(mapRun, "SUCCEEDED", 1), w.children(mapRun, "RUNNING", 2)
	if w.children(mapRun, "PENDING_REDRIVE", 0); len(w.must("ListExecutions", map[string]any{"stateMachineArn": machine})["executions"].([]any)) != 1 {
		t.Error("children are listed under the machine")
	}
	child := done[0].(map[string]any)
	if child["mapRunArn"] != mapRun || child["itemCount"] != 1.0 {
		t.Errorf("a child is listed as %v", child)
	}
	d := w.must("DescribeExecution", map[string]any{"executionArn": child["executionArn"]})
	if d["mapRunArn"] != mapRun || d["input"] != "0" || d["output"] != "0" || !strings.HasSuffix(d["stateMachineArn"].(string), ":stateMachine:maps/Part") {
		t.Errorf("a child is described as %v", d)
	}
	if of := w.must("DescribeStateMachineForExecution", map[string]any{"executionArn": child["executionArn"]}); of["label"] != "Part" || of["mapRunArn"] != mapRun {
		t.Errorf("its machine is described as %v", of)
	}
	if events := w.must("GetExecutionHistory", map[string]any{"executionArn": child["executionArn"]})["events"].([]any); len(events) != 6 {
		t.Errorf("its history has %d events", len(events))
	}
	if _, out := call(t, w, "UpdateMapRun", map[string]any{"mapRunArn": mapRun}); out["reason"] != "MISSING_REQUIRED_PARAMETER" {
		t.Errorf("a change of nothing: %v", out)
	}
	w.must("UpdateMapRun", map[string]any{"mapRunArn": mapRun, "maxConcurrency": 3, "toleratedFailureCount": 5, "toleratedFailurePercentage": 62.5})
	w.children(mapRun, "RUNNING", 3)
	got := w.must("DescribeMapRun", map[string]any{"mapRunArn": mapRun})
	want := map[string]any{"executionArn": execution, "status": "RUNNING", "maxConcurrency": 3.0, "toleratedFailureCount": 5.0, "toleratedFailurePercentage": 62.5}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s is %v, want %v", name, got[name], v)
		}
	}
	if counts := fmt.Sprint(got["itemCounts"]); counts != "map[aborted:0 failed:0 pending:0 resultsWritten:1 running:3 succeeded:1 timedOut:0 total:4]" {
		t.Errorf("counts %s", counts)
	}
	stopped := running[0].(map[string]any)["executionArn"]
	w.must("StopExecution", map[string]any{"executionArn": stopped})
	w.children(mapRun, "ABORTED", 1)
	w.must("StopExecution", map[string]any{"executionArn": execution})
	w.children(mapRun, "ABORTED", 3)
	for got["status"] != "ABORTED" {
		got = w.must("DescribeMapRun", map[string]any{"mapRunArn": mapRun})
	}
	status, out := call(t, w, "UpdateMapRun", map[string]any{"mapRunArn": mapRun, "maxConcurrency": 1})
	if status != http.StatusBadRequest || out["__type"] != "ValidationException" || out["reason"] != "CANNOT_UPDATE_COMPLETED_MAP_RUN" {
		t.Errorf("a map run that has ended is changed: %d %v", status, out)
	}
}

// sdkMapRuns looks at a map run whose children wait, and changes it.
func sdkMapRuns(t *testing.T, c *sdk) {
	w, ctx := c.w, t.Context()
	machine := w.machine("maps", waiting, "STANDARD")
	execution := aws.String(w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[0,1,2,3]`})["executionArn"].(string))
	arn := aws.String(w.mapRunOf(*execution))
	w.children(*arn, "SUCCEEDED", 1)
	w.children(*arn, "RUNNING", 2)
	runs, err := c.ListMapRuns(ctx, &sfn.ListMapRunsInput{ExecutionArn: execution, MaxResults: 1})
	no(t, err)
	if m := runs.MapRuns; len(m) != 1 || *m[0].MapRunArn != *arn || *m[0].ExecutionArn != *execution || *m[0].StateMachineArn != machine+"/Part" || m[0].StopDate != nil {
		t.Errorf("listed %+v", m)
	}
	_, err = c.UpdateMapRun(ctx, &sfn.UpdateMapRunInput{
		MapRunArn: arn, MaxConcurrency: aws.Int32(3), ToleratedFailureCount: aws.Int64(5), ToleratedFailurePercentage: aws.Float32(62.5),
	})
	no(t, err)
	w.children(*arn, "RUNNING", 3)
	d, err := c.DescribeMapRun(ctx, &sfn.DescribeMapRunInput{MapRunArn: arn})
	no(t, err)
	if d.Status != types.MapRunStatusRunning || *d.ExecutionArn != *execution || !d.StartDate.Equal(*runs.MapRuns[0].StartDate) || d.StopDate != nil {
		t.Errorf("got %+v", d)
	}
	if d.MaxConcurrency != 3 || d.ToleratedFailureCount != 5 || d.ToleratedFailurePercentage != 62.5 {
		t.Errorf("changed to %+v", d)
	}
	if i, e := d.ItemCounts, d.ExecutionCounts; i.Total != 4 || i.Succeeded != 1 || i.Running != 3 || e.Total != 4 || e.Running != 3 {
		t.Errorf("counts %+v, %+v", i, e)
	}
	children, err := c.ListExecutions(ctx, &sfn.ListExecutionsInput{MapRunArn: arn, StatusFilter: types.ExecutionStatusSucceeded})
	no(t, err)
	if e := children.Executions; len(e) != 1 || *e[0].MapRunArn != *arn || *e[0].ItemCount != 1 {
		t.Errorf("children %+v", e)
	}
	_, err = c.StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: execution})
	no(t, err)
	w.children(*arn, "ABORTED", 3)
	for d.StopDate == nil {
		d, err = c.DescribeMapRun(ctx, &sfn.DescribeMapRunInput{MapRunArn: arn})
		no(t, err)
	}
	if d.Status != types.MapRunStatusAborted {
		t.Errorf("stopped: %+v", d)
	}
	_, err = c.UpdateMapRun(ctx, &sfn.UpdateMapRunInput{MapRunArn: arn, MaxConcurrency: aws.Int32(1)})
	var invalid *types.ValidationException
	if !errors.As(err, &invalid) {
		t.Errorf("a map run that has ended is changed: %v", err)
	}
	_, err = c.RedriveExecution(ctx, &sfn.RedriveExecutionInput{ExecutionArn: execution})
	no(t, err)
	w.children(*arn, "RUNNING", 3)
	d, err = c.DescribeMapRun(ctx, &sfn.DescribeMapRunInput{MapRunArn: arn})
	no(t, err)
	if d.Status != types.MapRunStatusRunning || *d.RedriveCount != 1 || d.RedriveDate == nil || d.StopDate != nil || d.ItemCounts.Running != 3 || *d.ItemCounts.PendingRedrive != 0 || *d.ExecutionCounts.FailuresNotRedrivable != 0 {
		t.Errorf("redriven: %+v", d)
	}
	children, err = c.ListExecutions(ctx, &sfn.ListExecutionsInput{MapRunArn: arn, RedriveFilter: types.ExecutionRedriveFilterRedriven})
	no(t, err)
	if e := children.Executions; len(e) != 3 || *e[0].RedriveCount != 1 || e[0].RedriveDate == nil {
		t.Errorf("redriven children %+v", e)
	}
}

func TestMapRunsThatAreNot(t *testing.T) {
	w := newWorld(t)
	w.machine("maps", waiting, "STANDARD")
	for arn, want := range map[string]string{
		"arn:aws:states:us-east-1:123456789012:mapRun:maps/Part:7d0b0d2e-0000-4000-8000-000000000000": "ResourceNotFound",
		"arn:aws:states:us-east-1:123456789012:mapRun:none/Part:x":                                    "ResourceNotFound",
		"arn:aws:states:us-east-1:123456789012:mapRun:maps:x":                                         "InvalidArn",
		"arn:aws:states:us-east-1:123456789012:execution:maps:x":                                      "InvalidArn",
	} {
		if _, out := call(t, w, "DescribeMapRun", map[string]any{"mapRunArn": arn}); out["__type"] != want {
			t.Errorf("%s: %v", arn, out)
		}
	}
	const child = "arn:aws:states:us-east-1:123456789012:execution:maps/Part:7d0b0d2e-0000-8000-8000-000000000000"
	if _, out := call(t, w, "DescribeExecution", map[string]any{"executionArn": child}); out["__type"] != "ExecutionDoesNotExist" {
		t.Errorf("%v", out)
	}
}

package sfn

import (
	"fmt"
	"strings"
	"testing"
)

// working is a machine whose distributed Map has a task for the worker of an
// activity in every child.
func (w *world) working(fields string) (machine, activity string) {
	w.t.Helper()
	activity = w.must("CreateActivity", map[string]any{"name": "a"})["activityArn"].(string)
	return w.machine("maps", `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"Part",`+fields+`"End":true,"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
		"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+activity+`","End":true}}}}}}`, "STANDARD"), activity
}

// workOn has the next n tasks of an activity end: those whose input is in bad
// fail, the others give their input.
func (w *world) workOn(activity string, n int, bad string) {
	w.t.Helper()
	for range n {
		task := map[string]any{}
		for task["taskToken"] == nil {
			task = w.must("GetActivityTask", map[string]any{"activityArn": activity})
		}
		input := task["input"].(string)
		if strings.Contains(bad, input) {
			w.must("SendTaskFailure", map[string]any{"taskToken": task["taskToken"], "error": "Bad"})
		} else {
			w.must("SendTaskSuccess", map[string]any{"taskToken": task["taskToken"], "output": input})
		}
	}
}

// TestRedriveOfAMapRun lets the children go on that failed, and the items that were
// not begun, and keeps the rest.
func TestRedriveOfAMapRun(t *testing.T) {
	w := newWorld(t)
	machine, activity := w.working(`"MaxConcurrency":1,`)
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[1,2,3,4]`})["executionArn"].(string)
	w.workOn(activity, 2, "2")
	w.until(execution, "FAILED")
	mapRun := w.mapRunOf(execution)
	failed := w.children(mapRun, "FAILED", 1)[0].(map[string]any)["executionArn"].(string)
	before := w.must("DescribeMapRun", map[string]any{"mapRunArn": mapRun})
	if before["status"] != "FAILED" || before["redriveCount"] != 0.0 || before["redriveDate"] != nil {
		t.Errorf("failed: %v", before)
	}
	if d := w.must("DescribeExecution", map[string]any{"executionArn": failed}); d["redriveStatus"] != "REDRIVABLE_BY_MAP_RUN" {
		t.Errorf("a failed child: %v", d)
	}
	w.fails("RedriveExecution", map[string]any{"executionArn": failed}, "ExecutionNotRedrivable: Execution "+failed+" invalid for redrive as: "+childReason)
	w.must("RedriveExecution", map[string]any{"executionArn": execution})
	w.workOn(activity, 3, "")
	if d := w.until(execution, "SUCCEEDED"); d["output"] != "[1,2,3,4]" {
		t.Errorf("redriven: %v", d)
	}
	after := w.must("DescribeMapRun", map[string]any{"mapRunArn": mapRun})
	const want = "map[aborted:0 failed:0 failuresNotRedrivable:0 pending:0 pendingRedrive:0 resultsWritten:4 running:0 succeeded:4 timedOut:0 total:4]"
	if after["status"] != "SUCCEEDED" || after["redriveCount"] != 1.0 || after["redriveDate"] == nil || fmt.Sprint(after["executionCounts"]) != want {
		t.Errorf("redriven: %v", after)
	}
	if runs := w.must("ListMapRuns", map[string]any{"executionArn": execution})["mapRuns"].([]any); len(runs) != 1 {
		t.Errorf("%d map runs", len(runs))
	}
	if d := w.must("DescribeExecution", map[string]any{"executionArn": failed}); d["status"] != "SUCCEEDED" || d["redriveCount"] != 1.0 || d["input"] != "2" {
		t.Errorf("a redriven child: %v", d)
	}
	const events = `MapStateEntered<-0 MapStateStarted<-2 MapRunStarted<-3 MapRunFailed<-4 MapStateFailed<-5 ExecutionFailed<-6 ` +
		`ExecutionRedriven<-7 MapRunRedriven<-3 MapRunSucceeded<-9 MapStateSucceeded<-10 MapStateExited<-10 ExecutionSucceeded<-12`
	if got := w.events(execution); got != "ExecutionStarted<-0 "+events {
		t.Errorf("history %s", got)
	}
}

// events are those of an execution, with what they point to.
func (w *world) events(execution string) string {
	var all []string
	for _, e := range w.must("GetExecutionHistory", map[string]any{"executionArn": execution})["events"].([]any) {
		event := e.(map[string]any)
		all = append(all, fmt.Sprintf("%s<-%v", event["type"], event["previousEventId"]))
	}
	return strings.Join(all, " ")
}

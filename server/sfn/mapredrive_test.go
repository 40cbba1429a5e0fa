package sfn

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
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
	if before["status"] != "FAILED" || before["redriveCount"] != nil || before["redriveDate"] != nil {
		t.Errorf("failed: %v", before)
	}
	if d := w.must("DescribeExecution", map[string]any{"executionArn": failed}); d["redriveStatus"] != "REDRIVABLE_BY_MAP_RUN" {
		t.Errorf("a failed child: %v", d)
	}
	w.fails("RedriveExecution", map[string]any{"executionArn": failed}, "ValidationException: Labeled Execution ARNs are not supported for this API")
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
		`ExecutionRedriven<-7 MapRunRedriven<-3 MapRunSucceeded<-9 MapStateSucceeded<-10 MapStateExited<-9 ExecutionSucceeded<-12`
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

// TestChildrenOfAMapRunThatFailed: those that still run are aborted, say why, and go
// on with the map run.
func TestChildrenOfAMapRunThatFailed(t *testing.T) {
	w := newWorld(t)
	machine, activity := w.working(`"MaxConcurrency":3,`)
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[1,2,3]`})["executionArn"].(string)
	w.workOn(activity, 1, "1 2 3")
	w.until(execution, "FAILED")
	mapRun := w.mapRunOf(execution)
	cause := "The map run execution [" + mapRun + "] which was managing this resource was aborted"
	for _, child := range w.children(mapRun, "ABORTED", 2) {
		arn := child.(map[string]any)["executionArn"].(string)
		d := w.must("DescribeExecution", map[string]any{"executionArn": arn})
		if d["cause"] != cause || d["error"] != nil || d["redriveStatus"] != "REDRIVABLE_BY_MAP_RUN" || d["redriveStatusReason"] != nil {
			t.Errorf("described as %v", d)
		}
		events := w.must("GetExecutionHistory", map[string]any{"executionArn": arn, "reverseOrder": true})["events"].([]any)
		last := events[0].(map[string]any)
		if want := map[string]any{"cause": cause}; last["type"] != "ExecutionAborted" || !reflect.DeepEqual(last["executionAbortedEventDetails"], want) {
			t.Errorf("it ends with %v", last)
		}
		w.fails("RedriveExecution", map[string]any{"executionArn": arn}, "ValidationException: Labeled Execution ARNs are not supported for this API")
	}
	w.must("RedriveExecution", map[string]any{"executionArn": execution})
	w.workOn(activity, 3, "")
	if d := w.until(execution, "SUCCEEDED"); d["output"] != "[1,2,3]" {
		t.Errorf("redriven: %v", d)
	}
}

// TestChildrenThatWaitToBeRedriven are listed as that, until there is room for
// them, and apart from those that were redriven.
func TestChildrenThatWaitToBeRedriven(t *testing.T) {
	w := newWorld(t)
	machine, activity := w.working(`"MaxConcurrency":1,"ToleratedFailureCount":1,`)
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[1,2,3]`})["executionArn"].(string)
	w.workOn(activity, 2, "1 2")
	w.until(execution, "FAILED")
	mapRun := w.mapRunOf(execution)
	w.children(mapRun, "PENDING_REDRIVE", 0)
	w.must("RedriveExecution", map[string]any{"executionArn": execution})
	waiting := w.children(mapRun, "PENDING_REDRIVE", 1)[0].(map[string]any)
	w.children(mapRun, "RUNNING", 1)
	w.children(mapRun, "FAILED", 0)
	if waiting["status"] != "PENDING_REDRIVE" || waiting["redriveCount"] != 0.0 {
		t.Errorf("listed as %v", waiting)
	}
	if d := w.must("DescribeExecution", map[string]any{"executionArn": waiting["executionArn"]}); d["status"] != "PENDING_REDRIVE" || d["input"] != "2" {
		t.Errorf("described as %v", d)
	}
	const want = "map[aborted:0 failed:0 failuresNotRedrivable:0 pending:1 pendingRedrive:1 resultsWritten:0 running:1 succeeded:0 timedOut:0 total:3]"
	if d := w.must("DescribeMapRun", map[string]any{"mapRunArn": mapRun}); fmt.Sprint(d["executionCounts"]) != want {
		t.Errorf("counts %v", d["executionCounts"])
	}
	for filter, n := range map[string]int{"REDRIVEN": 1, "NOT_REDRIVEN": 1} {
		list := w.must("ListExecutions", map[string]any{"mapRunArn": mapRun, "redriveFilter": filter})["executions"].([]any)
		if len(list) != n {
			t.Errorf("%s: %v", filter, list)
		}
	}
	w.must("StopExecution", map[string]any{"executionArn": execution})
	w.children(mapRun, "PENDING_REDRIVE", 0)
	w.children(mapRun, "RUNNING", 0) // else its task may be given out once more
	w.must("RedriveExecution", map[string]any{"executionArn": execution})
	w.workOn(activity, 3, "")
	if d := w.until(execution, "SUCCEEDED"); d["output"] != "[1,2,3]" {
		t.Errorf("redriven twice: %v", d)
	}
	if d := w.must("DescribeMapRun", map[string]any{"mapRunArn": mapRun}); d["redriveCount"] != 2.0 {
		t.Errorf("redriven twice: %v", d)
	}
}

// TestChildrenOfBatches tell how many items they have.
func TestChildrenOfBatches(t *testing.T) {
	w := newWorld(t)
	machine, activity := w.working(`"ItemBatcher":{"MaxItemsPerBatch":2},`)
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[1,2,3]`})["executionArn"].(string)
	w.workOn(activity, 2, "")
	w.until(execution, "SUCCEEDED")
	var items []string
	for _, child := range w.children(w.mapRunOf(execution), "SUCCEEDED", 2) {
		items = append(items, fmt.Sprint(child.(map[string]any)["itemCount"]))
	}
	if got := strings.Join(items, " "); got != "1 2" && got != "2 1" {
		t.Errorf("items %s", got)
	}
}

// TestExpressChildren can be described and listed, and begun anew only.
func TestExpressChildren(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("maps", `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"Part","End":true,"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"F","States":{"F":{"Type":"Fail"}}}}}}`, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `["a"]`})["executionArn"].(string)
	w.until(execution, "FAILED")
	child := w.children(w.mapRunOf(execution), "FAILED", 1)[0].(map[string]any)["executionArn"]
	d := w.must("DescribeExecution", map[string]any{"executionArn": child})
	if d["status"] != "FAILED" || d["redriveStatus"] != "REDRIVABLE_BY_MAP_RUN" || d["redriveCount"] != 0.0 || d["mapRunArn"] != w.mapRunOf(execution) {
		t.Errorf("described as %v", d)
	}
	of := w.must("DescribeStateMachineForExecution", map[string]any{"executionArn": child})
	if of["name"] != "maps" || of["label"] != "Part" || of["stateMachineArn"] != machine+"/Part" {
		t.Errorf("its machine is described as %v", of)
	}
	w.fails("GetExecutionHistory", map[string]any{"executionArn": child}, "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'")
	w.fails("RedriveExecution", map[string]any{"executionArn": child}, "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'")
}

// TestExpressChildrenKeepTheirARN when they run anew: they are listed once, as they ran
// last, and know how often they were begun again.
func TestExpressChildrenKeepTheirARN(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("maps", `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"Part","End":true,"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"C","States":{
			"C":{"Type":"Choice","Choices":[{"Variable":"$$.Execution.RedriveCount","NumericLessThan":2,"Next":"F"}],"Default":"P"},
			"F":{"Type":"Fail"},"P":{"Type":"Pass","OutputPath":"$$.Execution.RedriveCount","End":true}}}}}}`, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `["a"]`})["executionArn"].(string)
	w.until(execution, "FAILED")
	first := w.children(w.mapRunOf(execution), "FAILED", 1)[0].(map[string]any)
	for count := 1.0; count <= 2; count++ {
		time.Sleep(2 * time.Millisecond) // dates have milliseconds
		w.must("RedriveExecution", map[string]any{"executionArn": execution})
		status := map[float64]string{1: "FAILED", 2: "SUCCEEDED"}[count]
		w.until(execution, status)
		child := w.children(w.mapRunOf(execution), status, 1)[0].(map[string]any)
		if child["executionArn"] != first["executionArn"] || child["redriveCount"] != count || child["startDate"].(float64) <= first["startDate"].(float64) {
			t.Errorf("listed as %v, at first as %v", child, first)
		}
		d := w.must("DescribeExecution", map[string]any{"executionArn": child["executionArn"]})
		if d["status"] != status || d["redriveCount"] != count || d["redriveDate"] != nil {
			t.Errorf("described as %v", d)
		}
		if status == "SUCCEEDED" && d["output"] != "2" {
			t.Errorf("it was told of %v redrives", d["output"])
		}
	}
}

package sfn

import (
	"net/http"
	"sync"
	"testing"
)

// deleting is a machine whose deletion waits for two executions: "worker" has an
// activity's task at a worker, whose token is given, "sleeper" sleeps.
func (w *world) deleting() (machine, token string) {
	activity := w.must("CreateActivity", map[string]any{"name": "a"})["activityArn"].(string)
	machine = w.machine("m", `{"StartAt":"C","States":{
		"C":{"Type":"Choice","Choices":[{"Variable":"$.sleep","IsPresent":true,"Next":"S"}],"Default":"A"},
		"S":{"Type":"Wait","Seconds":31536000,"Next":"P"},
		"A":{"Type":"Task","Resource":"`+activity+`","Next":"P"},
		"P":{"Type":"Pass","End":true}}}`, "STANDARD")
	w.must("PublishStateMachineVersion", map[string]any{"stateMachineArn": machine})
	w.must("CreateStateMachineAlias", map[string]any{"name": "LIVE", "routingConfiguration": []any{map[string]any{"stateMachineVersionArn": machine + ":1", "weight": 100}}})
	w.must("StartExecution", map[string]any{"stateMachineArn": machine, "name": "sleeper", "input": `{"sleep":1}`})
	w.must("StartExecution", map[string]any{"stateMachineArn": machine, "name": "worker"})
	for token == "" {
		token, _ = w.must("GetActivityTask", map[string]any{"activityArn": activity})["taskToken"].(string)
	}
	for range 2 {
		w.must("DeleteStateMachine", map[string]any{"stateMachineArn": machine})
	}
	return machine, token
}

// TestDeletion is how the API shows a machine and its executions while the machine is
// being deleted, and after that.
func TestDeletion(t *testing.T) {
	w := newWorld(t)
	machine, token := w.deleting()
	if d := w.must("DescribeStateMachine", map[string]any{"stateMachineArn": machine}); d["status"] != "DELETING" || d["definition"] == "" {
		t.Errorf("the machine is %v", d)
	}
	w.refusesAll(machine)
	worker, sleeper := prefix+"execution:m:worker", prefix+"execution:m:sleeper"
	if d := w.must("DescribeExecution", map[string]any{"executionArn": worker}); d["status"] != "RUNNING" || d["redriveStatusReason"] != "Execution is RUNNING and cannot be redriven" {
		t.Errorf("while the worker works: %v", d)
	}
	if out := w.must("SendTaskSuccess", map[string]any{"taskToken": token, "output": `"done"`}); len(out) != 0 {
		t.Errorf("the worker is told %v", out)
	}
	d := w.until(worker, "FAILED")
	if d["error"] != "States.Runtime" || d["cause"] != "State machine m has been deleted" || d["redriveStatus"] != "REDRIVABLE" || d["redriveStatusReason"] != nil {
		t.Errorf("the execution of the worker: %v", d)
	}
	if got, want := w.events(worker), "ExecutionStarted<-0 ChoiceStateEntered<-0 ChoiceStateExited<-2 TaskStateEntered<-3 ActivityScheduled<-4 ActivityStarted<-5 ExecutionFailed<-6"; got != want {
		t.Errorf("it shows %s, not %s", got, want)
	}
	w.fails("RedriveExecution", map[string]any{"executionArn": worker}, "ExecutionNotRedrivable: Execution "+worker+" invalid for redrive as: State machine is in DELETING status")
	if all := w.must("ListExecutions", map[string]any{"stateMachineArn": machine})["executions"].([]any); len(all) != 2 {
		t.Errorf("%d executions are listed", len(all))
	}
	w.must("StopExecution", map[string]any{"executionArn": sleeper})
	w.gone(machine)
	for _, operation := range []string{"DescribeExecution", "GetExecutionHistory", "RedriveExecution", "StopExecution"} {
		w.fails(operation, map[string]any{"executionArn": worker}, "ExecutionDoesNotExist: Execution Does Not Exist: '"+worker+"'")
	}
	w.fails("ListExecutions", map[string]any{"stateMachineArn": machine}, "StateMachineDoesNotExist")
	w.fails("StartExecution", map[string]any{"stateMachineArn": machine + ":LIVE"}, "StateMachineDoesNotExist")
	w.machine("m", passes, "STANDARD")
	w.fails("DescribeExecution", map[string]any{"executionArn": worker}, "ExecutionDoesNotExist")
}

// refusesAll: what would change the machine, or run it, is refused while it is being
// deleted.
func (w *world) refusesAll(machine string) {
	deleting := "StateMachineDeleting: State Machine is being deleted: '" + machine + "'"
	for _, named := range []string{machine, machine + ":1", machine + ":LIVE"} {
		w.fails("StartExecution", map[string]any{"stateMachineArn": named, "name": "after"}, deleting)
	}
	w.fails("StartExecution", map[string]any{"stateMachineArn": machine, "name": "sleeper", "input": `{"sleep":1}`}, deleting)
	w.fails("UpdateStateMachine", map[string]any{"stateMachineArn": machine, "definition": passes}, deleting)
	w.fails("PublishStateMachineVersion", map[string]any{"stateMachineArn": machine}, deleting)
	w.fails("CreateStateMachine", map[string]any{"name": "m", "definition": passes, "roleArn": roleARN}, deleting)
}

// gone waits until a machine is deleted.
func (w *world) gone(machine string) {
	for {
		switch status, out := call(w.t, w, "DescribeStateMachine", map[string]any{"stateMachineArn": machine}); {
		case status == http.StatusOK && out["status"] == "DELETING":
		case out["__type"] == "StateMachineDoesNotExist":
			return
		default:
			w.t.Fatalf("the machine is %v", out)
		}
	}
}

// TestDeletionAmongStarts: a start that comes with the deletion is refused, or its
// execution is told: none goes on.
func TestDeletionAmongStarts(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("m", `{"StartAt":"S","States":{"S":{"Type":"Wait","Seconds":1,"Next":"P"},"P":{"Type":"Pass","End":true}}}`, "STANDARD")
	var all sync.WaitGroup
	var mu sync.Mutex
	var executions []string
	refused := 0
	for range 8 {
		all.Go(func() {
			for range 100 {
				status, out := call(t, w, "StartExecution", map[string]any{"stateMachineArn": machine})
				mu.Lock()
				if status == http.StatusOK {
					executions = append(executions, out["executionArn"].(string))
				} else {
					refused++
				}
				enough := len(executions) == 100
				mu.Unlock()
				if enough {
					w.must("DeleteStateMachine", map[string]any{"stateMachineArn": machine})
				}
			}
		})
	}
	all.Wait()
	for _, e := range executions {
		if status, out := call(t, w, "DescribeExecution", map[string]any{"executionArn": e}); status == http.StatusOK && out["status"] == "SUCCEEDED" {
			t.Errorf("%s went on", e)
		}
	}
	w.gone(machine)
	if refused == 0 {
		t.Errorf("%d executions, and none refused", len(executions))
	}
}

// TestDeletionOfAMapRun: the work of a distributed Map is that of one state: it ends,
// and the execution fails then.
func TestDeletionOfAMapRun(t *testing.T) {
	w := newWorld(t)
	machine, activity := w.working("")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[1,2,3]`})["executionArn"].(string)
	mapRun := w.mapRunOf(execution)
	w.must("StartExecution", map[string]any{"stateMachineArn": machine, "input": `[4]`})
	w.children(mapRun, "RUNNING", 3)
	w.must("DeleteStateMachine", map[string]any{"stateMachineArn": machine})
	w.workOn(activity, 3, "")
	if d := w.until(execution, "FAILED"); d["cause"] != "State machine maps has been deleted" {
		t.Errorf("the execution: %v", d)
	}
	if d := w.must("DescribeMapRun", map[string]any{"mapRunArn": mapRun}); d["status"] != "SUCCEEDED" {
		t.Errorf("the map run: %v", d)
	}
	w.workOn(activity, 1, "")
	w.gone(machine)
}

package sfn

import (
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// TestIncidentsOfADeletedMachine: executions that incidents have stopped are shown so by
// Fermata's own requests only; the machine waits for them until they are resumed, and
// then fail, or stopped.
func TestIncidentsOfADeletedMachine(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("m", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"P"},"P":{"Type":"Pass","End":true}}}`, "STANDARD")
	var all []string
	for _, name := range []string{"a", "b", "c"} {
		all = append(all, w.must("StartExecution", map[string]any{"stateMachineArn": machine, "name": name})["executionArn"].(string))
	}
	for _, name := range []string{"a", "b"} {
		w.stopped(name)
	}
	w.must("DeleteStateMachine", map[string]any{"stateMachineArn": machine})
	for _, x := range w.seen("?stateMachineArn=" + machine)["executions"].([]any) {
		x := x.(map[string]any)
		if want := map[string]any{"a": "a fault of ours", "b": "a fault of ours"}[x["name"].(string)]; x["incident"] != want {
			t.Errorf("listed %v, want the incident %v", x, want)
		}
	}
	if x := w.seen("/" + all[0]); x["incident"] != "a fault of ours" || x["status"] != "RUNNING" {
		t.Errorf("described %v", x)
	}
	if x := w.must("DescribeExecution", map[string]any{"executionArn": all[0]}); x["incident"] != nil {
		t.Errorf("AWS's operation shows %v", x)
	}
	for _, x := range w.must("ListExecutions", map[string]any{"stateMachineArn": machine})["executions"].([]any) {
		if x := x.(map[string]any); x["incident"] != nil {
			t.Errorf("AWS's operation lists %v", x)
		}
	}
	w.until(all[2], "FAILED")
	if got := w.own("resume", `{"executionArn":"`+all[0]+`"}`); got != "{}" {
		t.Errorf("resume: %s", got)
	}
	if x := w.until(all[0], "FAILED"); !strings.Contains(x["cause"].(string), "has been deleted") {
		t.Errorf("resumed: %v", x)
	}
	if d := w.must("DescribeStateMachine", map[string]any{"stateMachineArn": machine}); d["status"] != "DELETING" {
		t.Errorf("the machine is %v", d)
	}
	w.must("StopExecution", map[string]any{"executionArn": all[1]})
	w.until(all[1], "ABORTED")
	w.gone(machine)
}

// TestResumedExecutionOfAMachineThatIsDeleted: a deletion waits for a resumption that is
// under way, and for none that is over.
func TestResumedExecutionOfAMachineThatIsDeleted(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("m", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "name": "a"})["executionArn"].(string)
	w.stopped("a")
	w.own("resume", `{"executionArn":"`+execution+`"}`)
	w.must("DeleteStateMachine", map[string]any{"stateMachineArn": machine})
	w.must("StopExecution", map[string]any{"executionArn": execution})
	w.gone(machine)
}

// stopped has an incident stop an execution of the machine m.
func (w *world) stopped(name string) {
	w.t.Helper()
	m, err := w.catalog.MachineByName(w.t.Context(), "m")
	if err != nil {
		w.t.Fatal(err)
	}
	run, err := w.store.ByName(w.t.Context(), m.ID, name)
	if err != nil {
		w.t.Fatal(err)
	}
	h, err := w.store.Head(w.t.Context(), run)
	if err != nil {
		w.t.Fatal(err)
	}
	next := *h
	next.Commit++
	next.Incident, next.Owner, next.Wake = "a fault of ours\nand where it was found", 0, time.Time{}
	r, err := w.store.Commit(w.t.Context(), []store.Batch{{Run: run, Position: h.Position, Expect: h.Commit, Commit: next.Commit, Head: &next}})
	if err != nil || r[0].Outcome != store.OK {
		w.t.Fatal(r, err)
	}
}

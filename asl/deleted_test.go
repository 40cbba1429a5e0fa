package asl

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

const (
	deletedLambda   = `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f"`
	deletedActivity = `"Type":"Task","Resource":"arn:aws:states:us-east-1:111111111111:activity:a"`
	deletedToken    = `"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"}`
	goneMachine     = "FAILED States.Runtime: State machine machine has been deleted"
)

// one is a machine of one state, and one that must not be entered.
func one(state string) string {
	return `{"StartAt":"S","TimeoutSeconds":1000,"States":{"S":{` + state + `,"Next":"P"},"P":{"Type":"Pass","End":true}}}`
}

// TestDeletedMachine: what is under way when the state machine is deleted goes on,
// and the execution fails when it would go on itself. The machine is deleted 10
// seconds after the start; the commands come after that, one second each.
func TestDeletedMachine(t *testing.T) {
	success := interpreter.TaskSucceeded{ID: 1, Output: []byte(`1`)}
	failure := interpreter.TaskFailed{ID: 1, Error: text("Bad")}
	submitted := interpreter.TaskSubmitted{ID: 1, Output: []byte(`{}`)}
	tests := []struct {
		name, machine string
		before, after []interpreter.Command
		takes         time.Duration // from the start to the end
		outcome       string
		events        string // that came after the deletion
	}{
		{"a Wait state lasts as long as it does", one(`"Type":"Wait","Seconds":30`), nil, nil, 30 * time.Second, goneMachine, "3<-2 ExecutionFailed"},
		{"the result of a worker is taken and not shown", one(deletedActivity), []interpreter.Command{interpreter.TaskStarted{ID: 1, Worker: "w"}}, []interpreter.Command{success}, 11 * time.Second, goneMachine, "5<-4 ExecutionFailed"},
		{"a worker may still fetch a task", one(deletedActivity), nil, []interpreter.Command{interpreter.TaskStarted{ID: 1, Worker: "w"}, failure}, 12 * time.Second, goneMachine, "4<-3 ActivityStarted, 5<-4 ExecutionFailed"},
		{"the result of a function", one(deletedLambda), nil, []interpreter.Command{success}, 11 * time.Second, goneMachine, "5<-4 ExecutionFailed"},
		{"a failure is neither tried again nor caught", one(deletedLambda + `,"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"P"}]`), nil, []interpreter.Command{failure}, 11 * time.Second, goneMachine, "5<-4 ExecutionFailed"},
		{"an interval before another attempt lasts as long as it does", one(deletedLambda + `,"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":20}]`), []interpreter.Command{failure}, nil, 20 * time.Second, goneMachine, "6<-5 ExecutionFailed"},
		{"a submission is told of", one(deletedToken), nil, []interpreter.Command{submitted, success}, 12 * time.Second, goneMachine, "5<-4 TaskSubmitted, 6<-5 ExecutionFailed"},
		{"a result that comes before the submission", one(deletedToken), nil, []interpreter.Command{success, submitted}, 12 * time.Second, goneMachine, "5<-4 ExecutionFailed"},
		{"a submission that a crash lost", one(deletedToken), []interpreter.Command{success}, []interpreter.Command{interpreter.Recover{}}, 11 * time.Second, goneMachine, "5<-4 ExecutionFailed"},
		{"a submission that fails", one(deletedToken), nil, []interpreter.Command{interpreter.TaskFailed{ID: 1, Submission: true}}, 11 * time.Second, goneMachine, "5<-4 ExecutionFailed"},
		{"the timeout of a task", one(deletedLambda + `,"TimeoutSeconds":50`), nil, nil, 50 * time.Second, goneMachine, "5<-4 ExecutionFailed"},
		{"a worker that is silent", one(deletedActivity + `,"HeartbeatSeconds":40`), nil, nil, 40 * time.Second, goneMachine, "4<-3 ExecutionFailed"},
		{"the timeout of the execution is its own end", one(deletedLambda), nil, nil, 1000 * time.Second, "TIMED_OUT", "5<-0 ExecutionTimedOut"},
		{"so is a stop", one(deletedLambda), nil, []interpreter.Command{interpreter.Stop{}}, 11 * time.Second, "ABORTED", "5<-0 ExecutionAborted"},
		{"the first branch that goes on ends all", `{"StartAt":"S","States":{"S":{"Type":"Parallel","Next":"P","Branches":[
			{"StartAt":"A","States":{"A":{` + deletedLambda + `,"End":true}}},
			{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":15,"End":true}}}]},"P":{"Type":"Pass","End":true}}}`, nil, nil, 15 * time.Second, goneMachine, "8<-7 ExecutionFailed"},
		{"the first iteration that goes on ends all", one(`"Type":"Map","ItemsPath":"$.l","ItemProcessor":{"StartAt":"A","States":{"A":{` + deletedLambda + `,"End":true}}}`), nil, []interpreter.Command{interpreter.TaskSucceeded{ID: 2, Output: []byte(`1`)}}, 11 * time.Second, goneMachine, "12<-11 ExecutionFailed"},
		{"the end of a map run", one(`"Type":"Map","ItemsPath":"$.l","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`), []interpreter.Command{submitted}, []interpreter.Command{success}, 11 * time.Second, goneMachine, "5<-4 ExecutionFailed"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.machine)
			shown := 0
			for i, cmd := range c.before {
				w.after(time.Duration(i)*time.Millisecond, cmd)
			}
			w.afterDo(10*time.Second, func() {
				shown = len(w.history())
				if o := w.decide(interpreter.MachineDeleted{}); o != interpreter.Done || len(w.history()) != shown {
					t.Errorf("the deletion is answered with %v, and shown by %d events", o, len(w.history())-shown)
				}
			})
			for i, cmd := range c.after {
				w.after(time.Duration(11+i)*time.Second, cmd)
			}
			w.start(`{"l":[1,2]}`)
			if got := w.outcome(); got != c.outcome {
				t.Errorf("ends as %s, not %s", got, c.outcome)
			}
			if got := strings.Join(w.story()[shown:], ", "); got != c.events {
				t.Errorf("shows %s, not %s", got, c.events)
			}
			if took := w.now.Sub(epoch).Truncate(time.Second); took != c.takes {
				t.Errorf("takes %v, not %v", took, c.takes)
			}
		})
	}
}

// TestDeletedMachineTwice: it is known once, and one that has ended needs not to
// know.
func TestDeletedMachineTwice(t *testing.T) {
	w := newWorld(t, one(deletedLambda))
	if o := w.decide(interpreter.MachineDeleted{}); o != interpreter.NotExpected {
		t.Errorf("before the start: %v", o)
	}
	w.decide(interpreter.Start{Input: value.Text([]byte(`{}`))})
	for range 3 {
		if o := w.decide(interpreter.MachineDeleted{}); o != interpreter.Done {
			t.Errorf("outcome %v", o)
		}
	}
	if last := w.facts[len(w.facts)-1]; !bytes.Equal(last, []byte{byte(factDeleted)}) || len(w.facts) != 4 {
		t.Errorf("the facts are % x", w.facts)
	}
	w.decide(interpreter.TaskSucceeded{ID: 1, Output: []byte(`1`)})
	for _, cmd := range []interpreter.Command{interpreter.MachineDeleted{}, interpreter.Redrive{}} {
		if o := w.decide(cmd); o != interpreter.Closed {
			t.Errorf("%T of a closed run: %v", cmd, o)
		}
	}
	if !w.run.Result().Redrivable {
		t.Error("the API shows, as recorded, that it could be redriven")
	}
}

// TestDeletedMachineOfALoop: one that never waits ends, too.
func TestDeletedMachineOfALoop(t *testing.T) {
	limits := testLimits()
	limits.BatchFacts = 10
	w := worldOf(t, mustCompile(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$","IsPresent":true,"Next":"A"}],"Default":"C"},"C":{"Type":"Succeed"}}}`), limits)
	w.afterDo(0, func() { w.decide(interpreter.MachineDeleted{}) })
	w.decide(interpreter.Start{Input: value.Text([]byte(`{}`))})
	w.next()
	if got := w.outcome(); got != goneMachine {
		t.Errorf("ends as %s", got)
	}
}

// TestDeletedMachineAfterRedrive: what a redrive has left open is cut, too.
func TestDeletedMachineAfterRedrive(t *testing.T) {
	w := newWorld(t, one(deletedLambda))
	w.answer = failing(map[string]bool{"S": true})
	w.start(`{}`)
	w.decide(interpreter.Redrive{})
	w.decide(interpreter.MachineDeleted{})
	w.goOn()
	if got := w.outcome(); got != goneMachine {
		t.Errorf("ends as %s", got)
	}
}

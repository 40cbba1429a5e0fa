package asl

import (
	"testing"

	"github.com/fermata-dev/fermata/interpreter"
)

// contextOfMap is the context object of the second item of a Map named A whose
// items are [{"a":1},{"b":1}].
const contextOfMap = `{"Execution":{"Id":"arn:aws:states:us-east-1:111111111111:execution:machine:run","Input":[{"a":1},{"b":1}],` +
	`"StartTime":"2026-01-02T03:04:05.000Z","Name":"run","RoleArn":"arn:aws:iam::111111111111:role/role","RedriveCount":0},` +
	`"StateMachine":{"Id":"arn:aws:states:us-east-1:111111111111:stateMachine:machine","Name":"machine"},` +
	`"State":{"Name":"A","EnteredTime":"2026-01-02T03:04:05.000Z","RetryCount":0},"Map":{"Item":{"Index":1,"Value":{"b":1}}}}`

// TestRuntimeFailureEndsTheExecution: nothing is shown of the states around the
// one that States.Runtime was raised in, whatever else is under way.
func TestRuntimeFailureEndsTheExecution(t *testing.T) {
	const lost = `"Type":"Pass","Parameters":{"m.$":"$.nope"},"End":true`
	const catch = `"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"End":true},"B":{"Type":"Succeed"}}}`
	missing := func(state, at, input string) string {
		return "FAILED States.Runtime: An error occurred while executing the state '" + state + "' (entered at the event id #" + at +
			"). The JSONPath '$.nope' specified for the field 'm.$' could not be found in the input '" + input + "'"
	}
	runScenarios(t, []scenario{
		{name: "in a branch", input: `{"x": 1}`, want: missing("I", "4", `{"x": 1}`),
			definition: `{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"I","States":{"I":{` + lost + `}}}],` + catch,
			story:      []string{"1<-0 ExecutionStarted", "2<-0 ParallelStateEntered", "3<-2 ParallelStateStarted", "4<-3 PassStateEntered", "5<-4 ExecutionFailed"}},
		{name: "in a task of a branch", input: `{"x": 1}`, want: missing("I", "4", `{"x": 1}`),
			definition: `{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"I","States":{"I":{` + task + `,"Parameters":{"m.$":"$.nope"},"End":true}}}],` + catch,
			story:      []string{"1<-0 ExecutionStarted", "2<-0 ParallelStateEntered", "3<-2 ParallelStateStarted", "4<-3 TaskStateEntered", "5<-4 ExecutionFailed"}},
		{name: "in an iteration", input: `[1,2]`, want: missing("I", "5", `1`),
			definition: `{"StartAt":"A","States":{"A":{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{"StartAt":"I","States":{"I":{` + lost + `}}},` + catch,
			story:      []string{"1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapIterationStarted", "5<-4 PassStateEntered", "6<-5 ExecutionFailed"}},
		{name: "beside a branch that waits", input: `{"x": 1}`, want: missing("I", "5", `{"x": 1}`),
			definition: `{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":9,"End":true}}},{"StartAt":"I","States":{"I":{` + lost + `}}}],` + catch,
			story:      []string{"1<-0 ExecutionStarted", "2<-0 ParallelStateEntered", "3<-2 ParallelStateStarted", "4<-3 WaitStateEntered", "5<-3 PassStateEntered", "6<-5 ExecutionFailed"}},
		{name: "after the branches", input: `{"x": 1}`, want: missing("A", "2", `[{"x": 1}]`),
			definition: `{"StartAt":"A","States":{"A":{"Type":"Parallel","ResultSelector":{"m.$":"$.nope"},"Branches":[{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}],` + catch,
			story:      []string{"1<-0 ExecutionStarted", "2<-0 ParallelStateEntered", "3<-2 ParallelStateStarted", "4<-3 PassStateEntered", "5<-4 PassStateExited", "6<-5 ParallelStateSucceeded", "7<-6 ExecutionFailed"}},
	})
}

// TestCatcherOfAFanFails: what the catcher does is shown from where the state
// stood before it failed, and the state fails a second time.
func TestCatcherOfAFanFails(t *testing.T) {
	w := newWorld(t, jsonataMachine(`"A":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"I","States":{"I":{"Type":"Fail","Error":"E"}}}],`+
		`"Catch":[{"ErrorEquals":["Other"],"Next":"B"},{"ErrorEquals":["States.ALL"],"Output":"{% $x %}","Next":"B"}]},"B":{"Type":"Succeed"}`))
	w.start(`{}`)
	const want = "1 ExecutionStarted <- 0\n2 ParallelStateEntered <- 0\n3 ParallelStateStarted <- 2\n4 FailStateEntered <- 3\n" +
		"5 ParallelStateFailed <- 4\n6 EvaluationFailed <- 4\n7 ParallelStateFailed <- 6\n8 ExecutionFailed <- 7\n"
	if got := lines(w); got != want {
		t.Errorf("history:\n%s", got)
	}
}

// TestRedriveAfterRuntimeFailureInABranch: the branches go on where they were.
func TestRedriveAfterRuntimeFailureInABranch(t *testing.T) {
	w := newWorld(t, `{"StartAt":"A","States":{"A":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"T","States":{"T":{`+redriveTask+`,"End":true}}},
		{"StartAt":"I","States":{"I":{"Type":"Pass","Result":{"did":"I"},"Next":"J"},
			"J":{"Type":"Pass","Parameters":{"redriven.$":"$$.Execution.RedriveTime","in.$":"$.did"},"OutputPath":"$.in","End":true}}}]}}}`)
	w.answer = func(w *world, task *interpreter.Task) {
		if w.run.Result().Redrives > 0 {
			reply(`"T"`)(w, task)
		}
	}
	w.start(`{}`)
	if got := w.run.Result(); got.Status != interpreter.Failed || !got.Redrivable {
		t.Fatalf("ended as %s", w.outcome())
	}
	if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
		t.Fatalf("outcome %v", o)
	}
	w.goOn()
	if got := w.outcome(); got != `SUCCEEDED ["T","I"]` {
		t.Errorf("ended as %s", got)
	}
}

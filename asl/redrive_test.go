package asl

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// failing answers tasks: those of states whose names are in bad fail.
func failing(bad map[string]bool) func(*world, *interpreter.Task) {
	return func(w *world, task *interpreter.Task) {
		if bad[task.State] {
			w.after(time.Second, interpreter.TaskFailed{ID: task.ID, Error: text("Bad"), Cause: text(task.State)})
			return
		}
		w.after(time.Second, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`"did ` + task.State + `"`)})
	}
}

// lines are the events as "id type <- previous".
func lines(w *world) string {
	var b strings.Builder
	for _, e := range w.history() {
		fmt.Fprintf(&b, "%d %s <- %d\n", e.ID, e.Type, e.Previous)
	}
	return b.String()
}

const redriveTask = `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f"`

func TestRedriveGoesOnWithTheStateThatFailed(t *testing.T) {
	w := newWorld(t, `{"StartAt":"A","States":{
		"A":{`+redriveTask+`,"ResultPath":"$.a","Next":"B"},
		"B":{`+redriveTask+`,"ResultPath":"$.b","Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],"Next":"C"},
		"C":{"Type":"Pass","Parameters":{"in.$":"$","n.$":"$$.Execution.RedriveCount","at.$":"$$.Execution.RedriveTime"},"End":true}}}`)
	bad := map[string]bool{"B": true}
	w.answer = failing(bad)
	w.start(`{}`)
	if got := w.outcome(); got != "FAILED Bad: B" {
		t.Fatalf("ended as %s", got)
	}
	tasks := w.started
	if r := w.run.Result(); !r.Redrivable || r.Redrives != 0 {
		t.Errorf("before: %+v", r)
	}
	bad["B"] = false
	w.now = w.now.Add(time.Hour)
	redriven := w.now
	if o := w.decide(interpreter.Redrive{Token: "t"}); o != interpreter.Done {
		t.Fatalf("outcome %v", o)
	}
	w.goOn()
	if got, want := w.outcome(), `SUCCEEDED {"at":"`+redriven.Format("2006-01-02T15:04:05.000Z")+`","in":{"a":"did A","b":"did B"},"n":1}`; got != want {
		t.Errorf("ended as %s, not %s", got, want)
	}
	if w.started != tasks+1 {
		t.Errorf("%d tasks were called again, not one", w.started-tasks)
	}
	if r := w.run.Result(); r.Redrivable || r.Redrives != 1 || !r.Redriven.Equal(redriven) {
		t.Errorf("after: %+v", r)
	}
	const want = `1 ExecutionStarted <- 0
2 TaskStateEntered <- 0
3 LambdaFunctionScheduled <- 2
4 LambdaFunctionStarted <- 3
5 LambdaFunctionSucceeded <- 4
6 TaskStateExited <- 5
7 TaskStateEntered <- 6
8 LambdaFunctionScheduled <- 7
9 LambdaFunctionStarted <- 8
10 LambdaFunctionFailed <- 9
11 LambdaFunctionScheduled <- 10
12 LambdaFunctionStarted <- 11
13 LambdaFunctionFailed <- 12
14 ExecutionFailed <- 13
15 ExecutionRedriven <- 14
16 LambdaFunctionScheduled <- 7
17 LambdaFunctionStarted <- 16
18 LambdaFunctionSucceeded <- 17
19 TaskStateExited <- 18
20 PassStateEntered <- 19
21 PassStateExited <- 20
22 ExecutionSucceeded <- 21
`
	if got := lines(w); got != want {
		t.Errorf("history:\n%s", got)
	}
}

func TestRedriveGivesAllAttemptsAgain(t *testing.T) {
	w := newWorld(t, `{"StartAt":"A","States":{"A":{`+redriveTask+`,"Retry":[{"ErrorEquals":["Bad"],"MaxAttempts":2}],"End":true}}}`)
	w.answer = failing(map[string]bool{"A": true})
	w.start(`{}`)
	for i := 1; i <= 3; i++ {
		if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
			t.Fatalf("redrive %d: outcome %v", i, o)
		}
		w.goOn()
		if w.started != 3*(i+1) || w.run.Result().Redrives != i {
			t.Errorf("after redrive %d: %d attempts, %d redrives", i, w.started, w.run.Result().Redrives)
		}
	}
}

func TestRedriveKeepsWhatSucceededInAFan(t *testing.T) {
	for _, c := range []struct{ name, definition, want string }{
		{"branches", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"A","States":{"A":{` + redriveTask + `,"End":true}}},
			{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":2,"Next":"C"},"C":{` + redriveTask + `,"End":true}}},
			{"StartAt":"D","States":{"D":{"Type":"Wait","Seconds":9,"Next":"E"},"E":{` + redriveTask + `,"End":true}}}]}}}`,
			`["did A","did C","did E"]`},
		{"iterations", `{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"End":true,"ItemProcessor":{"StartAt":"Which","States":{
			"Which":{"Type":"Choice","Default":"A","Choices":[{"Variable":"$","NumericEquals":2,"Next":"C"}]},
			"A":{` + redriveTask + `,"End":true},"C":{` + redriveTask + `,"End":true}}}}}}`, `["did A","did C","did A","did A"]`},
		{"a fan in a fan", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"A","States":{"A":{` + redriveTask + `,"End":true}}},
			{"StartAt":"Q","States":{"Q":{"Type":"Parallel","End":true,"Branches":[
				{"StartAt":"X","States":{"X":{"Type":"Pass","Assign":{"v":1},"Next":"Y"},"Y":{"Type":"Wait","Seconds":3,"Next":"Z"},"Z":{"Type":"Pass","Parameters":{"v.$":"$v"},"End":true}}},
				{"StartAt":"C","States":{"C":{` + redriveTask + `,"End":true}}}]}}}]}}}`, `["did A",[{"v":1},"did C"]]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.definition)
			bad := map[string]bool{"C": true}
			count := map[string]int{}
			answer := failing(bad)
			w.answer = func(w *world, task *interpreter.Task) { count[task.State]++; answer(w, task) }
			w.start(`[1,2,3,4]`)
			before := count["A"]
			if got := w.outcome(); got != "FAILED Bad: C" || before == 0 {
				t.Fatalf("ended as %s after %v", got, count)
			}
			if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
				t.Fatalf("outcome %v", o)
			}
			w.goOn() // it fails again
			bad["C"] = false
			if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
				t.Fatalf("outcome %v", o)
			}
			w.goOn()
			if got := w.outcome(); got != "SUCCEEDED "+c.want {
				t.Errorf("ended as %s\n%s", got, lines(w))
			}
			if count["C"] != 3 {
				t.Errorf("called %v", count)
			}
		})
	}
}

func TestRedriveOfWhatWasCutOff(t *testing.T) {
	w := newWorld(t, `{"StartAt":"W","TimeoutSeconds":60,"States":{"W":{"Type":"Wait","Seconds":50,"Next":"A"},"A":{`+redriveTask+`,"Next":"V"},"V":{"Type":"Wait","Seconds":50,"End":true}}}`)
	w.answer = failing(nil)
	w.decide(interpreter.Start{Input: value.Text([]byte(`{}`))})
	w.decide(interpreter.Stop{})
	if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
		t.Fatalf("outcome %v", o)
	}
	w.goOn() // the time of the machine begins anew, and is over in the second wait
	if got := w.outcome(); got != "TIMED_OUT" || w.started != 1 {
		t.Fatalf("ended as %s", got)
	}
	if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
		t.Fatalf("outcome %v", o)
	}
	w.goOn()
	if got := w.outcome(); got != `SUCCEEDED "did A"` || w.started != 1 {
		t.Errorf("ended as %s after %d tasks", got, w.started)
	}
}

func TestRedriveOnceByItsToken(t *testing.T) {
	w := newWorld(t, `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`)
	w.start(`{}`)
	ask := func(token string, want int) {
		t.Helper()
		if o := w.decide(interpreter.Redrive{Token: token}); o != interpreter.Done || w.run.Result().Redrives != want {
			t.Errorf("token %q: outcome %v, %d redrives", token, o, w.run.Result().Redrives)
		}
	}
	ask("a", 1)
	ask("a", 1)
	ask("b", 2)
	ask("", 3)
	ask("", 4)
	w.now = w.now.Add(15 * time.Minute)
	ask("a", 5)
	for i := range mostTokens {
		ask(fmt.Sprint(i), 6+i)
	}
	if known := w.run.Result().Tokens; len(known) != mostTokens || known[0].Token != "0" || !known[0].At.Equal(w.now) {
		t.Errorf("the tokens %v are known", known)
	}
	ask("a", 6+mostTokens)
}

// TestRedriveOfAFailState: it is not entered again, and fails after the redrive.
func TestRedriveOfAFailState(t *testing.T) {
	w := newWorld(t, `{"StartAt":"P","States":{"P":{"Type":"Pass","Next":"F"},"F":{"Type":"Fail","Error":"E"}}}`)
	w.start(`{}`)
	w.decide(interpreter.Redrive{})
	w.goOn()
	const want = `1 ExecutionStarted <- 0
2 PassStateEntered <- 0
3 PassStateExited <- 2
4 FailStateEntered <- 3
5 ExecutionFailed <- 4
6 ExecutionRedriven <- 5
7 ExecutionFailed <- 6
`
	if got := lines(w); got != want {
		t.Errorf("history:\n%s", got)
	}
}

func TestWhatCannotBeRedriven(t *testing.T) {
	w := newWorld(t, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"End":true}}}`)
	w.decide(interpreter.Start{Input: value.Text([]byte(`{}`))})
	if o := w.decide(interpreter.Redrive{}); o != interpreter.NotExpected {
		t.Errorf("running: %v", o)
	}
	w.goOn()
	if o := w.decide(interpreter.Redrive{}); o != interpreter.Closed {
		t.Errorf("succeeded: %v", o)
	}
	limits := testLimits()
	limits.HistoryEvents = 10
	w = worldOf(t, mustCompile(t, `{"StartAt":"F","States":{"F":{"Type":"Fail"}}}`), limits)
	w.start(`{}`)
	for w.run.Result().Redrivable {
		w.decide(interpreter.Redrive{})
	}
	if r := w.run.Result(); !r.Full || r.Status != interpreter.Failed {
		t.Errorf("%+v", r)
	}
	if o := w.decide(interpreter.Redrive{}); o != interpreter.Closed || len(w.history()) > 10 {
		t.Errorf("full: %v", o)
	}
}

// TestASnapshotOfVersion1OfAClosedExecution has no frames to go on with.
func TestASnapshotOfVersion1OfAClosedExecution(t *testing.T) {
	w := newWorld(t, `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}`)
	old, err := hex.DecodeString("0101077b2261223a317d010290b2cccaef6690b2cccaef6600010000010145000301000700")
	if err != nil {
		t.Fatal(err)
	}
	if w.run, err = w.program.Restore(w.info, old); err != nil {
		t.Fatal(err)
	}
	if r := w.run.Result(); w.outcome() != "FAILED E" || r.Redrivable || r.Full {
		t.Errorf("%s, %+v", w.outcome(), r)
	}
	var d interpreter.Decision
	if o := w.run.Decide(w.env(), interpreter.Redrive{}, &d); o != interpreter.Closed || d.Facts() > 0 {
		t.Errorf("outcome %v, %d facts", o, d.Facts())
	}
}

// TestAFanThatFailedIsInSnapshots: a decision may stop between the failure of a
// branch and what becomes of it.
func TestAFanThatFailedIsInSnapshots(t *testing.T) {
	limits := testLimits()
	limits.BatchFacts = 1
	w := worldOf(t, mustCompile(t, `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"A","States":{"A":{`+redriveTask+`,"End":true}}},
		{"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"v":"much"},"Next":"C"},"C":{`+redriveTask+`,"End":true}}}]}}}`), limits)
	bad := map[string]bool{"A": true}
	w.answer = failing(bad)
	w.start(`{}`)
	bad["A"] = false
	w.decide(interpreter.Redrive{})
	w.goOn()
	if got := w.outcome(); got != `SUCCEEDED ["did A","did C"]` {
		t.Errorf("ended as %s", got)
	}
}

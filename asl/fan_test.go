package asl

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

func TestParallel(t *testing.T) {
	task := func(name string) string {
		return `{"StartAt":"` + name + `","States":{"` + name + `":{"Type":"Task","Resource":` + function + `,"End":true}}}`
	}
	byState := func(w *world, task *interpreter.Task) {
		switch task.State {
		case "Bad":
			refuse("E", "C")(w, task)
		case "Slow":
			w.after(time.Minute, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`"slow"`)})
		default:
			w.after(2*time.Second, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`"` + task.State + `"`)})
		}
	}
	runScenarios(t, []scenario{
		{name: "results are in the order of the branches", answer: byState,
			definition: machine(`{"Type":"Parallel","End":true,"Branches":[` + task("Slow") + `,` + task("Good") + `]}`),
			want:       `SUCCEEDED ["slow","Good"]`, took: time.Minute,
			story: []string{"1<-0 ExecutionStarted", "2<-0 ParallelStateEntered", "3<-2 ParallelStateStarted", "4<-3 TaskStateEntered", "5<-4 LambdaFunctionScheduled", "6<-5 LambdaFunctionStarted",
				"7<-3 TaskStateEntered", "8<-7 LambdaFunctionScheduled", "9<-8 LambdaFunctionStarted", "10<-9 LambdaFunctionSucceeded", "11<-10 TaskStateExited",
				"12<-6 LambdaFunctionSucceeded", "13<-12 TaskStateExited", "14<-13 ParallelStateSucceeded", "15<-13 ParallelStateExited", "16<-15 ExecutionSucceeded"}},
		{name: "a failure aborts the others", answer: byState,
			definition: machine(`{"Type":"Parallel","End":true,"Branches":[` + task("Slow") + `,` + task("Bad") + `]}`),
			want:       `FAILED E: C`, took: time.Second,
			story: []string{"1<-0 ExecutionStarted", "2<-0 ParallelStateEntered", "3<-2 ParallelStateStarted", "4<-3 TaskStateEntered", "5<-4 LambdaFunctionScheduled", "6<-5 LambdaFunctionStarted",
				"7<-3 TaskStateEntered", "8<-7 LambdaFunctionScheduled", "9<-8 LambdaFunctionStarted", "10<-9 LambdaFunctionFailed",
				"11<-10 TaskStateAborted", "12<-10 TaskStateAborted", "13<-10 ParallelStateFailed", "14<-13 ExecutionFailed"}},
		{name: "a retry starts all again", answer: byState,
			definition: machine(`{"Type":"Parallel","End":true,"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],"Branches":[` + task("Bad") + `]}`),
			want:       `FAILED E: C`, took: 3 * time.Second,
			story: []string{"1<-0 ExecutionStarted", "2<-0 ParallelStateEntered", "3<-2 ParallelStateStarted", "4<-3 TaskStateEntered", "5<-4 LambdaFunctionScheduled", "6<-5 LambdaFunctionStarted",
				"7<-6 LambdaFunctionFailed", "8<-7 TaskStateAborted", "9<-7 ParallelStateStarted", "10<-9 TaskStateEntered", "11<-10 LambdaFunctionScheduled", "12<-11 LambdaFunctionStarted",
				"13<-12 LambdaFunctionFailed", "14<-13 TaskStateAborted", "15<-13 ParallelStateFailed", "16<-15 ExecutionFailed"}},
		{name: "a choice that matches nothing is not caught outside", input: `{"n":2}`,
			definition: `{"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"Z","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"Z"}],"Branches":[
				{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1,"Next":"E"}]},"E":{"Type":"Succeed"}}}]},"Z":{"Type":"Pass","End":true}}}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'C' (entered at the event id #4). Failed to transition out of the state. The state does not point to a next state.`},
	})
}

func TestParallelCancels(t *testing.T) {
	w := newWorld(t, machine(`{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"T","States":{"T":{"Type":"Task","Resource":`+function+`,"End":true}}},
		{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"Next":"F"},"F":{"Type":"Fail","Error":"E"}}}]}`))
	w.start(`{}`)
	if got := fmt.Sprint(w.cancels); got != "[1]" {
		t.Errorf("cancelled tasks %s, want [1]", got)
	}
	if outcome := w.decide(interpreter.TaskSucceeded{ID: 1, Output: []byte(`1`)}); outcome != interpreter.Closed {
		t.Errorf("a late result gives %v, want Closed", outcome)
	}
}

func TestMap(t *testing.T) {
	each := `"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Task","Resource":` + function + `,"End":true}}}`
	echo := func(w *world, task *interpreter.Task) {
		w.after(time.Second, interpreter.TaskSucceeded{ID: task.ID, Output: task.Payload})
	}
	runScenarios(t, []scenario{
		{name: "nothing to do", definition: machine(`{"Type":"Map","End":true,` + each + `}`), input: `[]`, want: `SUCCEEDED []`,
			story: []string{"1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapStateSucceeded", "5<-3 MapStateExited", "6<-5 ExecutionSucceeded"}},
		{name: "two at once", definition: machine(`{"Type":"Map","MaxConcurrency":2,"End":true,` + each + `}`), input: `[1,2,3,4,5]`, answer: echo, want: `SUCCEEDED [1,2,3,4,5]`, took: 3 * time.Second},
		{name: "ItemsPath, ItemSelector and ResultPath", input: `{"l":["x","y"],"k":7}`, answer: echo,
			definition: machine(`{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"k.$":"$.k","v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index","m.$":"$$.Map.Item"},"ResultPath":"$.r","End":true,` + each + `}`),
			want:       `SUCCEEDED {"l":["x","y"],"k":7,"r":[{"v":"x","i":0,"k":7,"m":{"Index":0,"Value":"x"}},{"v":"y","i":1,"k":7,"m":{"Index":1,"Value":"y"}}]}`},
		{name: "the item within the iteration", input: `["x","y"]`,
			definition: machine(`{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Parameters":{"v.$":"$$.Map.Item.Value"},"End":true}}}}`),
			want:       `SUCCEEDED [{"v":"x"},{"v":"y"}]`},
		{name: "no items", definition: machine(`{"Type":"Map","ItemsPath":"$.a.l","End":true,` + each + `}`), input: `{"a":{"b":1}}`,
			want: `FAILED States.ReferencePathConflict: Unable to apply step "l" to input {"a":{"b":1}}`},
		{name: "no array", definition: machine(`{"Type":"Map","ItemsPath":"$.l","End":true,` + each + `}`), input: `{"l":1}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Reference path "$.l" must point to array.`},
		{name: "a selector that fails aborts what is under way", input: `[{"a":1},{"b":1}]`, answer: echo,
			definition: machine(`{"Type":"Map","ItemSelector":{"v.$":"$$.Map.Item.Value.a"},"End":true,` + each + `}`),
			want:       `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$$.Map.Item.Value.a' specified for the field 'v.$' could not be found in the input '` + contextOfMap + `'`,
			story:      []string{"1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapIterationStarted", "5<-3 MapIterationAborted", "6<-3 ExecutionFailed"}},
		{name: "a failed iteration aborts the others", input: `[1,2,3]`, answer: func(w *world, task *interpreter.Task) {
			if string(task.Payload) == "2" {
				refuse("E", "C")(w, task)
			}
		}, definition: machine(`{"Type":"Map","End":true,` + each + `}`), want: `FAILED E: C`,
			story: []string{"1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapIterationStarted", "5<-3 MapIterationStarted", "6<-3 MapIterationStarted",
				"7<-4 TaskStateEntered", "8<-7 LambdaFunctionScheduled", "9<-8 LambdaFunctionStarted", "10<-5 TaskStateEntered", "11<-10 LambdaFunctionScheduled", "12<-11 LambdaFunctionStarted",
				"13<-6 TaskStateEntered", "14<-13 LambdaFunctionScheduled", "15<-14 LambdaFunctionStarted", "16<-12 LambdaFunctionFailed",
				"17<-16 MapIterationFailed", "18<-16 TaskStateAborted", "19<-16 MapIterationAborted", "20<-16 TaskStateAborted", "21<-16 MapIterationAborted", "22<-16 TaskStateAborted",
				"23<-16 MapStateFailed", "24<-23 ExecutionFailed"}},
	})
}

// TestMapWindow: never more iterations at once than the limit allows when the
// state names no number.
func TestMapWindow(t *testing.T) {
	p := mustCompile(t, machine(`{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Task","Resource":`+function+`,"End":true}}}}`))
	limits := testLimits()
	limits.InlineIterations = 3
	w := worldOf(t, p, limits)
	most := 0
	w.answer = func(w *world, task *interpreter.Task) {
		most = max(most, w.run.Active())
		w.after(time.Duration(task.ID%4)*time.Second, interpreter.TaskSucceeded{ID: task.ID, Output: task.Payload})
	}
	input := "[" + strings.TrimSuffix(strings.Repeat(`"x",`, 50), ",") + "]"
	w.start(input)
	if got, want := w.outcome(), "SUCCEEDED "+input; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if most != 3 {
		t.Errorf("%d iterations at once, want 3", most)
	}
}

// TestMapIsLinear: the facts of an item do not grow with the number of items,
// and a run over many items ends.
func TestMapIsLinear(t *testing.T) {
	p := mustCompile(t, machine(`{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Task","Resource":`+function+`,"End":true}}}}`))
	_, _, small := mapRun(t, p, 1_000, false)
	_, _, large := mapRun(t, p, 20_000, false)
	if perSmall, perLarge := small/1_000, large/20_000; perLarge > perSmall+10 {
		t.Errorf("an item of many costs %d bytes of facts, one of few %d", perLarge, perSmall)
	}
}

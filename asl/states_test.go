package asl

import (
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

const function = `"arn:aws:lambda:us-east-1:111111111111:function:f"`

// scenario is one execution of one machine.
type scenario struct {
	name       string
	definition string
	input      string
	answer     func(*world, *interpreter.Task)
	want       string   // how the run stands in the end
	story      []string // the history, if not nil
	took       time.Duration
}

func (s scenario) run(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, s.definition)
	w.answer = s.answer
	input := s.input
	if input == "" {
		input = "{}"
	}
	w.start(input)
	if got := w.outcome(); got != s.want {
		t.Errorf("the run stands at\n%s, want\n%s", got, s.want)
	}
	if s.story != nil {
		if got, want := strings.Join(w.story(), "\n"), strings.Join(s.story, "\n"); got != want {
			t.Errorf("the history is\n%s\nwant\n%s", got, want)
		}
	}
	if took := w.now.Sub(epoch); s.took != 0 && took != s.took {
		t.Errorf("it took %v, want %v", took, s.took)
	}
	return w
}

func runScenarios(t *testing.T, scenarios []scenario) {
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) { s.run(t) })
	}
}

// machine is a definition of one state.
func machine(state string) string {
	return `{"StartAt":"A","States":{"A":` + state + `}}`
}

func TestSimpleStates(t *testing.T) {
	runScenarios(t, []scenario{
		{name: "the text passes through", definition: machine(`{"Type":"Pass","End":true}`), input: `{"a": 1.0}`, want: `SUCCEEDED {"a": 1.0}`},
		{name: "Result", definition: machine(`{"Type":"Pass","Result":[1, 2],"End":true}`), want: `SUCCEEDED [1,2]`},
		{name: "Result null", definition: machine(`{"Type":"Pass","Result":null,"End":true}`), input: `{"a":1}`, want: `SUCCEEDED {"a":1}`},
		{name: "ResultPath and OutputPath", definition: machine(`{"Type":"Pass","Result":7,"ResultPath":"$.a.b","OutputPath":"$.a","End":true}`), want: `SUCCEEDED {"b":7}`},
		{name: "ResultPath is for what the state was entered with", definition: machine(`{"Type":"Pass","InputPath":"$.x","ResultPath":"$.y","End":true}`), input: `{"x":1}`, want: `SUCCEEDED {"x":1,"y":1}`},
		{name: "ResultPath null", definition: machine(`{"Type":"Pass","Result":7,"ResultPath":null,"End":true}`), input: `{"x": 1}`, want: `SUCCEEDED {"x": 1}`},
		{name: "InputPath null", definition: machine(`{"Type":"Pass","InputPath":null,"End":true}`), input: `[1]`, want: `SUCCEEDED {}`},
		{name: "Parameters", definition: machine(`{"Type":"Pass","Parameters":{"a.$":"$.x","b":"$.x","c.$":"$$.State.Name","d":[{"e.$":"$"}]},"End":true}`), input: `{"x":1}`,
			want: `SUCCEEDED {"b":"$.x","d":[{"e":{"x":1}}],"a":1,"c":"A"}`},
		{name: "a template's path that leads nowhere", definition: machine(`{"Type":"Pass","Parameters":{"a.$":"$.x"},"End":true}`),
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$.x' specified for the field 'a.$' could not be found in the input '{}'`},
		{name: "an item behind the end is null in a payload template", definition: machine(`{"Type":"Pass","Parameters":{"a.$":"$.l[2]","b.$":"$.l[-3]"},"End":true}`), input: `{"l":[1,2]}`, want: `SUCCEEDED {"a":null,"b":null}`},
		{name: "but what is below it is not there", definition: machine(`{"Type":"Pass","Parameters":{"a.$":"$.l[2].x"},"End":true}`), input: `{"l":[1,2]}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The JSONPath '$.l[2].x' specified for the field 'a.$' could not be found in the input '{"l":[1,2]}'`},
		{name: "nor is it itself as an argument", definition: machine(`{"Type":"Pass","Parameters":{"a.$":"States.Array($.l[2])"},"End":true}`), input: `{"l": [1]}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The function 'States.Array($.l[2])' had the following error: The JsonPath argument for the field '$.l[2]' could not be found in the input '{"l": [1]}'`},
		{name: "a template's path into null", definition: machine(`{"Type":"Pass","Parameters":{"c.$":"$$.State.Name","a.$":"$"},"End":true}`), input: `null`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Unable to apply Path transformation to null or empty input.`},
		{name: "ResultPath through what is no object", definition: machine(`{"Type":"Pass","Result":1,"ResultPath":"$.x.y","End":true}`), input: `{"x":1}`,
			want: `FAILED States.ReferencePathConflict: Unable to apply ReferencePath $.x.y to input {"x":1}`},
		{name: "Succeed", definition: machine(`{"Type":"Succeed","InputPath":"$.a","OutputPath":"$.b"}`), input: `{"a":{"b":1}}`, want: `SUCCEEDED 1`},
		{name: "Fail", definition: machine(`{"Type":"Fail","Error":"E","Cause":"C"}`), want: `FAILED E: C`,
			story: []string{"1<-0 ExecutionStarted", "2<-0 FailStateEntered", "3<-2 ExecutionFailed"}},
		{name: "Fail with nothing", definition: machine(`{"Type":"Fail"}`), want: `FAILED`},
		{name: "Fail with paths", definition: machine(`{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('<{}>', $.e)"}`), input: `{"e":"E"}`, want: `FAILED E: <E>`},
		{name: "Fail with a path to a number", definition: machine(`{"Type":"Fail","ErrorPath":"$.e"}`), input: `{"e":1}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The field 'ErrorPath' must be a string but was: 1`},
		{name: "Wait", definition: machine(`{"Type":"Wait","Seconds":90,"End":true}`), want: `SUCCEEDED {}`, took: 90 * time.Second},
		{name: "Wait for nothing", definition: machine(`{"Type":"Wait","Timestamp":"2020-01-01T00:00:00Z","End":true}`), want: `SUCCEEDED {}`,
			story: []string{"1<-0 ExecutionStarted", "2<-0 WaitStateEntered", "3<-2 WaitStateExited", "4<-3 ExecutionSucceeded"}},
		{name: "Wait until", definition: machine(`{"Type":"Wait","TimestampPath":"$.t","OutputPath":"$.t","End":true}`), input: `{"t":"2026-01-02T04:04:05.0001+01:00"}`,
			want: `SUCCEEDED "2026-01-02T04:04:05.0001+01:00"`, took: time.Millisecond},
		{name: "Wait until, in small letters", definition: machine(`{"Type":"Wait","TimestampPath":"$.t","End":true}`), input: `{"t":"2026-01-02t04:04:05.0001+01:00"}`,
			want: `SUCCEEDED {"t":"2026-01-02t04:04:05.0001+01:00"}`, took: time.Millisecond},
		{name: "Wait until a minute", definition: machine(`{"Type":"Wait","TimestampPath":"$.t","End":true}`), input: `{"t":"2026-01-02T04:05+01:00"}`,
			want: `SUCCEEDED {"t":"2026-01-02T04:05+01:00"}`, took: 55 * time.Second},
		{name: "Wait until, east of any zone", definition: machine(`{"Type":"Wait","TimestampPath":"$.t","End":true}`), input: `{"t":"2026-01-02T03:04:05+18:01"}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2026-01-02T03:04:05+18:01`},
		{name: "Wait until, west of any zone", definition: machine(`{"Type":"Wait","TimestampPath":"$.t","End":true}`), input: `{"t":"2026-01-02T03:04:05-18:01"}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2026-01-02T03:04:05-18:01`},
		{name: "Wait for a text of seconds", definition: machine(`{"Type":"Wait","SecondsPath":"$.n","End":true}`), input: `{"n":"90"}`, want: `SUCCEEDED {"n":"90"}`, took: 90 * time.Second},
		{name: "Wait for a fraction", definition: machine(`{"Type":"Wait","SecondsPath":"$.n","End":true}`), input: `{"n":1.0}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The SecondsPath parameter cannot be parsed as a long value: $.n == 1.0`},
		{name: "Wait too long", definition: machine(`{"Type":"Wait","SecondsPath":"$.n","End":true}`), input: `{"n":99999999999}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Wait state delay is too long.`},
		{name: "Choice without a match", definition: `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1,"Next":"E"}]},"E":{"Type":"Succeed"}}}`, input: `{"n":2}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'C' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.`},
		{name: "Choice of a variable that is not there", definition: `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1,"Next":"E"}],"Default":"E"},"E":{"Type":"Succeed"}}}`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'C' (entered at the event id #2). Invalid path '$.n': The choice state's condition path references an invalid value.`},
	})
}

func TestVariables(t *testing.T) {
	runScenarios(t, []scenario{
		{name: "values are those at entry", want: `SUCCEEDED {"a":2,"b":1}`, definition: `{"StartAt":"A","States":{
			"A":{"Type":"Pass","Assign":{"a":1,"b":2},"Next":"B"},
			"B":{"Type":"Pass","Assign":{"a.$":"$b","b.$":"$a"},"Next":"C"},
			"C":{"Type":"Pass","Parameters":{"a.$":"$a","b.$":"$b"},"End":true}}}`},
		{name: "inner scopes read outer ones and are gone at their end", input: `[1,2]`,
			want: `FAILED States.Runtime: An error occurred while executing the state 'C' (entered at the event id #16). The JSONPath '$y' specified for the field 'y.$' could not be found in the input '[1,2]'`,
			definition: `{"StartAt":"A","States":{
			"A":{"Type":"Pass","Assign":{"x":1},"Next":"M"},
			"M":{"Type":"Map","MaxConcurrency":1,"Next":"C","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"y.$":"$x"},"End":true}}}},
			"C":{"Type":"Pass","Parameters":{"y.$":"$y"},"End":true}}}`},
		{name: "a task's result", want: `SUCCEEDED 5`, answer: reply(`{"n":5}`), definition: `{"StartAt":"A","States":{
			"A":{"Type":"Task","Resource":` + function + `,"Assign":{"n.$":"$.n"},"ResultPath":null,"Next":"B"},
			"B":{"Type":"Pass","InputPath":"$n","End":true}}}`},
		{name: "a text with blanks", input: `[1, [2]]`, want: `SUCCEEDED [1,[2]]`, definition: `{"StartAt":"A","States":{
			"A":{"Type":"Pass","Assign":{"all.$":"$"},"Next":"B"},
			"B":{"Type":"Pass","InputPath":"$all","End":true}}}`},
		{name: "a result with blanks", want: `SUCCEEDED [1,[2]]`, answer: reply(`[1, [2]]`), definition: `{"StartAt":"A","States":{
			"A":{"Type":"Task","Resource":` + function + `,"Assign":{"all.$":"$"},"ResultPath":null,"Next":"B"},
			"B":{"Type":"Pass","OutputPath":"$all","End":true}}}`},
		{name: "a catcher's", want: `SUCCEEDED "Custom"`, answer: refuse("Custom", "why"), definition: `{"StartAt":"A","States":{
			"A":{"Type":"Task","Resource":` + function + `,"Assign":{"e":"not this"},"Next":"B","Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"e.$":"$.Error"},"Next":"B"}]},
			"B":{"Type":"Pass","InputPath":"$e","End":true}}}`},
	})
}

// refuse is an answer that fails each task at once.
func refuse(name, cause string) func(*world, *interpreter.Task) {
	return func(w *world, task *interpreter.Task) {
		w.after(time.Second, interpreter.TaskFailed{ID: task.ID, Error: text(name), Cause: text(cause)})
	}
}

func TestContextObject(t *testing.T) {
	w := newWorld(t, `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"context.$":"$$"},"End":true}}}`)
	w.start(`{"in":1}`)
	want := `{"context":{"Execution":{"Id":"arn:aws:states:us-east-1:111111111111:execution:machine:run","Input":{"in":1},` +
		`"StartTime":"2026-01-02T03:04:05.000Z","Name":"run","RoleArn":"arn:aws:iam::111111111111:role/role","RedriveCount":0},` +
		`"StateMachine":{"Id":"arn:aws:states:us-east-1:111111111111:stateMachine:machine","Name":"machine"},` +
		`"State":{"Name":"T","EnteredTime":"2026-01-02T03:04:05.000Z","RetryCount":0},"Task":{"Token":"token-of-task-1"}}}`
	if got := string(w.invoked[0].Payload); got != want {
		t.Errorf("the context object is\n%s, want\n%s", got, want)
	}
}

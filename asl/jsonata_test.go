package asl

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/interpreter"
)

// jsonataMachine is a definition in JSONata that starts at the state A.
func jsonataMachine(states string) string {
	return `{"QueryLanguage":"JSONata","StartAt":"A","States":{` + states + `}}`
}

const (
	preambleA   = `An error occurred while executing the state 'A' (entered at the event id #2). `
	processItem = `"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}`
	task        = `"Type":"Task","Resource":` + function
)

func TestJSONataStates(t *testing.T) {
	runScenarios(t, []scenario{
		{name: "the text passes through", definition: jsonataMachine(`"A":{"Type":"Pass","End":true}`), input: `{"a": 1.0}`, want: `SUCCEEDED {"a": 1.0}`},
		{name: "Output at any depth", definition: jsonataMachine(`"A":{"Type":"Pass","End":true,"Output":{"a":["{% $states.input.x + 1 %}",{"b":"{% $states.input.y[] %}"}]," {% $x %}":" {% $y %} ","n":1.0,"null":"{% null %}"}}`),
			input: `{"x":1,"y":"z"}`, want: `SUCCEEDED {"a":[2,{"b":["z"]}]," {% $x %}":" {% $y %} ","n":1.0,"null":null}`},
		{name: "the order of members is kept", definition: jsonataMachine(`"A":{"Type":"Pass","End":true,"Output":"{% $states.input %}"}`), input: `{"b": 1.0, "2": [ ], "1": 1e2}`, want: `SUCCEEDED {"b":1,"2":[],"1":100}`},
		{name: "context", definition: jsonataMachine(`"A":{"Type":"Pass","End":true,"Output":"{% $states.context.State.Name & $states.context.Execution.Name %}"}`), want: `SUCCEEDED "Arun"`},
		{name: "all of $states", definition: jsonataMachine(`"A":{"Type":"Pass","End":true,"Output":"{% $keys($states) %}"}`), want: `SUCCEEDED ["input","context"]`},
		{name: "Succeed", definition: jsonataMachine(`"A":{"Type":"Succeed","Output":["{% $states.input %}"]}`), input: `7`, want: `SUCCEEDED [7]`},
		{name: "Fail", definition: jsonataMachine(`"A":{"Type":"Fail","Error":"{% $states.input.e %}","Cause":"{% 'it is ' & $states.input.e %}"}`), input: `{"e":"E"}`, want: `FAILED E: it is E`,
			story: []string{"1<-0 ExecutionStarted", "2<-0 FailStateEntered", "3<-2 ExecutionFailed"}},
		{name: "Wait", definition: jsonataMachine(`"A":{"Type":"Wait","Seconds":"{% $states.input.n * 2 %}","Output":"{% $states.input.n %}","End":true}`), input: `{"n":45}`, want: `SUCCEEDED 45`, took: 90 * time.Second},
		{name: "Wait until", definition: jsonataMachine(`"A":{"Type":"Wait","Timestamp":"{% $states.input %}","End":true}`), input: `"2026-01-02T03:05:05Z"`, want: `SUCCEEDED "2026-01-02T03:05:05Z"`, took: time.Minute},
		{name: "Wait of constants", definition: jsonataMachine(`"A":{"Type":"Wait","Seconds":5,"Next":"B"},"B":{"Type":"Wait","Timestamp":"2026-01-02T03:04:15Z","End":true}`), want: `SUCCEEDED {}`, took: 10 * time.Second},
		{name: "Parallel", definition: jsonataMachine(`"A":{"Type":"Parallel","Arguments":{"v":"{% $states.input.n %}"},"Output":"{% $sum($states.result.v) + $states.input.n %}","End":true,"Branches":[
			{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},{"StartAt":"C","States":{"C":{"Type":"Pass","Output":{"v":"{% $states.input.v * 10 %}"},"End":true}}}]}`), input: `{"n":1}`, want: `SUCCEEDED 12`},
		{name: "Map over a field", definition: jsonataMachine(`"A":{"Type":"Map","Items":"{% $states.input.list %}","MaxConcurrency":"{% 1 %}","End":true,` + processItem + `,
			"ItemSelector":{"v":"{% $states.context.Map.Item.Value %}","i":"{% $states.context.Map.Item.Index %}","s":"{% $exists($states.context.Map.Item.Source) %}","of":"{% $count($states.input.list) %}"}}`),
			input: `{"list":["x","y"]}`, want: `SUCCEEDED [{"v":"x","i":0,"s":false,"of":2},{"v":"y","i":1,"s":false,"of":2}]`},
		{name: "Map over a list", definition: jsonataMachine(`"A":{"Type":"Map","Items":[1,"{% $states.input %}"],"End":true,` + processItem + `}`), input: `"x"`, want: `SUCCEEDED [1,"x"]`},
		{name: "Map over the input", definition: jsonataMachine(`"A":{"Type":"Map","Output":"{% $states.result[1] %}","End":true,` + processItem + `}`), input: `[1, 2]`, want: `SUCCEEDED 2`},
		{name: "Map over nothing", definition: jsonataMachine(`"A":{"Type":"Map","Items":"{% [] %}","End":true,` + processItem + `}`), want: `SUCCEEDED []`},
	})
}

func TestJSONataChoice(t *testing.T) {
	choice := `"A":{"Type":"Choice","Choices":[
			{"Condition":"{% $states.input.n = 1 %}","Next":"B","Output":{"one":"{% $states.input.n %}"},"Assign":{"by":"rule"}},
			{"Condition":"{% $states.input.n > 1 %}","Next":"B"},
			{"Condition":false,"Next":"B"}],
			"Default":"B","Output":"default","Assign":{"by":"state"}},
		"B":{"Type":"Pass","Output":["{% $states.input %}","{% $exists($by) ? $by : 'nobody' %}"],"End":true}`
	runScenarios(t, []scenario{
		{name: "a rule with all of its own", definition: jsonataMachine(choice), input: `{"n":1}`, want: `SUCCEEDED [{"one":1},"rule"]`},
		{name: "a rule without takes nothing from the state", definition: jsonataMachine(choice), input: `{"n":2}`, want: `SUCCEEDED [{"n":2},"nobody"]`},
		{name: "no rule", definition: jsonataMachine(choice), input: `{"n":0}`, want: `SUCCEEDED ["default","state"]`},
		{name: "a condition that is no boolean", definition: jsonataMachine(`"A":{"Type":"Choice","Choices":[{"Condition":"{% false %}","Next":"B"},{"Condition":"{% 'true' %}","Next":"B"}],"Default":"B"},"B":{"Type":"Succeed"}`),
			want: `FAILED States.QueryEvaluationError: ` + preambleA + `The JSONata expression ''true'' specified for the field 'Choices[1]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string' for value: "true"`},
		{name: "an output that is undefined", definition: jsonataMachine(`"A":{"Type":"Choice","Choices":[{"Condition":true,"Next":"B","Output":{"v":["{% $x %}"]}}]},"B":{"Type":"Succeed"}`),
			want: `FAILED States.QueryEvaluationError: ` + preambleA + `The JSONata expression '$x' specified for the field 'Choices[0]/Output/v[0]' returned nothing (undefined).`},
	})
}

func TestJSONataVariables(t *testing.T) {
	runScenarios(t, []scenario{
		{name: "values are those at entry", want: `SUCCEEDED [2,1]`, definition: jsonataMachine(`
			"A":{"Type":"Pass","Assign":{"a":1,"b":"{% 2 %}"},"Next":"B"},
			"B":{"Type":"Pass","Assign":{"a":"{% $b %}","b":"{% $a %}"},"Output":["{% $b %}","{% $a %}"],"Next":"C"},
			"C":{"Type":"Pass","Output":["{% $a %}","{% $b %}"],"End":true}`)},
		{name: "a state of each language", want: `SUCCEEDED {"x":{"n":2}}`, input: `{"n":1}`, definition: `{"StartAt":"A","States":{
			"A":{"Type":"Pass","Assign":{"v.$":"$.n"},"Next":"B"},
			"B":{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"w":{"n":"{% $v + 1 %}"}},"Next":"C"},
			"C":{"Type":"Pass","Parameters":{"x.$":"$w"},"End":true}}}`},
		{name: "inner scopes read outer ones", want: `SUCCEEDED [11,12]`, input: `[1,2]`, definition: jsonataMachine(`
			"A":{"Type":"Pass","Assign":{"ten":10},"Next":"M"},
			"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Output":"{% $states.input + $ten %}","End":true}}}}`)},
		{name: "of a task", answer: reply(`{"n":5}`), want: `SUCCEEDED [5,1]`, input: `{"n":1}`, definition: jsonataMachine(`
			"A":{` + task + `,"Assign":{"r":"{% $states.result.n %}"},"Output":"{% $states.input.n %}","Next":"B"},
			"B":{"Type":"Pass","Output":["{% $r %}","{% $states.input %}"],"End":true}`)},
		{name: "of a catcher", answer: refuse("Custom", "why"), want: `SUCCEEDED ["Custom",{"c":"why","n":1}]`, input: `{"n":1}`, definition: jsonataMachine(`
			"A":{` + task + `,"Assign":{"e":"not this"},"Next":"B","Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"e":"{% $states.errorOutput.Error %}"},
				"Output":{"c":"{% $states.errorOutput.Cause %}","n":"{% $states.input.n %}"},"Next":"B"}]},
			"B":{"Type":"Pass","Output":["{% $e %}","{% $states.input %}"],"End":true}`)},
		{name: "a catcher without Output", answer: refuse("Custom", "why"), want: `SUCCEEDED {"Error":"Custom","Cause":"why"}`, definition: jsonataMachine(`
			"A":{` + task + `,"Next":"B","Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}]},"B":{"Type":"Succeed"}`)},
		{name: "randomness and time come with the command", want: `SUCCEEDED [true,true,true,"2026-01-02T03:04:05.000Z",true]`, definition: jsonataMachine(`
			"A":{"Type":"Pass","End":true,"Output":["{% $random() < 1 %}","{% $length($uuid()) = 36 %}","{% $random(42) = $random(42) %}","{% $now() %}","{% $millis() = $toMillis($now()) %}"]}`)},
	})
}

// TestJSONataTask: what the connector is given.
func TestJSONataTask(t *testing.T) {
	w := newWorld(t, jsonataMachine(`"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":"{% $states.input.n * 10 %}","HeartbeatSeconds":"{% $states.input.n %}",
		"Credentials":{"RoleArn":"{% 'arn:' & $states.input.role %}"},"Arguments":{"Token":"{% $states.context.Task.Token %}","Retry":"{% $states.context.State.RetryCount %}"},"End":true}`))
	w.start(`{"n":3,"role":"r"}`)
	if len(w.invoked) != 1 {
		t.Fatalf("%d tasks: %s", len(w.invoked), w.outcome())
	}
	got := w.invoked[0]
	if want := `{"Token":"token-of-task-1","Retry":0}`; string(got.Payload) != want {
		t.Errorf("the payload is %s, want %s", got.Payload, want)
	}
	if got.Timeout != 30*time.Second || got.Heartbeat != 3*time.Second || got.RoleARN != "arn:r" {
		t.Errorf("the task is %s", describeTask(*got))
	}
}

// TestMisreadFields: the cause of every way in which a field can fail.
func TestMisreadFields(t *testing.T) {
	const undefined = `The JSONata expression '$x' specified for the field '%s' returned nothing (undefined).`
	expression := func(text, field, what string) string {
		return fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' %s", text, field, what)
	}
	const thrown = "threw an error during evaluation"
	for _, c := range []struct{ name, state, want, field string }{
		{"undefined", `"Type":"Pass","End":true,"Output":{"a":{"b":["{% $x %}"]}}`, fmt.Sprintf(undefined, "Output/a/b[0]"), "Output/a/b[0]"},
		{"in Assign", `"Type":"Pass","End":true,"Assign":{"v":"{% $x %}"}`, fmt.Sprintf(undefined, "Assign/v"), "Assign/v"},
		{"a function", `"Type":"Pass","End":true,"Output":"{% [$sum] %}"`, expression("[$sum]", "Output", "returned an unsupported result type."), "Output"},
		{"a regular expression", `"Type":"Pass","End":true,"Output":"{% /a/ %}"`, expression("/a/", "Output", "returned an unsupported result type."), "Output"},
		{"an error", `"Type":"Pass","End":true,"Output":"{% 'a' + 1 %}"`, expression("'a' + 1", "Output", thrown+`. T2001: The left side of the "+" operator must evaluate to a number`), "Output"},
		{"$error", `"Type":"Pass","End":true,"Output":"{% $error('no') %}"`, expression("$error('no')", "Output", thrown+`. D3137: no`), "Output"},
		{"no function", `"Type":"Pass","End":true,"Output":"{% $eval('1') %}"`, expression("$eval('1')", "Output", thrown+`. T1006: Attempted to invoke a non-function`), "Output"},
		{"too deep", `"Type":"Pass","End":true,"Output":"{% ($f := function() { 1 + $f() }; $f()) %}"`, expression("($f := function() { 1 + $f() }; $f())", "Output",
			thrown+`: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive`), "Output"},
		{"too long", `"Type":"Pass","End":true,"Output":"{% ($f := function() { $f() }; $f()) %}"`, expression("($f := function() { $f() }; $f())", "Output",
			thrown+`: Expression evaluation timeout: Check for infinite loop`), "Output"},
		{"too large", `"Type":"Pass","End":true,"Output":"{% $pad('', 1e9) %}"`, expression("$pad('', 1e9)", "Output",
			thrown+`: Expression evaluation memory limit exceeded: Check for excessive memory usage`), "Output"},
		{"Items", `"Type":"Map","End":true,"Items":"{% {'a': 1} %}",` + processItem, expression("{'a': 1}", "Items", `returned an unexpected result type. Expected 'array', but was 'object' for value: {"a":1}`), "Items"},
		{"Items of a constant", `"Type":"Map","End":true,"Items":{"a":1},` + processItem, `The field 'Items' must be of the type 'array' but was: {"a":1}`, "Items"},
		{"the input of a Map", `"Type":"Map","End":true,` + processItem, `Map state input must be an array but was: {"n":-1}`, ""},
		{"MaxConcurrency", `"Type":"Map","End":true,"MaxConcurrency":"{% 'a' %}",` + processItem, expression("'a'", "MaxConcurrency", `returned an unexpected result type. Expected 'number', but was 'string' for value: "a"`), "MaxConcurrency"},
		{"MaxConcurrency below 0", `"Type":"Map","End":true,"MaxConcurrency":"{% $states.input.n %}",` + processItem, `MaxConcurrency must be a non-negative integer but was -1.`, "MaxConcurrency"},
		{"TimeoutSeconds", task + `,"End":true,"TimeoutSeconds":"{% null %}"`, expression("null", "TimeoutSeconds", `returned an unexpected result type. Expected 'number', but was 'null' for value: null`), "TimeoutSeconds"},
		{"TimeoutSeconds with a fraction", task + `,"End":true,"TimeoutSeconds":"{% 1.5 %}"`, `The TimeoutSeconds field cannot be parsed as an integer: 1.5`, "TimeoutSeconds"},
		{"TimeoutSeconds without end", task + `,"End":true,"TimeoutSeconds":"{% 1e8 %}"`, `TimeoutSeconds must be between 0 and 99999999 but was: 100000000`, "TimeoutSeconds"},
		{"HeartbeatSeconds below 0", task + `,"End":true,"HeartbeatSeconds":"{% $states.input.n %}"`, `HeartbeatSeconds must be between 0 and 99999999 but was: -1`, "HeartbeatSeconds"},
		{"RoleArn", task + `,"End":true,"Credentials":{"RoleArn":"{% true %}"}`, expression("true", "Credentials/RoleArn", `returned an unexpected result type. Expected 'string', but was 'boolean' for value: true`), "Credentials/RoleArn"},
		{"Arguments", task + `,"End":true,"Arguments":{"v":"{% $x %}"}`, fmt.Sprintf(undefined, "Arguments/v"), "Arguments/v"},
		{"Error", `"Type":"Fail","Error":"{% [1] %}"`, expression("[1]", "Error", `returned an unexpected result type. Expected 'string', but was 'array' for value: [1]`), "Error"},
		{"Seconds", `"Type":"Wait","End":true,"Seconds":"{% '1' %}"`, expression("'1'", "Seconds", `returned an unexpected result type. Expected 'number', but was 'string' for value: "1"`), "Seconds"},
		{"Seconds with a fraction", `"Type":"Wait","End":true,"Seconds":"{% 1.5 %}"`, `The Seconds field cannot be parsed as a long value: 1.5`, "Seconds"},
		{"Seconds below 0", `"Type":"Wait","End":true,"Seconds":"{% $states.input.n %}"`, `The Seconds field references a negative value: -1`, "Seconds"},
		{"Seconds without end", `"Type":"Wait","End":true,"Seconds":"{% 1e12 %}"`, `Wait state delay is too long.`, "Seconds"},
		{"Timestamp", `"Type":"Wait","End":true,"Timestamp":"{% '2016-12-05 21:29:29Z' %}"`, `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05 21:29:29Z`, "Timestamp"},
		{"Timestamp without a zone", `"Type":"Wait","End":true,"Timestamp":"{% '2016-12-05T21:29' %}"`, `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05T21:29`, "Timestamp"},
		{"Timestamp far away", `"Type":"Wait","End":true,"Timestamp":"{% '2216-12-05T21:29:29Z' %}"`, `Wait state delay is too long.`, "Timestamp"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, jsonataMachine(`"A":{`+c.state+`}`))
			w.start(`{"n":-1}`)
			if got, want := w.outcome(), "FAILED States.QueryEvaluationError: "+preambleA+c.want; got != want {
				t.Errorf("got\n%s, want\n%s", got, want)
			}
			e := w.history()[2]
			if e.Type != "EvaluationFailed" {
				t.Fatalf("the third event is %s", e.Type)
			}
			text := map[string]string{}
			for _, d := range e.Details {
				text[d.Name], _ = d.Value.(string)
			}
			if text["state"] != "A" || text["location"] != c.field || text["error"] != errorQueryEvaluation || text["cause"] != preambleA+c.want {
				t.Errorf("the event is %v", text)
			}
		})
	}
}

// TestMisreadHistory: what EvaluationFailed points to, and what to it.
func TestMisreadHistory(t *testing.T) {
	const catchB = `"Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Next":"B"}]`
	for _, s := range []scenario{
		{name: "before the work", definition: jsonataMachine(`"A":{"Type":"Pass","Next":"T"},"T":{` + task + `,"Arguments":"{% $x %}","Next":"B",` + catchB + `},"B":{"Type":"Succeed","Output":""}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 PassStateEntered", "3<-2 PassStateExited", "4<-3 TaskStateEntered", "5<-3 EvaluationFailed", "6<-5 TaskStateExited", "7<-6 SucceedStateEntered", "8<-7 SucceedStateExited", "9<-8 ExecutionSucceeded"}},
		{name: "after the work", answer: reply(`1`), definition: jsonataMachine(`"A":{` + task + `,"Output":"{% $x %}","Next":"B",` + catchB + `},"B":{"Type":"Succeed","Output":""}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled", "4<-3 LambdaFunctionStarted", "5<-4 LambdaFunctionSucceeded", "6<-5 EvaluationFailed", "7<-6 TaskStateExited", "8<-7 SucceedStateEntered", "9<-8 SucceedStateExited", "10<-9 ExecutionSucceeded"}},
		{name: "after a wait", definition: jsonataMachine(`"A":{"Type":"Wait","Seconds":1,"Output":"{% $x %}","End":true}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 WaitStateEntered", "3<-2 EvaluationFailed", "4<-3 ExecutionFailed"}},
		{name: "a timestamp that is none", definition: jsonataMachine(`"A":{"Type":"Wait","Timestamp":"{% '' %}","End":true}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 WaitStateEntered", "3<-2 EvaluationFailed", "4<-3 ExecutionFailed"}},
		{name: "an attempt", definition: jsonataMachine(`"A":{` + task + `,"Arguments":"{% $x %}","End":true,"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1}]}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-0 EvaluationFailed", "4<-3 EvaluationFailed", "5<-4 ExecutionFailed"}},
		{name: "of a Map", definition: jsonataMachine(`"A":{"Type":"Map","Items":"{% $x %}","Next":"B",` + catchB + `,` + processItem + `},"B":{"Type":"Succeed","Output":""}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-0 EvaluationFailed", "4<-3 MapStateFailed", "5<-4 MapStateExited", "6<-5 SucceedStateEntered", "7<-6 SucceedStateExited", "8<-7 ExecutionSucceeded"}},
		{name: "of an item", input: `[1,2]`, definition: jsonataMachine(`"A":{"Type":"Map","ItemSelector":{"v":"{% $states.context.Map.Item.Index = 1 ? $x : 1 %}"},"End":true,` + processItem + `}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapIterationStarted", "5<-3 EvaluationFailed", "6<-5 MapIterationAborted", "7<-5 MapStateFailed", "8<-7 ExecutionFailed"}},
		{name: "within a Map", input: `[1]`, definition: jsonataMachine(`"A":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Output":"{% $x %}","End":true}}}}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapIterationStarted", "5<-4 PassStateEntered", "6<-4 EvaluationFailed", "7<-6 MapIterationFailed", "8<-6 MapStateFailed", "9<-8 ExecutionFailed"}},
		{name: "of a catcher, which the state does not catch", answer: refuse("E", ""), definition: jsonataMachine(`"A":{` + task + `,"Next":"B","Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $x %}","Next":"B"}]},"B":{"Type":"Succeed"}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 TaskStateEntered", "3<-2 LambdaFunctionScheduled", "4<-3 LambdaFunctionStarted", "5<-4 LambdaFunctionFailed", "6<-5 EvaluationFailed", "7<-6 ExecutionFailed"}},
		{name: "in a branch", definition: jsonataMachine(`"A":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"B","States":{"B":{"Type":"Fail","Error":"{% $x %}"}}}]}`),
			story: []string{"1<-0 ExecutionStarted", "2<-0 ParallelStateEntered", "3<-2 ParallelStateStarted", "4<-3 FailStateEntered", "5<-3 EvaluationFailed", "6<-5 ParallelStateFailed", "7<-6 ExecutionFailed"}},
	} {
		w := newWorld(t, s.definition)
		w.answer = s.answer
		w.start(cmp.Or(s.input, "{}"))
		if got, want := strings.Join(w.story(), "\n"), strings.Join(s.story, "\n"); got != want {
			t.Errorf("%s: the history is\n%s\nwant\n%s", s.name, got, want)
		}
	}
}

// TestMisreadMatchers: which error names of retriers and catchers are for an
// expression that fails, before the work of a task and after it.
func TestMisreadMatchers(t *testing.T) {
	for name, caught := range map[string]bool{"States.ALL": true, "States.QueryEvaluationError": true, "States.TaskFailed": false, "States.Timeout": false} {
		for _, field := range []string{`"Arguments":"{% $x %}"`, `"Output":"{% $x %}"`} {
			w := newWorld(t, jsonataMachine(`"A":{`+task+`,`+field+`,"Next":"B","Catch":[{"ErrorEquals":["`+name+`"],"Output":"caught","Next":"B"}]},"B":{"Type":"Succeed"}`))
			w.answer = reply(`1`)
			w.start(`{}`)
			if got := w.outcome(); (got == `SUCCEEDED "caught"`) != caught {
				t.Errorf("a catcher of %s for %s: %s", name, field, got)
			}
		}
	}
}

// TestMisreadLimit: the events of a failed evaluation count.
func TestMisreadLimit(t *testing.T) {
	w := newWorld(t, jsonataMachine(`"A":{"Type":"Pass","Output":"{% $x %}","End":true}`))
	w.info.Limits.HistoryEvents = 3
	w.start(`{}`)
	if got := w.outcome(); !strings.HasPrefix(got, "FAILED States.Runtime: The execution reached the maximum number of history events (3)") {
		t.Errorf("got %s", got)
	}
}

// TestSharedValues: a small value may stand for gigabytes of text. It is refused
// without being written.
func TestSharedValues(t *testing.T) {
	many := "[" + strings.Repeat(`"{% $states.input %}",`, 5_000) + "1]"
	variables := `"v0":"{% $states.input %}"`
	for i := range 1_000 {
		variables += fmt.Sprintf(`,"v%d":"{%% $states.input %%}"`, i+1)
	}
	const tooLarge = `FAILED States.DataLimitExceeded: The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.`
	const tooLong = `FAILED States.DataLimitExceeded: Variable size limit exceeded. Variable 'v' in state 'A' was assigned a value that is too long, or nested too deeply, to be measured.`
	const tooMany = `FAILED States.DataLimitExceeded: State total variable size limit exceeded. Variable 'v1' in state 'A' was assigned 200002 bytes, ` +
		`which caused the size of variables assigned in the state to exceed its limit by 137860 bytes.`
	for name, c := range map[string]struct{ state, want string }{
		"Output":    {`"Type":"Pass","End":true,"Output":` + many, tooLarge},
		"Arguments": {task + `,"End":true,"Arguments":{"v":` + many + `}`, tooLarge},
		"Items":     {`"Type":"Map","End":true,"Items":` + many + `,` + processItem, tooLarge},
		"Assign":    {`"Type":"Pass","End":true,"Assign":{"v":` + many + `}`, tooLong},
		"variables": {`"Type":"Pass","End":true,"Assign":{` + variables + `}`, tooMany},
		"one": {`"Type":"Fail","Error":"{% $map([1..1000], function() { $states.input }) %}"`, `FAILED States.QueryEvaluationError: ` + preambleA +
			`The JSONata expression '$map([1..1000], function() { $states.input })' specified for the field 'Error' returned an unexpected result type. Expected 'string', but was 'array' for value: (too long to be shown)`},
	} {
		w := newWorld(t, jsonataMachine(`"A":{`+c.state+`}`))
		w.start(`"` + strings.Repeat("x", 200_000) + `"`)
		if got := w.outcome(); got != c.want {
			t.Errorf("%s: got %.300s, want %s", name, got, c.want)
		}
	}
}

// TestStateBudget: the expressions of a state have a budget together as well.
func TestStateBudget(t *testing.T) {
	heavy := `"{% $count([1..500000][$ > 0]) %}"`
	w := newWorld(t, jsonataMachine(`"A":{"Type":"Pass","End":true,"Output":[`+strings.Repeat(heavy+",", 50)+`1]}`))
	w.start(`{}`)
	if got := w.outcome(); !strings.Contains(got, "Expression evaluation ") {
		t.Errorf("got %s", got)
	}
}

// TestEvaluationYields: states that evaluate a lot do not hold up their caller
// until the last of them.
func TestEvaluationYields(t *testing.T) {
	p := mustCompile(t, jsonataMachine(`"A":{"Type":"Pass","Assign":{"v":"{% $count([1..200000][$ > 0]) %}"},"Next":"B"},
		"B":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.stop %}","Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}`))
	run := p.New(testInfo(testLimits()))
	env := &interpreter.Env{Now: epoch}
	var d interpreter.Decision
	run.Decide(env, interpreter.Start{Input: document(`{"stop":false}`)}, &d)
	for range 3 {
		if n := d.Facts(); n == 0 || n > 20 || !run.Pending() {
			t.Fatalf("%d facts, pending %v", n, run.Pending())
		}
		d.Reset()
		run.Decide(env, interpreter.Continue{}, &d)
	}
}

// TestRunawayRegex: what would end otherwise on another machine is no fact.
func TestRunawayRegex(t *testing.T) {
	defer func() {
		if fault := fmt.Sprint(recover()); !strings.Contains(fault, jsonata.CodeRegexTimeout) {
			t.Errorf("it is no incident: %s", fault)
		}
	}()
	thrown(&jsonata.Error{Code: jsonata.CodeRegexTimeout})
}

package teststate

import "testing"

// TestJSONataStages: a task shows its arguments and its result, a Map its items'
// inputs and limits, and nobody anything else.
func TestJSONataStages(t *testing.T) {
	const l = `"QueryLanguage":"JSONata",`
	for name, tc := range map[string]struct {
		r    *Request
		want string
	}{
		"Pass":    {request(`{`+l+`"Type":"Pass","Output":"{% $states.input.a %}","End":true}`, `{"a":1}`), "input {\"a\":1}"},
		"Choice":  {request(`{`+l+`"Type":"Choice","Choices":[{"Condition":"{% true %}","Next":"N"}]}`, `1`), "input 1"},
		"Succeed": {request(`{`+l+`"Type":"Succeed"}`, `1`), "input 1"},
		"a Task": {
			request(`{`+l+`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Arguments":{"QueueUrl":"q","MessageBody":"{% $states.input.a %}"},"Output":"{% $states.result.MessageId %}","End":true}`, `{"a":"x"}`).
				mock(`{"MessageId":"1"}`),
			"input {\"a\":\"x\"}\nafterArguments {\"QueueUrl\":\"q\",\"MessageBody\":\"x\"}\nresult {\"MessageId\":\"1\"}",
		},
		"a Task whose arguments fail": {
			request(`{`+l+`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Arguments":"{% $states.input.b %}","End":true}`, `{"a":"x"}`).mock(`{}`),
			"input {\"a\":\"x\"}",
		},
		"Parallel": {
			request(`{`+l+`"Type":"Parallel","Arguments":"{% 1 %}","Branches":[{`+processor+`}],"End":true}`, `{}`).mock(`[1]`), "input {}",
		},
		"a Map": {
			request(`{`+l+`"Type":"Map","Items":"{% [1..2] %}","ItemSelector":{"v":"{% $states.context.Map.Item.Value * 2 %}"},"MaxConcurrency":"{% 1 + 1 %}",`+
				`"ToleratedFailurePercentage":"{% 12.5 %}",`+distributed+`,"End":true}`, `{}`).mock(`[1,2]`),
			"input {}\nafterItemSelector [{\"v\":2}, {\"v\":4}]\nmaxConcurrency 2\ntoleratedFailurePercentage 12.5",
		},
		"variables": {
			request(`{`+l+`"Type":"Pass","Assign":{"b":"{% $a + 1 %}"},"End":true}`, `1`).with(func(r *Request) { r.Variables = ptr(`{"a":1}`) }),
			"input 1\nvariables {\"a\":1,\"b\":2}",
		},
	} {
		if got := stages(t, tc.r.debug()); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
}

// TestJSONataEnds: expressions that fail say which they are, without words on where
// the state is in a history; catchers see the failure as it was mocked.
func TestJSONataEnds(t *testing.T) {
	const l = `"QueryLanguage":"JSONata",`
	for name, tc := range map[string]struct {
		r    *Request
		want string
	}{
		"nothing": {
			request(`{`+l+`"Type":"Pass","Output":{"v":"{% $states.input.b %}"},"End":true}`, `{}`),
			"FAILED States.QueryEvaluationError: The JSONata expression '$states.input.b' specified for the field 'Output/v' returned nothing (undefined).",
		},
		"caught, and seen by the catcher as shown": {
			request(`{`+l+`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Arguments":"{% $x %}","Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Output":"{% $states.errorOutput.Cause %}","Next":"H"}],"End":true}`, `{}`).
				mock(`{}`),
			"CAUGHT_ERROR \"The JSONata expression '$x' specified for the field 'Arguments' returned nothing (undefined).\" States.QueryEvaluationError: " +
				"The JSONata expression '$x' specified for the field 'Arguments' returned nothing (undefined). -> H",
		},
		"a catcher that fails itself": {
			request(`{`+l+`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Catch":[{"ErrorEquals":["E"],"Output":"{% $x %}","Next":"H"}],"End":true}`, `{}`).fails("E", "c"),
			"FAILED States.QueryEvaluationError: The JSONata expression '$x' specified for the field 'Catch[0]/Output' returned nothing (undefined).",
		},
		"a choice by a variable": {
			request(`{`+l+`"Type":"Choice","Choices":[{"Condition":"{% $v = 2 %}","Next":"Two"}],"Default":"Other"}`, `1`).with(func(r *Request) { r.Variables = ptr(`{"v":2}`) }),
			"SUCCEEDED 1 -> Two",
		},
		"the context object that was given": {
			request(`{`+l+`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Output":"{% $states.context.Execution.Name %}","End":true}`, `1`).mock(`{}`).
				with(func(r *Request) { r.Context = ptr(`{"Execution":{"Name":"given"}}`) }),
			`SUCCEEDED "given"`,
		},
		"the token of a task": {
			request(`{`+l+`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Arguments":{"QueueUrl":"q","MessageBody":"{% $length($states.context.Task.Token) > 0 %}"},"End":true}`, `1`).mock(`"done"`),
			`SUCCEEDED "done"`,
		},
	} {
		if got := told(t, tc.r); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
}

package asl

import (
	"strings"
	"testing"
)

// TestArgumentsOfNoCall: the state fails before anything tells of a task, and
// nothing catches that.
func TestArgumentsOfNoCall(t *testing.T) {
	const catch = `"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}]`
	for _, c := range []struct{ resource, fields, input, want string }{
		{"lambda:invoke", `"Parameters":{"FunctionName":"f","TaskToken":1}`, `{}`,
			`'{"FunctionName":"f","TaskToken":1}' could not be used to start the Task: [The field "TaskToken" is not supported by Step Functions]`},
		{"lambda:invoke.waitForTaskToken", `"Parameters":{"FunctionName.$":"$.f"}`, `{"f":{}}`,
			`'{"FunctionName":{}}' could not be used to start the Task: [The value of the field 'FunctionName' has an invalid format]`},
		{"lambda:invoke", `"Parameters":{"FunctionName":"f","LogType.$":"$.l","Name.$":"$.l"}`, `{"l":"Head"}`,
			`'{"FunctionName":"f","LogType":"Head","Name":"Head"}' could not be used to start the Task: ` +
				`[The value of the field 'LogType' has an invalid format, The field "Name" is not supported by Step Functions]`},
		{"lambda:invoke", `"QueryLanguage":"JSONata","Arguments":"{% $states.input %}"`, `{"Payload":1,"FunctionName":null}`,
			`'{"Payload":1,"FunctionName":null}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]`},
		{"lambda:invoke", `"QueryLanguage":"JSONata","Arguments":"{% $states.input %}"`, `{"Payload":1}`,
			`'{"Payload":1}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]`},
		{"lambda:invoke", `"Parameters":{"FunctionName.$":"$.f","Payload":1}`, `{"f":null}`,
			`'{"Payload":1,"FunctionName":null}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]`},
		{"states:startExecution", `"QueryLanguage":"JSONata","Arguments":"{% [$states.input] %}"`, `{}`,
			`'[{}]' could not be used to start the Task: [The Parameters must be a JSON object]`},
		{"states:startExecution.sync", `"Parameters":{"StateMachineArn":"s","Name.$":"$.n"}`, `{"n":1}`,
			`'{"StateMachineArn":"s","Name":1}' could not be used to start the Task: [The value of the field 'Name' has an invalid format]`},
		{"http:invoke", `"Parameters":{"ApiEndpoint":"https://x","Method":"GET","Headers.$":"$.h"}`, `{"h":"a"}`,
			`'{"ApiEndpoint":"https://x","Method":"GET","Headers":"a"}' could not be used to start the Task: [The value of the field 'Headers' has an invalid format]`},
		{"apigateway:invoke", `"Parameters":{"ApiEndpoint":"x","Method":"GET","QueryParameters.$":"$"}`, `{"a":"b"}`,
			`'{"ApiEndpoint":"x","Method":"GET","QueryParameters":{"a":"b"}}' could not be used to start the Task: [The value of the field 'QueryParameters' has an invalid format]`},
	} {
		t.Run(c.want, func(t *testing.T) {
			w := newWorld(t, `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::`+c.resource+`",`+c.fields+`,"Next":"B",`+catch+`},"B":{"Type":"Succeed"}}}`)
			w.start(c.input)
			if got, want := w.outcome(), "FAILED States.Runtime: "+preambleA+"The Parameters "+c.want; got != want {
				t.Errorf("got\n%s, want\n%s", got, want)
			}
			if got, want := strings.Join(w.story(), ", "), "1<-0 ExecutionStarted, 2<-0 TaskStateEntered, 3<-2 ExecutionFailed"; got != want {
				t.Errorf("the history is %s, want %s", got, want)
			}
		})
	}
}

// TestArgumentsOfACall: a member that is null counts as absent, a task without
// arguments is left to the connector, and other integrations have it all to
// themselves.
func TestArgumentsOfACall(t *testing.T) {
	for resource, fields := range map[string]string{
		"arn:aws:states:::lambda:invoke":                       `"Parameters":{"FunctionName":"f","Qualifier":null,"LogType":"Tail","Payload":[1]}`,
		"arn:aws:states:::lambda:invoke.waitForTaskToken":      `"Parameters":{"FunctionName":"f","Payload":"x"}`,
		"arn:aws:states:::states:startExecution":               `"Comment":"it has no Parameters"`,
		"arn:aws:states:::apigateway:invoke":                   `"Parameters":{"ApiEndpoint":"x","Method":"GET","Headers":{"a":["b"]}}`,
		"arn:aws:states:::aws-sdk:lambda:invoke":               `"Parameters":{"FunctionName":"f","Foo.$":"$.Foo"}`,
		"arn:aws:states:::sqs:sendMessage":                     `"Parameters":{"QueueUrl":"q","MessageBody":1,"Foo":1}`,
		"arn:aws:lambda:us-east-1:111111111111:function:start": `"Parameters":{"Foo":1}`,
	} {
		w := newWorld(t, machine(`{"Type":"Task","Resource":"`+resource+`",`+fields+`,"End":true}`))
		w.start(`{"Foo":1}`)
		if len(w.invoked) != 1 {
			t.Errorf("%s with %s: %s", resource, fields, w.outcome())
		}
	}
}

package teststate

import (
	"strings"
	"testing"
)

const (
	lambda   = `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"End":true}`
	parallel = `{"Type":"Parallel","Branches":[{` + processor + `},{"StartAt":"J","States":{"J":{"Type":"Succeed"}}}],"End":true}`
	aMap     = `{"Type":"Map",` + distributed + `,"End":true}`

	readerMap = `{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},` +
		distributed + `,"End":true}`
)

// TestRefusals: a request says what does not fit together in AWS's words.
func TestRefusals(t *testing.T) {
	mock := func(r *Request) { r.mock(`{}`) }
	for _, tc := range []struct {
		definition string
		change     func(*Request)
		want       string
	}{
		{lambda, func(r *Request) { r.mock(`{}`); r.RevealSecrets = true }, "ValidationException: TestState does not support RevealSecrets when a mock is specified."},
		{lambda, func(r *Request) { r.fails("E", ""); r.Mock.Result = ptr("{}") }, "ValidationException: A test mock should have only one of the following fields: [result, errorOutput]."},
		{lambda, func(r *Request) { r.Mock = &Mock{} }, "ValidationException: One of the following fields is required for a test mock: [result, errorOutput]."},
		{lambda, func(r *Request) { r.Mock = &Mock{Failure: &Failure{}} }, "ValidationException: An error was not specified in the mocked error output."},
		{lambda, func(r *Request) { r.mock(`{`) }, "ValidationException: Mocked result must be valid JSON."},
		{lambda, func(r *Request) { r.mock(`[]`) }, "ValidationException: Mocked result must be a valid JSON object."},
		{lambda, func(r *Request) { r.mock(`{}`); r.Configuration.MapIterationFailureCount = ptr(0) }, "ValidationException: MapIterationFailureCount is only supported when testing a Map state."},
		{parallel, func(r *Request) { r.mock(`[1,2]`); r.Configuration.MapIterationFailureCount = ptr(1) }, "ValidationException: MapIterationFailureCount is only supported when testing a Map state."},
		{aMap, func(r *Request) { r.mock(`[1]`) }, "ValidationException: Input array does not equal the mocked result array's size"},
		{readerMap, func(r *Request) { r.mock(`[]`) }, "ValidationException: ItemReader data must be specified when testing a Map state with ItemReader specified."},
		{readerMap, func(r *Request) { r.fails("E", "c") }, "ValidationException: ItemReader data must be specified when testing a Map state with ItemReader specified."},
		{lambda, func(r *Request) { r.Info.RoleARN = "" }, "ValidationException: RoleArn must be specified when testing a Task state"},
		{`{"Type":"Pass","End":true}`, mock, "ValidationException: State type 'Pass' is not supported when a mock is specified"},
		{`{"Type":"Succeed"}`, mock, "ValidationException: State type 'Succeed' is not supported when a mock is specified"},
		{`{"Type":"Wait","Seconds":1,"End":true}`, mock, "ValidationException: State type 'Wait' is not supported when a mock is specified"},
		{`{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"N"}]}`, mock, "ValidationException: State type 'Choice' is not supported when a mock is specified"},
		{parallel, func(*Request) {}, "InvalidDefinition: TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"},
		{aMap, func(*Request) {}, "InvalidDefinition: TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"},
		{parallel, mock, "ValidationException: Mocked result must be an array."},
		{parallel, func(r *Request) { r.mock(`[1]`) }, "ValidationException: Mocked result must contain the same number of items as number of Parallel branches."},
		{aMap, mock, "ValidationException: Mocked result must be an array."},
		{`{"Type":"Map",` + distributed + `,"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}},"End":true}`,
			func(r *Request) { r.mock(`[]`) }, "ValidationException: Mocked result must be a JSON object."},
		{lambda, func(r *Request) { r.Context = ptr(`{}`) }, "ValidationException: TestState does not support Context when a mock is not specified."},
		{aMap, func(r *Request) { r.Configuration.MapIterationFailureCount = ptr(0) }, "ValidationException: TestState does not support MapIterationFailureCount when a mock is not specified."},
		{lambda, func(r *Request) { r.Configuration.RetrierRetryCount = ptr(0) }, "ValidationException: TestState does not support RetrierRetryCount when a mock is not specified."},
		{aMap, func(r *Request) { r.fails("E", "c"); r.Configuration.ErrorCausedByState = ptr("X") }, "ValidationException: State 'X', which is said to have caused the error, was not found in definition"},
		{lambda, func(r *Request) { r.Variables = ptr(`[]`) }, "ValidationException: Variables must be a JSON object"},
		{strings.Replace(lambda, "lambda:invoke", "lambda:invoke.waitForTaskToken", 1), func(*Request) {}, "InvalidDefinition: TestState API does not support '.sync' or '.waitForTaskToken' integration patterns when a mock is not specified."},
		{`{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","End":true}`, func(*Request) {}, "InvalidDefinition: TestState API does not support Activity tasks when a mock is not specified."},
	} {
		r := request(tc.definition, `[]`).with(tc.change)
		if got := told(t, r); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.definition, got, tc.want)
		}
	}
}

// TestDefinitions: a state alone stands under the name StateName, and its
// transitions may lead anywhere; a machine is checked as a whole.
func TestDefinitions(t *testing.T) {
	for _, tc := range []struct{ definition, name, want string }{
		{`{"Type":"Pass","Next":"Elsewhere"}`, "", "SUCCEEDED {} -> Elsewhere"},
		{`{"Type":"Pass","Next":"StateName"}`, "", "SUCCEEDED {} -> StateName"},
		{`{"Type":"Pass"}`, "", "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: "},
		{`{"Type":"Parallel","Branches":[],"End":true}`, "", "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches'"},
		{`{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:readObject","Parameters":{},"End":true}`, "", "InvalidDefinition: Invalid State Machine Definition: " +
			"'SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::aws-sdk:s3:readObject is not recognized."},
		{`[]`, "", "InvalidDefinition: "},
		{` `, "", "InvalidDefinition: "},
		{`nonsense`, "", "InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: "},
		{machine, "A", "SUCCEEDED {} -> A"},
		{machine, "B", "SUCCEEDED {}"},
		{machine, "C", "ValidationException: State not found in definition"},
		{`{"StartAt":"A","States":{"A":{"Type":"Pass","End":true},"B":{"Type":"Odd"}}}`, "A", "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values"},
	} {
		r := request(tc.definition, `{}`)
		r.StateName = tc.name
		if got := told(t, r); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%s %s:\n got %s\nwant %s", tc.definition, tc.name, got, tc.want)
		}
	}
}

const machine = `{"StartAt":"A","TimeoutSeconds":1,"States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"M"}],"Default":"A"},` +
	`"M":{"Type":"Map","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true}}}`

// TestContext: a context object has the members that AWS knows, of their types.
func TestContext(t *testing.T) {
	token := strings.Replace(lambda, "lambda:invoke", "lambda:invoke.waitForTaskToken", 1)
	for _, tc := range []struct{ definition, context, want string }{
		{lambda, `{"Pokedex":{}}`, "Field 'Pokedex' is not allowed"},
		{lambda, `{"Execution":{"Hue":1}}`, "Field 'Hue' is not allowed"},
		{lambda, `{"Execution":{"Id":1}}`, "Execution.Id must be a string"},
		{lambda, `{"StateMachine":{"Name":null}}`, "StateMachine.Name must be a string"},
		{lambda, `{"State":{"RetryCount":"1"}}`, "State.RetryCount must be a number"},
		{lambda, `{"State":[]}`, "State must be an object"},
		{lambda, `{"Map":{}}`, "'Map' field is not supported when mocking a Context object"},
		{lambda, `{"Task":{"Token":"t"}}`, "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern"},
		{lambda, `[]`, "Context must be a JSON object"},
		{lambda, `{"Execution":{"Input":[1]}}`, ""},
		{token, `{"Task":{"Token":"t"}}`, ""},
	} {
		r := request(tc.definition, `{}`).mock(`{}`)
		r.Context = &tc.context
		want := "SUCCEEDED {}"
		if tc.want != "" {
			want = "ValidationException: Invalid Context object provided: " + tc.want
		}
		if got := told(t, r); got != want {
			t.Errorf("%s:\n got %s\nwant %s", tc.context, got, want)
		}
	}
}

// TestOwnContext: without a context object expressions see that of an execution
// which has just begun, in no iteration of a Map around the state.
func TestOwnContext(t *testing.T) {
	for _, tc := range []struct{ definition, name, path, want string }{
		{`{"Type":"Pass","Parameters":{"v.$":"%"},"End":true}`, "", "$$.State.Name", `"StateName"`},
		{`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"v.$":"%"},"End":true}}}`, "A", "$$.State.Name", `"StateName"`},
		{`{"Type":"Pass","Parameters":{"v.$":"%"},"End":true}`, "", "$$.Execution.Id", `"arn:aws:states:us-east-1:123456789012:express:m:n"`},
		{`{"Type":"Pass","Parameters":{"v.$":"%"},"End":true}`, "", "$$.Execution.RoleArn", `null`},
		{`{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"v.$":"%"},"End":true}}},"End":true}}}`,
			"A", "States.ArrayLength(States.ArrayPartition($$..Map, 1))", `0`},
	} {
		r := request(strings.Replace(tc.definition, "%", tc.path, 1), `{"in":1}`)
		r.StateName, r.Info.RoleARN = tc.name, ""
		if got, want := told(t, r), `SUCCEEDED {"v":`+tc.want+`}`; got != want {
			t.Errorf("%s: got %s, want %s", tc.path, got, want)
		}
	}
}

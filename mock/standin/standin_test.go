package standin_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/mock"
)

// mocks writes a mock configuration and opens it.
func mocks(t *testing.T, text string) *mock.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mocks.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := mock.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// runs starts an execution of a machine as a test case and tells how it ended.
func runs(t *testing.T, f *fermata.Fermata, machine, testCase, input string) string {
	t.Helper()
	started, err := f.Launcher().Start(t.Context(), launch.Request{Machine: f.Catalog().Machine(machine) + testCase, Input: []byte(input)})
	if err != nil {
		return err.Error()
	}
	d, err := f.Engine().Wait(t.Context(), started.Run)
	if err != nil {
		t.Fatal(err)
	}
	text := d.Status.String()
	if d.Output != nil {
		text += " " + string(d.Output.Text())
	}
	if d.Error != nil {
		text += " " + *d.Error
	}
	if d.Cause != nil {
		text += ": " + *d.Cause
	}
	return text
}

func open(t *testing.T, cfg fermata.Config) *fermata.Fermata {
	t.Helper()
	f, err := fermata.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func deploy(t *testing.T, f *fermata.Fermata, name, definition string) {
	t.Helper()
	if _, err := f.Deploy(t.Context(), name, definition); err != nil {
		t.Fatal(err)
	}
}

const everything = `
StartAt: Pay
States:
  Pay:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Parameters: {FunctionName: pay}
    Retry: [{ErrorEquals: [Busy], IntervalSeconds: 1, BackoffRate: 1}]
    Catch: [{ErrorEquals: [States.ALL], Next: Caught, ResultPath: $.error}]
    ResultPath: $.pay
    Next: Each
  Each:
    Type: Map
    ItemsPath: $.items
    MaxConcurrency: 1
    ItemProcessor:
      StartAt: Send
      States:
        Send: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters: {QueueUrl: q, MessageBody.$: $$.Task.Token}, End: true}
    ResultPath: $.sent
    Next: Job
  Job: {Type: Task, Resource: "arn:aws:states:::ecs:runTask.sync", Parameters: {TaskDefinition: d}, ResultPath: $.job, Next: Real}
  Real: {Type: Task, Resource: "arn:aws:lambda:us-east-1:123456789012:function:real", Parameters: {}, ResultPath: $.real, End: true}
  Caught: {Type: Pass, End: true}
`

const config = `{"StateMachines": {"all": {"TestCases": {
  "Happy": {"Pay": "Busy", "Send": "Sent", "Job": "Done", "NoSuchState": "Done"},
  "JobFails": {"Pay": "Done", "Send": "Sent", "Job": "Fails"},
  "Caught": {"Pay": "Fails"},
  "TooFew": {"Pay": "Done", "Send": "Done"},
  "Empty": {"Pay": "None"}
}}},
"MockedResponses": {
  "Busy": {"0": {"Throw": {"Error": "Busy", "Cause": "c"}}, "1": {"Return": {"Payload": 1.0}}},
  "Sent": {"0": {"Return": "first"}, "1-5": {"Return": "later"}},
  "Done": {"0": {"Return": {"done": true}}},
  "Fails": {"0": {"Throw": {"Error": "Broken"}}},
  "None": {}
}}`

func TestTasksOfATestCaseAreAnsweredFromTheMocks(t *testing.T) {
	f := open(t, fermata.Config{Mocks: mocks(t, config), Handlers: map[string]fermata.Handler{
		"real": fermata.Func(func(context.Context, map[string]any) (string, error) { return "real", nil }),
	}})
	deploy(t, f, "all", everything)
	const tooFew = "The mocked response 'Done' of state 'Send' has no entry for invocation 1 (the first one is 0)"
	for _, test := range []struct{ testCase, input, want string }{
		{"#Happy", `{"items": [1, 2]}`, `SUCCEEDED {"items":[1,2],"pay":{"Payload":1.0},"sent":["first","later"],"job":{"done":true},"real":"real"}`},
		{"#JobFails", `{"items": []}`, "FAILED Broken"},
		{"#Caught", `{}`, `SUCCEEDED {"error":{"Error":"Broken","Cause":null}}`},
		{"#TooFew", `{"items": [1, 2]}`, "FAILED States.Runtime: " + tooFew},
		{"#Empty", `{}`, "FAILED States.Runtime: The mocked response 'None' of state 'Pay' has no entry for invocation 0 (the first one is 0)"},
		{"#happy", `{}`, "ValidationException: The test case 'happy' cannot be run: the mock configuration has no test case 'happy' for the state machine 'all'; there are Caught, Empty, Happy, JobFails, TooFew"},
	} {
		if got := runs(t, f, "all", test.testCase, test.input); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", test.testCase, got, test.want)
		}
	}
}

func TestAnExecutionWithoutATestCaseIsNotMocked(t *testing.T) {
	f := open(t, fermata.Config{Mocks: mocks(t, config), Handlers: map[string]fermata.Handler{
		"pay": fermata.Func(func(context.Context, any) (any, error) { return nil, os.ErrPermission }),
	}})
	deploy(t, f, "all", everything)
	for _, none := range []string{"", "#"} {
		if got := runs(t, f, "all", none, "{}"); !strings.Contains(got, "permission denied") {
			t.Errorf("started with %q: %s", none, got)
		}
	}
}

func TestWhatCannotBeStartedAsATestCase(t *testing.T) {
	f := open(t, fermata.Config{Mocks: mocks(t, `{
		"StateMachines": {"worker": {"TestCases": {"A": {"Work": "R"}}}, "quick": {"TestCases": {"A": {"Work": "R"}}}},
		"MockedResponses": {"R": {"0": {"Return": 1}}}}`)})
	deploy(t, f, "worker", `{"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "End": true}}}`)
	if got := runs(t, f, "worker", "#A", ""); !strings.Contains(got, "the state 'Work' is an activity and cannot be mocked") {
		t.Errorf("an activity: %s", got)
	}
	if _, err := f.DeployExpress(t.Context(), "quick", `{"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "End": true}}}`); err != nil {
		t.Fatal(err)
	}
	quick := launch.Request{Machine: f.Catalog().Machine("quick") + "#A", Sync: true}
	if _, err := f.Launcher().Start(t.Context(), quick); err == nil || !strings.HasPrefix(err.Error(), "UnsupportedOperation: ") {
		t.Errorf("StartSyncExecution: %v", err)
	}
	quick.Sync = false
	if _, err := f.Launcher().Start(t.Context(), quick); err != nil {
		t.Errorf("StartExecution of an Express machine: %v", err)
	}
}

func TestANameBelongsToATestCase(t *testing.T) {
	f := open(t, fermata.Config{Mocks: mocks(t, `{"StateMachines": {"m": {"TestCases": {"A": {}, "B": {}}}}}`)})
	deploy(t, f, "m", `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`)
	start := func(testCase string) error {
		_, err := f.Launcher().Start(t.Context(), launch.Request{Machine: f.Catalog().Machine("m") + testCase, Name: "one"})
		return err
	}
	if err := start("#A"); err != nil {
		t.Fatal(err)
	}
	if err := start("#A"); err != nil {
		t.Errorf("the same again: %v", err)
	}
	for _, other := range []string{"#B", ""} {
		if err := start(other); err == nil || !strings.HasPrefix(err.Error(), "ExecutionAlreadyExists") {
			t.Errorf("the same name as %q: %v", other, err)
		}
	}
}

func TestAChildIsStartedAsATestCase(t *testing.T) {
	f := open(t, fermata.Config{Mocks: mocks(t, `{"StateMachines": {"child": {"TestCases": {"A": {"Work": "R"}}}},
		"MockedResponses": {"R": {"0": {"Return": "mocked"}}}}`)})
	deploy(t, f, "child", `{"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "End": true}}}`)
	machine, _ := json.Marshal(f.Catalog().Machine("child") + "#A")
	deploy(t, f, "parent", `{"StartAt": "P", "States": {"P": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
		"Parameters": {"StateMachineArn": `+string(machine)+`}, "OutputPath": "$.Output", "End": true}}}`)
	if got := runs(t, f, "parent", "", ""); got != `SUCCEEDED "mocked"` {
		t.Errorf("got %s", got)
	}
}

// TestInvocationsAreCountedOverARestart: what was answered before it counts.
func TestInvocationsAreCountedOverARestart(t *testing.T) {
	const twice = `
StartAt: First
States:
  First: {Type: Pass, Next: Ask}
  Ask: {Type: Task, Resource: "arn:aws:states:::sns:publish", Parameters: {Message: m}, Next: Done}
  Done: {Type: Choice, Choices: [{Variable: $, StringEquals: second, Next: End}], Default: Gate}
  Gate: {Type: Task, Resource: "arn:aws:lambda:us-east-1:123456789012:function:gate", Next: Ask}
  End: {Type: Succeed}
`
	file := mocks(t, `{"StateMachines": {"m": {"TestCases": {"A": {"Ask": "R"}}}},
		"MockedResponses": {"R": {"0": {"Return": "first"}, "1": {"Return": "second"}}}}`)
	dir := t.TempDir()
	reached := make(chan struct{}, 1)
	f := open(t, fermata.Config{Dir: dir, Mocks: file, DrainTimeout: time.Nanosecond, Handlers: map[string]fermata.Handler{
		"gate": fermata.Func(func(ctx context.Context, _ any) (any, error) {
			reached <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		}),
	}})
	deploy(t, f, "m", twice)
	started, err := f.Launcher().Start(t.Context(), launch.Request{Machine: f.Catalog().Machine("m") + "#A"})
	if err != nil {
		t.Fatal(err)
	}
	<-reached
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = open(t, fermata.Config{Dir: dir, Mocks: file, Handlers: map[string]fermata.Handler{
		"gate": fermata.Func(func(context.Context, any) (any, error) { return nil, nil }),
	}})
	d, err := f.Engine().Wait(t.Context(), started.Run)
	if err != nil || d.Output == nil || string(d.Output.Text()) != `"second"` {
		t.Errorf("got %+v, %v", d.Result, err)
	}
}

// TestChildrenOfADistributedMapAreMocked: each is an execution of its own.
func TestChildrenOfADistributedMapAreMocked(t *testing.T) {
	f := open(t, fermata.Config{Mocks: mocks(t, `{"StateMachines": {"each": {"TestCases": {"A": {"Send": "R"}}}},
		"MockedResponses": {"R": {"0": {"Throw": {"Error": "Busy"}}, "1": {"Return": "sent"}}}}`)})
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		deploy(t, f, "each", `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
			"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "`+kind+`"}, "StartAt": "Send",
			"States": {"Send": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "End": true,
				"Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1}]}}}}}}`)
		if got := runs(t, f, "each", "#A", "[1, 2]"); got != `SUCCEEDED ["sent","sent"]` {
			t.Errorf("children of type %s: %s", kind, got)
		}
	}
}

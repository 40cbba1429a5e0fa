package main

import (
	"os"
	"testing"
)

// TestMockConfig walks through a server with a mock configuration: from the
// environment, changed while it runs.
func TestMockConfig(t *testing.T) {
	folder := t.TempDir()
	config := write(t, folder, "mocks.json", `{"StateMachines": {"tell": {"TestCases": {"Sent": {"Publish": "Sent"}}}},
		"MockedResponses": {"Sent": {"0": {"Return": {"MessageId": "m-1"}}}}}`)
	definition := write(t, folder, "tell.asl.yaml", "StartAt: Publish\nStates:\n  Publish: {Type: Task, Resource: 'arn:aws:states:::sns:publish', Parameters: {TopicArn: t, Message.$: $}, End: true}\n")
	t.Setenv("SFN_MOCK_CONFIG", config)
	server := serve(t, "server", "--store=memory")
	at := "--endpoint=" + server.url
	must(t, "deploy", definition, at)
	if out := must(t, "start", "tell#Sent", "--wait", at); out != `{"MessageId":"m-1"}`+"\n" {
		t.Errorf("the output is %q", out)
	}
	r := command(t, "start", "tell", "--wait", at)
	contains(t, "without the test case", r.err, "no connector is configured for resource arn:aws:states:::sns:publish")
	r = command(t, "start", "tell#Lost", at)
	contains(t, "a test case that is not there", r.err, "ValidationException", "has no test case 'Lost'", "there are Sent")

	if err := os.Remove(config); err != nil {
		t.Fatal(err)
	}
	write(t, folder, "mocks.json", `{"StateMachines": {"tell": {"TestCases": {"Lost": {"Publish": "Lost"}}}},
		"MockedResponses": {"Lost": {"0": {"Throw": {"Error": "SNS.Gone", "Cause": "no topic"}}}}}`)
	r = command(t, "start", "tell#Lost", "--wait", at)
	contains(t, "after the change", r.err, "SNS.Gone", "no topic")
}

func TestMockConfigThatIsBroken(t *testing.T) {
	folder := t.TempDir()
	bad := write(t, folder, "mocks.json", "{\"MockedResponses\":\n {\"R\": {\"first\": {}}}}")
	for file, want := range map[string]string{
		bad:                   "--mock-config: " + bad + ":2: MockedResponses.R.first does not say which invocations it is for",
		folder + "/none.json": "--mock-config: mock configuration: stat ",
	} {
		if r := command(t, "server", "--mock-config", file, "--store=memory"); r.status != 2 {
			t.Errorf("status %d", r.status)
		} else {
			contains(t, "the error", r.err, want)
		}
	}
}

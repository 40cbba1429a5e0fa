package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

// TestExpressAndLogsFromTheCommandLine: executions that AWS's API does not show
// are shown, and what they log lies in files and on standard output.
func TestExpressAndLogsFromTheCommandLine(t *testing.T) {
	logs := filepath.Join(t.TempDir(), "logs")
	server := serve(t, "server", "--store=memory", "--log-dir", logs, "--log-stdout")
	at := "--endpoint=" + server.url
	var machine struct {
		ARN string `json:"stateMachineArn"`
	}
	err := client.New(server.url).Call(t.Context(), "CreateStateMachine", map[string]any{
		"name": "hello", "type": "EXPRESS", "definition": passDefinition, "roleArn": "arn:aws:iam::123456789012:role/r",
		"loggingConfiguration": map[string]any{
			"level": "ALL", "includeExecutionData": true,
			"destinations": []any{map[string]any{"cloudWatchLogsLogGroup": map[string]any{"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/my/group:*"}}},
		},
	}, &machine)
	if err != nil {
		t.Fatal(err)
	}
	if out := must(t, "start", at, "hello"); out != `{"said":{"hello":"world"}}`+"\n" {
		t.Errorf("start printed %q", out)
	}
	arn := strings.TrimSpace(must(t, "start", at, "hello", "--name=x", "--async"))
	if !strings.HasPrefix(arn, "arn:aws:states:us-east-1:123456789012:express:hello:x:") {
		t.Errorf("start --async answered %q", arn)
	}
	server.out.find(t, `"type":"(ExecutionSucceeded)".*`+arn)
	contains(t, "list", must(t, "list", at, "hello"), "x", "SUCCEEDED", "SUCCEEDED")
	contains(t, "describe", must(t, "describe", at, "hello/x"), arn, "status     SUCCEEDED", `output     {"said":{"hello":"world"}}`)
	contains(t, "history", must(t, "history", at, "hello/x"), "ExecutionStarted", "PassStateEntered", "ExecutionSucceeded")
	contains(t, "describe", must(t, "describe", at, "hello"), "status     SUCCEEDED")
	if r := command(t, "describe", at, "hello/y"); r.status != 1 || !strings.Contains(r.err, `no execution "y"`) {
		t.Errorf("status %d, %s", r.status, r.err)
	}
	if status := server.stop(); status != 0 {
		t.Errorf("the server ended with status %d\n%s", status, server.err)
	}
	text, err := os.ReadFile(filepath.Join(logs, "my", "group.jsonl"))
	if lines := strings.Count(string(text), "\n"); err != nil || lines != 8 {
		t.Errorf("%d records, %v\n%s", lines, err, text)
	}
	contains(t, "the records of x", string(text), `{"id":"1","type":"ExecutionStarted"`, `"execution_arn":"`+arn+`","redrive_count":"0"}`, `"type":"PassStateExited"`)
}

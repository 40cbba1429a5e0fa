package sfn

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// FuzzRequest: whatever is sent, the answer is a JSON object, an error has a code
// and a message, and no fault is the server's own.
func FuzzRequest(f *testing.F) {
	w := newWorld(f)
	arn := w.machine("m", waits, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": arn, "name": "n"})["executionArn"].(string)
	for _, seed := range [][3]string{
		{"DescribeExecution", contentType, `{"executionArn":"` + execution + `"}`},
		{"GetExecutionHistory", contentType, `{"executionArn":"` + execution + `","maxResults":1,"reverseOrder":true}`},
		{"ListExecutions", contentType, `{"stateMachineArn":"` + arn + `","nextToken":"MQ"}`},
		{"StartExecution", contentType, `{"stateMachineArn":"` + arn + `","input":"{\"a\":1}","name":"n"}`},
		{"StartSyncExecution", contentType, `{"stateMachineArn":"` + arn + `:1"}`},
		{"CreateStateMachine", contentType, `{"name":"a","definition":"{}","roleArn":"r","loggingConfiguration":{"destinations":[{}]},"tags":[{"key":"k"}]}`},
		{"UpdateStateMachine", contentType, `{"stateMachineArn":"` + arn + `","definition":"{}"}`},
		{"CreateActivity", contentType, `{"name":"\u0000","encryptionConfiguration":{"type":"AWS_OWNED_KEY"}}`},
		{"GetActivityTask", contentType, `{"activityArn":"` + prefix + `activity:a"}`},
		{"SendTaskSuccess", contentType, `{"taskToken":"AAAA","output":"1"}`},
		{"SendTaskFailure", contentType, `{"taskToken":"","cause":null}`},
		{"TagResource", contentType, `{"resourceArn":"` + arn + `","tags":[{"key":"a","value":"b"}]}`},
		{"UntagResource", contentType, `{"resourceArn":"` + arn + `","tagKeys":["a"]}`},
		{"ValidateStateMachineDefinition", contentType, `{"definition":"{\"StartAt\":1}","severity":"WARNING"}`},
		{"PublishStateMachineVersion", contentType, `{"stateMachineArn":"` + arn + `","revisionId":"INITIAL","description":"d"}`},
		{"ListStateMachineVersions", contentType, `{"stateMachineArn":"` + arn + `","nextToken":"MQ"}`},
		{"DeleteStateMachineVersion", contentType, `{"stateMachineVersionArn":"` + arn + `:18446744073709551615"}`},
		{"CreateStateMachineAlias", contentType, `{"name":"a","routingConfiguration":[{"stateMachineVersionArn":"` + arn + `:1","weight":100}]}`},
		{"UpdateStateMachineAlias", contentType, `{"stateMachineAliasArn":"` + arn + `:a","routingConfiguration":[{"stateMachineVersionArn":"` + arn + `:1","weight":0}]}`},
		{"DescribeStateMachineAlias", contentType, `{"stateMachineAliasArn":"` + arn + `:a"}`},
		{"ListStateMachineAliases", contentType, `{"stateMachineArn":"` + arn + `:1","maxResults":1}`},
		{"DeleteStateMachineAlias", contentType, `{"stateMachineAliasArn":"` + arn + `:1:2"}`},
		{"StartExecution", contentType, `{"stateMachineArn":"` + arn + `:a"}`},
		{"StopExecution", "text/plain", `{"executionArn":"arn:aws:states:::execution::"}`},
		{"", "", "\xff"},
	} {
		f.Add(seed[0], seed[1], []byte(seed[2]))
	}
	f.Fuzz(func(t *testing.T, operation, contentType string, body []byte) {
		if operation == "DeleteStateMachine" || operation == "StartSyncExecution" && strings.Contains(string(body), ":x") {
			return
		}
		rec := post(w, targetPrefix+operation, contentType, strings.NewReader(string(body)))
		var out struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %q: %d %q: %v", operation, body, rec.Code, rec.Body, err)
		}
		if rec.Code >= http.StatusInternalServerError || rec.Code != http.StatusOK && (out.Type == "" || out.Message == "") {
			t.Errorf("%s %q: %d %s", operation, body, rec.Code, rec.Body)
		}
	})
}

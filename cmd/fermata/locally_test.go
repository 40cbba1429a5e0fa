package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The variables that Step Functions Local is set up with mean the same here.
func TestSettingsOfStepFunctionsLocal(t *testing.T) {
	functions := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "function%3Agreet") && !strings.Contains(r.URL.Path, "function:greet") {
			t.Errorf("asked for %s", r.URL.Path)
		}
		_, _ = io.WriteString(w, `"hello"`)
	}))
	defer functions.Close()
	for name, v := range map[string]string{
		"LAMBDA_ENDPOINT": functions.URL, "WAIT_TIME_SCALE": "0", "AWS_ACCOUNT_ID": "111122223333",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, v)
	}
	machine := write(t, t.TempDir(), "m.asl.json", `{"StartAt": "Hold", "States": {
		"Hold": {"Type": "Wait", "Seconds": 31536000, "Next": "Greet"},
		"Greet": {"Type": "Task", "Resource": "arn:aws:lambda:eu-central-1:111122223333:function:greet", "ResultPath": "$.said", "Next": "Show"},
		"Show": {"Type": "Pass", "Parameters": {"said.$": "$.said", "id.$": "$$.StateMachine.Id"}, "End": true}}}`)
	if out := must(t, "run", machine); out != `{"id":"arn:aws:states:eu-central-1:111122223333:stateMachine:m","said":"hello"}`+"\n" {
		t.Errorf("the output is %s", out)
	}
	r := command(t, "run", machine, "--wait-time-scale=x", "--lambda-endpoint=localhost")
	if r.status != 2 {
		t.Errorf("status %d", r.status)
	}
	contains(t, "the problems", r.err, `--lambda-endpoint: "localhost" is not a URL such as http://127.0.0.1:3001`, `--wait-time-scale: "x" is not a number from 0 to 1000, such as 0.01`)
}

package states_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/states"
)

const child = "arn:aws:states:us-east-1:123456789012:execution:m:n"

var started = time.UnixMilli(1_700_000_000_123).UTC()

// invoke carries out a call and returns what was asked of the starter.
func invoke(t *testing.T, call connector.Call, refusal error) (req states.Request, output string, err error) {
	t.Helper()
	c := states.New(func(_ context.Context, r states.Request) (states.Started, error) {
		req = r
		return states.Started{ExecutionARN: child, At: started}, refusal
	})
	out, err := c.Invoke(t.Context(), &call)
	return req, string(out), err
}

func TestRequests(t *testing.T) {
	for payload, want := range map[string]states.Request{
		`{"StateMachineArn":"arn","Name":"n","Input":{"a": [1.0]},"TraceHeader":"Root=1"}`: {Machine: "arn", Name: "n", Input: []byte(`{"a":[1.0]}`), TraceHeader: "Root=1"},
		`{"StateMachineArn":"arn","Name":"n","Input":null}`:                                {Machine: "arn", Name: "n", TraceHeader: "parent's"},
		`{"StateMachineArn":"arn","Name":"n","Input":"\"text\""}`:                          {Machine: "arn", Name: "n", Input: []byte(`"text"`), TraceHeader: "parent's"},
		`{"StateMachineArn":"arn","Name":"n","Input":false}`:                               {Machine: "arn", Name: "n", Input: []byte(`false`), TraceHeader: "parent's"},
	} {
		got, _, err := invoke(t, connector.Call{Action: states.Start, Payload: []byte(payload), TraceHeader: "parent's"}, nil)
		if err != nil || got.Machine != want.Machine || got.Name != want.Name || string(got.Input) != string(want.Input) || got.TraceHeader != want.TraceHeader {
			t.Errorf("%s: got %+v, %v", payload, got, err)
		}
	}
}

func TestNameIsMadeOfTheKey(t *testing.T) {
	call := connector.Call{Action: states.Start, Payload: []byte(`{"StateMachineArn":"arn"}`), IdempotencyKey: "k1"}
	one, _, _ := invoke(t, call, nil)
	again, _, _ := invoke(t, call, nil)
	call.IdempotencyKey = "k2"
	two, _, _ := invoke(t, call, nil)
	if one.Name != again.Name || one.Name == two.Name || len(one.Name) != 36 || strings.Count(one.Name, "-") != 4 {
		t.Errorf("got %q, %q, %q", one.Name, again.Name, two.Name)
	}
}

func TestForms(t *testing.T) {
	for action, want := range map[string]string{
		states.Start: "false ", states.StartWaitToken: "false ", states.StartSync: "true sync", states.StartSync2: "true sync:2",
	} {
		req, _, err := invoke(t, connector.Call{Action: action, Payload: []byte(`{"StateMachineArn":"arn"}`), Origin: connector.Origin{Run: 1, Task: 2}}, nil)
		got := fmt.Sprint(req.Parent.Notify, " ", req.Parent.Form)
		if err != nil || got != want || req.Parent.Origin != (connector.Origin{Run: 1, Task: 2}) {
			t.Errorf("%s: got %+v, %v", action, req.Parent, err)
		}
	}
}

func TestBadPayloads(t *testing.T) {
	for _, payload := range []string{``, `{`, `[]`, `null`, `{}`, `{"StateMachineArn":1}`, `{"StateMachineArn":"arn","Name":{}}`, `{"StateMachineArn":"arn","input":{}}`} {
		_, _, err := invoke(t, connector.Call{Action: states.Start, Payload: []byte(payload)}, nil)
		var failed *connector.Error
		if !errors.As(err, &failed) || failed.Name != "States.Runtime" || !strings.Contains(failed.Cause, "could not be used to start the Task") {
			t.Errorf("%s: %v", payload, err)
		}
	}
	if _, _, err := invoke(t, connector.Call{Action: "stopExecution", Payload: []byte(`{"StateMachineArn":"arn"}`)}, nil); err == nil {
		t.Error("an unknown action is accepted")
	}
}

func TestAnswer(t *testing.T) {
	_, out, err := invoke(t, connector.Call{Action: states.Start, Payload: []byte(`{"StateMachineArn":"arn"}`), IdempotencyKey: "k"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ExecutionArn    string
		StartDate       int64
		SdkHttpMetadata struct {
			HttpStatusCode int
			AllHttpHeaders map[string][]string
			HttpHeaders    map[string]string
		}
		SdkResponseMetadata struct{ RequestId string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	id := got.SdkResponseMetadata.RequestId
	if got.ExecutionArn != child || got.StartDate != 1_700_000_000_123 || got.SdkHttpMetadata.HttpStatusCode != 200 || id == "" ||
		got.SdkHttpMetadata.AllHttpHeaders["x-amzn-RequestId"][0] != id || got.SdkHttpMetadata.HttpHeaders["Date"] != "Tue, 14 Nov 2023 22:13:20 GMT" {
		t.Errorf("got %s", out)
	}
}

func TestFailures(t *testing.T) {
	call := connector.Call{Action: states.Start, Payload: []byte(`{"StateMachineArn":"arn"}`), IdempotencyKey: "k"}
	for code, want := range map[string]string{
		"StateMachineDoesNotExist": "StepFunctions.StateMachineDoesNotExistException",
		"ValidationException":      "StepFunctions.ValidationException",
	} {
		_, _, err := invoke(t, call, &states.Refusal{Code: code, Message: "No: 'arn'"})
		var failed *connector.Error
		if !errors.As(err, &failed) || failed.Name != want ||
			!strings.HasPrefix(failed.Cause, "No: 'arn' (Service: AWSStepFunctions; Status Code: 400; Error Code: "+code+"; Request ID: ") ||
			!strings.HasSuffix(failed.Cause, "; Proxy: null)") {
			t.Errorf("%s: %v", code, err)
		}
	}
	_, _, err := invoke(t, call, errors.New("the store is gone"))
	var failed *connector.Error
	if err == nil || errors.As(err, &failed) {
		t.Errorf("a fault of ours reads as %v", err)
	}
}

func end(form, status, output string) connector.ChildEnd {
	e := connector.ChildEnd{
		Form: form, ExecutionARN: child, Name: "n", MachineARN: "arn:m", Status: status,
		Started: started, Closed: started.Add(time.Second), Input: []byte(`{ "x": 1.0 }`),
	}
	if output != "" {
		e.Output = []byte(output)
	}
	return e
}

func TestResult(t *testing.T) {
	name, cause := "E", "because"
	failed := end("sync", "FAILED", "")
	failed.Error, failed.Cause = &name, &cause
	const dates = `"StartDate":1700000000123,"StateMachineArn":"arn:m","Status":"%s","StopDate":1700000001123}`
	const redrive = `"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven",`
	for what, tc := range map[string]struct {
		end        connector.ChildEnd
		want, fail string
	}{
		"sync": {end: end("sync", "SUCCEEDED", `{"y":2}`),
			want: `{"ExecutionArn":"` + child + `","Input":"{ \"x\": 1.0 }","InputDetails":{"Included":true},"Name":"n","Output":"{\"y\":2}","OutputDetails":{"Included":true},` + redrive + fmt.Sprintf(dates, "SUCCEEDED")},
		"sync:2": {end: end("sync:2", "SUCCEEDED", `{"y":2}`),
			want: `{"ExecutionArn":"` + child + `","Input":{"x":1.0},"InputDetails":{"Included":true},"Name":"n","Output":{"y":2},"OutputDetails":{"Included":true},` + redrive + fmt.Sprintf(dates, "SUCCEEDED")},
		"failed": {end: failed,
			fail: `{"Cause":"because","Error":"E","ExecutionArn":"` + child + `","Input":"{ \"x\": 1.0 }","InputDetails":{"Included":true},"Name":"n",` + fmt.Sprintf(dates, "FAILED")},
		"timed out": {end: end("sync:2", "TIMED_OUT", ""),
			fail: `{"ExecutionArn":"` + child + `","Input":{"x":1.0},"InputDetails":{"Included":true},"Name":"n",` + fmt.Sprintf(dates, "TIMED_OUT")},
	} {
		got := states.Result(tc.end)
		if string(got.Output) != tc.want {
			t.Errorf("%s: got %s\nwant %s", what, got.Output, tc.want)
		}
		if tc.fail != "" && (got.Err == nil || got.Err.Name != "States.TaskFailed" || got.Err.Cause != tc.fail) {
			t.Errorf("%s: got %v\nwant %s", what, got.Err, tc.fail)
		}
	}
}

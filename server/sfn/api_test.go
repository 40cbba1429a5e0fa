package sfn

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestExecutionFromStartToHistory(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", passes, "STANDARD")
	started := w.must("StartExecution", map[string]any{"stateMachineArn": arn, "name": "n", "input": `{"a": 1}`, "traceHeader": "Root=1"})
	execution := started["executionArn"].(string)
	if execution != prefix+"execution:m:n" {
		t.Errorf("got %q", execution)
	}
	d := w.ended(execution)
	for member, want := range map[string]any{
		"executionArn": execution, "stateMachineArn": arn, "name": "n", "status": "SUCCEEDED",
		"input": `{"a": 1}`, "output": `{"done":true}`, "redriveCount": 0.0, "redriveStatus": "NOT_REDRIVABLE",
		"redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
	} {
		if d[member] != want {
			t.Errorf("%s is %v, want %v", member, d[member], want)
		}
	}
	if fmt.Sprint(d["inputDetails"], d["outputDetails"]) != "map[included:true] map[included:true]" {
		t.Errorf("got %v", d)
	}
	metadata := w.must("DescribeExecution", map[string]any{"executionArn": execution, "includedData": "METADATA_ONLY"})
	if metadata["input"] != nil || fmt.Sprint(metadata["inputDetails"]) != "map[included:false]" {
		t.Errorf("got %v", metadata)
	}
	w.fails("StartExecution", map[string]any{"stateMachineArn": arn, "name": "n", "input": `{"a": 1}`},
		"ExecutionAlreadyExists: Execution Already Exists: '"+execution+"'")
	history := w.must("GetExecutionHistory", map[string]any{"executionArn": execution})
	if got := eventTypes(history); got != "ExecutionStarted PassStateEntered PassStateExited ExecutionSucceeded" {
		t.Errorf("the history is %s", got)
	}
}

func eventTypes(history map[string]any) string {
	var names []string
	for _, e := range history["events"].([]any) {
		names = append(names, e.(map[string]any)["type"].(string))
	}
	return strings.Join(names, " ")
}

func TestHistoryPages(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", passes, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": arn})["executionArn"].(string)
	w.ended(execution)
	for _, reverse := range []bool{false, true} {
		for size := 1; size <= 5; size++ {
			in := map[string]any{"executionArn": execution, "maxResults": size, "reverseOrder": reverse}
			var ids []string
			for {
				page := w.must("GetExecutionHistory", in)
				for _, e := range page["events"].([]any) {
					ids = append(ids, fmt.Sprint(e.(map[string]any)["id"]))
				}
				if page["nextToken"] == nil {
					break
				}
				in["nextToken"] = page["nextToken"]
			}
			want := "1 2 3 4"
			if reverse {
				want = "4 3 2 1"
			}
			if got := strings.Join(ids, " "); got != want {
				t.Errorf("pages of %d, reverse %t: got %s", size, reverse, got)
			}
		}
	}
	plain := w.must("GetExecutionHistory", map[string]any{"executionArn": execution, "includeExecutionData": false})
	if text, _ := json.Marshal(plain); strings.Contains(string(text), `"input"`) || strings.Contains(string(text), `"output"`) {
		t.Errorf("execution data in %s", text)
	}
	task := w.machine("t", `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody":"b"},"End":true}}}`, "STANDARD")
	called := w.must("StartExecution", map[string]any{"stateMachineArn": task})["executionArn"].(string)
	w.ended(called)
	scheduled := w.must("GetExecutionHistory", map[string]any{"executionArn": called, "includeExecutionData": false})["events"].([]any)[2].(map[string]any)
	if got := scheduled["taskScheduledEventDetails"].(map[string]any)["parameters"]; got != `{"QueueUrl":"q","MessageBody":"b"}` {
		t.Errorf("without execution data the task was called with %v", got)
	}
	first := w.must("GetExecutionHistory", map[string]any{"executionArn": execution, "maxResults": 1})
	w.fails("GetExecutionHistory", map[string]any{"executionArn": execution, "reverseOrder": true, "nextToken": first["nextToken"]}, "InvalidToken: Invalid Token: 'Invalid token'")
	w.fails("GetExecutionHistory", map[string]any{"executionArn": execution, "nextToken": "x"}, "InvalidToken")
}

func TestListExecutions(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", waits, "STANDARD")
	for i := range 5 {
		w.must("StartExecution", map[string]any{"stateMachineArn": arn, "name": fmt.Sprint("n", i)})
	}
	w.must("StopExecution", map[string]any{"executionArn": prefix + "execution:m:n2"})
	list := func(in map[string]any) string {
		in["stateMachineArn"] = arn
		var names []string
		for {
			page := w.must("ListExecutions", in)
			for _, e := range page["executions"].([]any) {
				names = append(names, e.(map[string]any)["name"].(string))
			}
			if page["nextToken"] == nil {
				return strings.Join(names, " ")
			}
			in["nextToken"] = page["nextToken"]
		}
	}
	for want, in := range map[string]map[string]any{
		"n4 n3 n2 n1 n0": {"maxResults": 2},
		"n4 n3 n1 n0":    {"statusFilter": "RUNNING", "maxResults": 3},
		"n2":             {"statusFilter": "ABORTED"},
		"":               {"statusFilter": "FAILED", "maxResults": 0},
	} {
		if got := list(in); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	page := w.must("ListExecutions", map[string]any{"stateMachineArn": arn, "maxResults": 1})
	w.fails("ListExecutions", map[string]any{"stateMachineArn": arn, "statusFilter": "RUNNING", "nextToken": page["nextToken"]}, "InvalidToken")
	w.fails("ListExecutions", map[string]any{}, "ValidationException: Must provide a StateMachine ARN or MapRun ARN")
	w.fails("ListExecutions", map[string]any{"stateMachineArn": arn, "redriveFilter": "REDRIVEN"}, "ValidationException")
	w.fails("ListExecutions", map[string]any{"stateMachineArn": prefix + "stateMachine:none"}, "StateMachineDoesNotExist: State Machine Does Not Exist: '"+prefix+"stateMachine:none'")
	express := w.machine("x", passes, "EXPRESS")
	w.fails("ListExecutions", map[string]any{"stateMachineArn": express}, "StateMachineTypeNotSupported: This operation is not supported by this type of state machine")
}

func TestStopKeepsTheFirstEnd(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", waits, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": arn, "name": "n", "input": "{}"})["executionArn"].(string)
	same := w.must("StartExecution", map[string]any{"stateMachineArn": arn, "name": "n"})
	if same["executionArn"] != execution {
		t.Errorf("the same start gave %v", same)
	}
	first := w.must("StopExecution", map[string]any{"executionArn": execution, "error": "E", "cause": "C"})
	again := w.must("StopExecution", map[string]any{"executionArn": execution, "error": "F"})
	d := w.must("DescribeExecution", map[string]any{"executionArn": execution})
	if d["status"] != "ABORTED" || d["error"] != "E" || d["cause"] != "C" || d["stopDate"] != first["stopDate"] || again["stopDate"] != first["stopDate"] || d["redriveStatus"] != "REDRIVABLE" {
		t.Errorf("got %v, %v, %v", first, again, d)
	}
}

func TestExpress(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("x", passes, "EXPRESS")
	out := w.must("StartSyncExecution", map[string]any{"stateMachineArn": arn, "name": "n", "input": "[1]"})
	execution := out["executionArn"].(string)
	if !strings.HasPrefix(execution, prefix+"express:x:n:") || out["status"] != "SUCCEEDED" || out["output"] != `{"done":true}` || out["input"] != "[1]" || out["name"] != "n" ||
		fmt.Sprint(out["billingDetails"]) != "map[billedDurationInMilliseconds:100 billedMemoryUsedInMB:64]" {
		t.Errorf("got %v", out)
	}
	wrong := "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'"
	for _, operation := range []string{"DescribeExecution", "StopExecution", "GetExecutionHistory", "DescribeStateMachineForExecution"} {
		w.fails(operation, map[string]any{"executionArn": execution}, wrong)
	}
	started := w.must("StartExecution", map[string]any{"stateMachineArn": arn, "name": "n"})["executionArn"].(string)
	if d := w.ended(started); d["status"] != "SUCCEEDED" || d["name"] != "n" || d["executionArn"] != started {
		t.Errorf("got %v", d)
	}
	fails := w.machine("f", `{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"E","Cause":"C"}}}`, "EXPRESS")
	out = w.must("StartSyncExecution", map[string]any{"stateMachineArn": fails})
	if out["status"] != "FAILED" || out["error"] != "E" || out["cause"] != "C" || out["output"] != nil {
		t.Errorf("got %v", out)
	}
	standard := w.machine("m", passes, "STANDARD")
	w.fails("StartSyncExecution", map[string]any{"stateMachineArn": standard}, "StateMachineTypeNotSupported")
}

func TestNestedExecutions(t *testing.T) {
	w := newWorld(t)
	child := w.machine("child", passes, "STANDARD")
	parent := w.machine("parent", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
		"Parameters":{"StateMachineArn":"`+child+`","Input":{"x":1}},"OutputPath":"$.Output","End":true}}}`, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": parent})["executionArn"].(string)
	if d := w.ended(execution); d["output"] != `{"done":true}` {
		t.Errorf("got %v", d)
	}
	if got := w.must("ListExecutions", map[string]any{"stateMachineArn": child})["executions"].([]any); len(got) != 1 {
		t.Errorf("the child ran %d times", len(got))
	}
}

func TestActivities(t *testing.T) {
	w := newWorld(t)
	activity := w.must("CreateActivity", map[string]any{"name": "work"})["activityArn"].(string)
	arn := w.machine("m", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+activity+`","End":true}}}`, "STANDARD")
	if out := w.must("GetActivityTask", map[string]any{"activityArn": activity}); out["taskToken"] != nil {
		t.Errorf("without a task: %v", out)
	}
	for name, end := range map[string]func(string){
		"SUCCEEDED": func(token string) {
			w.must("SendTaskHeartbeat", map[string]any{"taskToken": token})
			w.fails("SendTaskSuccess", map[string]any{"taskToken": token, "output": "{"}, "InvalidOutput: Invalid Output: '{' is not valid JSON.")
			w.must("SendTaskSuccess", map[string]any{"taskToken": token, "output": "42"})
		},
		"FAILED": func(token string) { w.must("SendTaskFailure", map[string]any{"taskToken": token}) },
	} {
		execution := w.must("StartExecution", map[string]any{"stateMachineArn": arn, "input": `{"a":1}`})["executionArn"].(string)
		var task map[string]any
		for range 100 {
			if task = w.must("GetActivityTask", map[string]any{"activityArn": activity, "workerName": "me"}); task["taskToken"] != nil {
				break
			}
		}
		if task["input"] != `{"a":1}` {
			t.Fatalf("got %v", task)
		}
		token := task["taskToken"].(string)
		end(token)
		d := w.ended(execution)
		if d["status"] != name || d["error"] != nil {
			t.Errorf("got %v", d)
		}
		for _, operation := range []string{"SendTaskHeartbeat", "SendTaskFailure"} {
			w.fails(operation, map[string]any{"taskToken": token}, "TaskTimedOut: Task Timed Out: '"+activity+"'")
		}
		w.fails("SendTaskSuccess", map[string]any{"taskToken": token, "output": "1"}, "TaskTimedOut: Task Timed Out: '"+activity+"'")
		long := strings.Repeat("é", 2000)
		w.fails("SendTaskSuccess", map[string]any{"taskToken": token, "output": long}, "InvalidOutput: Invalid Output: '"+long[:2048]+"' is not valid JSON.")
	}
	w.fails("SendTaskSuccess", map[string]any{"taskToken": "NoSuchToken"}, "ValidationException: 1 validation error detected: Value at 'output' failed to satisfy constraint: Member must not be null")
	w.fails("SendTaskSuccess", map[string]any{"taskToken": "NoSuchToken", "output": "no JSON"}, "InvalidToken: Invalid Token: 'Invalid token'")
	w.fails("SendTaskSuccess", map[string]any{"taskToken": "NoSuchToken", "output": "1"}, "InvalidToken: Invalid Token: 'Invalid token'")
	w.must("DeleteActivity", map[string]any{"activityArn": activity})
	for _, operation := range []string{"DescribeActivity", "GetActivityTask"} {
		w.fails(operation, map[string]any{"activityArn": activity}, "ActivityDoesNotExist: Activity Does Not Exist: '"+activity+"'")
	}
}

func TestStateMachines(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", passes, "STANDARD")
	d := w.must("DescribeStateMachine", map[string]any{"stateMachineArn": arn})
	if d["definition"] != passes || d["status"] != "ACTIVE" || d["type"] != "STANDARD" || d["revisionId"] != nil ||
		fmt.Sprint(d["loggingConfiguration"], d["tracingConfiguration"]) != "map[includeExecutionData:false level:OFF] map[enabled:false]" {
		t.Errorf("got %v", d)
	}
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": arn})["executionArn"].(string)
	u := w.must("UpdateStateMachine", map[string]any{"stateMachineArn": arn, "definition": waits, "tracingConfiguration": map[string]any{"enabled": true}})
	if d = w.must("DescribeStateMachine", map[string]any{"stateMachineArn": arn}); d["revisionId"] != u["revisionId"] || d["definition"] != waits {
		t.Errorf("got %v after %v", d, u)
	}
	if d = w.must("DescribeStateMachineForExecution", map[string]any{"executionArn": execution}); d["definition"] != passes || d["updateDate"] == nil {
		t.Errorf("the execution follows %v", d)
	}
	w.fails("UpdateStateMachine", map[string]any{"stateMachineArn": arn}, "MissingRequiredParameter")
	w.fails("CreateStateMachine", map[string]any{"name": "n", "definition": passes, "roleArn": roleARN, "versionDescription": "v"},
		"ValidationException: Version description can only be set when publish is true")
	w.must("DeleteStateMachine", map[string]any{"stateMachineArn": arn})
	w.must("DeleteStateMachine", map[string]any{"stateMachineArn": arn})
	w.fails("StartExecution", map[string]any{"stateMachineArn": arn}, "StateMachineDoesNotExist: State Machine Does Not Exist: '"+arn+"'")
	w.fails("DescribeStateMachine", map[string]any{"stateMachineArn": "x"}, "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'")
}

func TestListsByName(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"c", "a", "b"} {
		w.machine(name, passes, "STANDARD")
		w.must("CreateActivity", map[string]any{"name": name})
	}
	for operation, member := range map[string]string{"ListStateMachines": "stateMachines", "ListActivities": "activities"} {
		var names []string
		in := map[string]any{"maxResults": 2}
		for {
			page := w.must(operation, in)
			for _, item := range page[member].([]any) {
				names = append(names, item.(map[string]any)["name"].(string))
			}
			if page["nextToken"] == nil {
				break
			}
			in["nextToken"] = page["nextToken"]
		}
		if got := strings.Join(names, " "); got != "a b c" {
			t.Errorf("%s: %s", operation, got)
		}
	}
}

func TestValidateDefinition(t *testing.T) {
	w := newWorld(t)
	ok := w.must("ValidateStateMachineDefinition", map[string]any{"definition": passes})
	if fmt.Sprint(ok) != "map[diagnostics:[] result:OK truncated:false]" {
		t.Errorf("got %v", ok)
	}
	bad := w.must("ValidateStateMachineDefinition", map[string]any{"definition": "{}", "type": "EXPRESS", "maxResults": 1, "severity": "WARNING"})
	if bad["result"] != "FAIL" || len(bad["diagnostics"].([]any)) != 1 {
		t.Errorf("got %v", bad)
	}
}

func TestTags(t *testing.T) {
	w := newWorld(t)
	arn := w.must("CreateStateMachine", map[string]any{"name": "m", "definition": passes, "roleArn": roleARN, "tags": []any{map[string]any{"key": "a", "value": "1"}}})["stateMachineArn"]
	w.must("TagResource", map[string]any{"resourceArn": arn, "tags": []any{map[string]any{"key": "b", "value": "2"}}})
	w.must("UntagResource", map[string]any{"resourceArn": arn, "tagKeys": []any{"a"}})
	if out := w.must("ListTagsForResource", map[string]any{"resourceArn": arn}); fmt.Sprint(out["tags"]) != "[map[key:b value:2]]" {
		t.Errorf("got %v", out)
	}
	version := fmt.Sprint(arn, ":1")
	w.fails("ListTagsForResource", map[string]any{"resourceArn": version}, "ResourceNotFound: Resource not found: '"+version+"'")
	reserved := map[string]any{"resourceArn": arn, "tags": []any{map[string]any{"key": "AWS:x", "value": "1"}}}
	if status, out := call(t, w, "TagResource", reserved); status != http.StatusBadRequest || fmt.Sprint(out) != "map[Message:Caller is an end user and not allowed to mutate system tags __type:AccessDeniedException]" {
		t.Errorf("a tag of AWS's own: %d %v", status, out)
	}
}

func TestHealth(t *testing.T) {
	w := newWorld(t)
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if rec.Code != http.StatusOK {
		t.Errorf("got %d %s", rec.Code, rec.Body)
	}
}

func TestWaitGivesUp(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", waits, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": arn})["executionArn"].(string)
	for _, seconds := range []string{"0", "1"} {
		if got := w.own("wait", `{"executionArn":"`+execution+`","timeoutSeconds":`+seconds+`}`); !strings.Contains(got, `"status":"RUNNING"`) {
			t.Errorf("got %s", got)
		}
	}
}

func TestRunStartsAndWaits(t *testing.T) {
	w := newWorld(t)
	passes := `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		got := w.own("run", `{"stateMachineArn":"`+w.machine(kind, passes, kind)+`","input":"{\"a\":1}"}`)
		if !strings.Contains(got, `"status":"SUCCEEDED"`) || !strings.Contains(got, `"output":"{\"a\":1}"`) {
			t.Errorf("%s: %s", kind, got)
		}
	}
	if got := w.own("run", `{"stateMachineArn":"`+w.machine("m", waits, "STANDARD")+`","timeoutSeconds":0}`); !strings.Contains(got, `"status":"RUNNING"`) {
		t.Errorf("got %s", got)
	}
}

func TestResume(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", waits, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": arn})["executionArn"].(string)
	if got := w.own("resume", `{"executionArn":"`+execution+`"}`); got != "{}" {
		t.Errorf("one without an incident: got %s", got)
	}
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/fermata/v1/executions/resume", strings.NewReader(`{"executionArn":"`+execution+`x"}`)))
	if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "ExecutionDoesNotExist") {
		t.Errorf("an unknown one: got %d %s", rec.Code, rec.Body)
	}
}

package sfn

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/engine"
)

// look makes a GET request of Fermata's own and returns the status and the answer.
func (w *world) look(path string) (int, map[string]any) {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/fermata/v1/executions"+path, nil))
	var out map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		w.t.Fatalf("%s: %q: %v", path, rec.Body, err)
	}
	return rec.Code, out
}

func (w *world) seen(path string) map[string]any {
	w.t.Helper()
	status, out := w.look(path)
	if status != http.StatusOK {
		w.t.Fatalf("%s: %d %v", path, status, out)
	}
	return out
}

// TestMachinesShowTheirStatus, which AWS's ListStateMachines does not.
func TestMachinesShowTheirStatus(t *testing.T) {
	w := newWorld(t)
	w.deleting()
	w.machine("stays", passes, "EXPRESS")
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/fermata/v1/stateMachines?maxResults=1000", nil))
	var out struct {
		StateMachines []struct{ Name, Status string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(out.StateMachines); got != "[{m DELETING} {stays ACTIVE}]" {
		t.Errorf("got %s", got)
	}
	for _, m := range w.must("ListStateMachines", map[string]any{})["stateMachines"].([]any) {
		if len(m.(map[string]any)) != 4 {
			t.Errorf("ListStateMachines shows %v", m)
		}
	}
}

// TestExpressExecutionsCanBeLookedAt, although AWS's API refuses them.
func TestExpressExecutionsCanBeLookedAt(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("m", passes, "EXPRESS")
	arns := map[string]bool{}
	for range 3 { // names need not be unique
		arn := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "name": "same"})["executionArn"].(string)
		w.ended(arn)
		arns[arn] = true
	}
	if len(arns) != 3 {
		t.Fatalf("three executions have the ARNs %v", arns)
	}
	first := w.seen("?maxResults=2&statusFilter=SUCCEEDED&stateMachineArn=" + machine)
	rest := w.seen("?maxResults=2&statusFilter=SUCCEEDED&stateMachineArn=" + machine + "&nextToken=" + url.QueryEscape(first["nextToken"].(string)))
	listed := append(first["executions"].([]any), rest["executions"].([]any)...)
	for _, x := range listed {
		x := x.(map[string]any)
		if !arns[x["executionArn"].(string)] || x["name"] != "same" || x["status"] != "SUCCEEDED" {
			t.Errorf("listed %v", x)
		}
		delete(arns, x["executionArn"].(string))
	}
	if len(listed) != 3 || rest["nextToken"] != nil || len(arns) != 0 {
		t.Errorf("listed %v", listed)
	}
	arn := listed[0].(map[string]any)["executionArn"].(string)
	if d := w.seen("/" + url.PathEscape(arn)); d["output"] != `{"done":true}` || d["redriveStatus"] != nil {
		t.Errorf("described %v", d)
	}
	events := w.seen("/" + url.PathEscape(arn) + "/history?reverseOrder=true&includeExecutionData=false&maxResults=1")["events"].([]any)
	if e := events[0].(map[string]any); len(events) != 1 || e["type"] != "ExecutionSucceeded" || len(e["executionSucceededEventDetails"].(map[string]any)) != 0 {
		t.Errorf("history %v", events)
	}
}

func TestStandardExecutionsCanBeLookedAtTheSameWay(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("m", passes, "STANDARD")
	arn := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "name": "x"})["executionArn"].(string)
	w.ended(arn)
	if d := w.seen("/" + arn); d["status"] != "SUCCEEDED" || d["redriveStatus"] != "NOT_REDRIVABLE" {
		t.Errorf("described %v", d)
	}
	if events := w.seen("/" + arn + "/history")["events"].([]any); len(events) != 4 {
		t.Errorf("history %v", events)
	}
	if l := w.seen("?stateMachineArn=" + machine)["executions"].([]any); len(l) != 1 {
		t.Errorf("listed %v", l)
	}
}

func TestLooksAreValidated(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("m", passes, "EXPRESS")
	for path, want := range map[string]string{
		"": "ValidationException",
		"?maxResults=x&stateMachineArn=" + machine:       "SerializationException",
		"?maxResults=5000&stateMachineArn=" + machine:    "ValidationException",
		"?statusFilter=DONE&stateMachineArn=" + machine:  "ValidationException",
		"?nextToken=what&stateMachineArn=" + machine:     "InvalidToken",
		"?stateMachineArn=" + machine + "x":              "StateMachineDoesNotExist",
		"/" + prefix + "express:m:x:y":                   "ExecutionDoesNotExist",
		"/" + prefix + "express:m:x:y/history":           "ExecutionDoesNotExist",
		"/" + prefix + "execution:m:x":                   "ExecutionDoesNotExist",
		"/nonsense":                                      "InvalidArn",
		"/nonsense/history?maxResults=5000":              "ValidationException",
		"/nonsense/history?includeExecutionData=perhaps": "SerializationException",
	} {
		if status, out := w.look(path); status != http.StatusBadRequest || out["__type"] != want {
			t.Errorf("%s: %d %v, want %s", path, status, out, want)
		}
	}
}

func TestExpressExecutionsCanBeStopped(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("m", waits, "EXPRESS")
	arn := w.must("StartExecution", map[string]any{"stateMachineArn": machine})["executionArn"].(string)
	w.own("stop", `{"executionArn":"`+arn+`","error":"E","cause":"C"}`)
	if d := w.ended(arn); d["status"] != "ABORTED" || d["error"] != "E" || d["cause"] != "C" {
		t.Errorf("got %v", d)
	}
}

// TestSynchronousExecutionsOutliveTheStopOfTheirRequest: a server that stops lets
// them end; a client that has gone does not wait.
func TestSynchronousExecutionsOutliveTheStopOfTheirRequest(t *testing.T) {
	requests := func(cause error) context.Context {
		ctx, stop := context.WithCancelCause(t.Context())
		stop(cause)
		return ctx
	}
	ended := make(chan engine.Description)
	if _, err := syncEnd(requests(nil), ended); err != context.Canceled {
		t.Errorf("a client that has gone: %v", err)
	}
	go func() { ended <- engine.Description{TraceHeader: "it"} }()
	if d, err := syncEnd(requests(http.ErrServerClosed), ended); err != nil || d.TraceHeader != "it" {
		t.Errorf("a server that stops: %v, %v", d, err)
	}
	close(ended)
	if _, err := syncEnd(t.Context(), ended); err != engine.ErrStopped {
		t.Errorf("an engine that stops: %v", err)
	}
}

func TestRequestsOfAServerThatStopsAreToldSo(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("m", waits, "STANDARD")
	ctx, stop := context.WithCancelCause(t.Context())
	stop(http.ErrServerClosed)
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/fermata/v1/executions/run", strings.NewReader(`{"stateMachineArn":"`+machine+`"}`))
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	if rec.Code != http.StatusServiceUnavailable {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

package client

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// server answers each operation with a function of its input, and knows no request of
// Fermata's own.
func server(t *testing.T, operations map[string]func(in map[string]any) (int, string)) *Client {
	t.Helper()
	return InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.NotFound(w, r)
			return
		}
		name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSStepFunctions.")
		body, _ := io.ReadAll(r.Body)
		var in map[string]any
		_ = json.Unmarshal(body, &in)
		handle, ok := operations[name]
		if !ok {
			t.Errorf("%s was called", name)
			return
		}
		status, text := handle(in)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"of Step Functions", 400, `{"__type":"com.amazonaws#ExecutionDoesNotExist","message":"no"}`, "ExecutionDoesNotExist: no"},
		{"capital message", 400, `{"__type":"InvalidArn","Message":"bad"}`, "InvalidArn: bad"},
		{"no message", 400, `{"__type":"InvalidArn"}`, "InvalidArn"},
		{"not JSON", 502, "bad gateway", "Bad Gateway: bad gateway"},
		{"not what it should be", 200, "<html>", "DescribeExecution: the answer of http://in-process is not what Step Functions answers"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := server(t, map[string]func(map[string]any) (int, string){"DescribeExecution": func(map[string]any) (int, string) { return test.status, test.body }})
			if _, err := c.Execution(t.Context(), "arn:x"); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error is %v, want %s", err, test.want)
			}
		})
	}
	if _, err := New("http://127.0.0.1:1").Machines(t.Context()); err == nil || !strings.Contains(err.Error(), "start one with 'fermata server'") {
		t.Errorf("no server: %v", err)
	}
	if !IsCode(fmt.Errorf("wrapped: %w", &Error{Code: "A"}), "A") || IsCode(io.EOF, "A") {
		t.Error("IsCode")
	}
}

// TestNewEvents reads no more of a history than what is new.
func TestNewEvents(t *testing.T) {
	read := 0
	c := server(t, map[string]func(map[string]any) (int, string){"GetExecutionHistory": func(in map[string]any) (int, string) {
		if in["reverseOrder"] != true {
			t.Error("the history must be read from its end")
		}
		newest := 1000
		if token, ok := in["nextToken"].(string); ok {
			_, _ = fmt.Sscan(token, &newest)
		}
		var events []string
		for id := newest; id > newest-100; id-- {
			events = append(events, fmt.Sprintf(`{"id":%d,"previousEventId":%d,"type":"PassStateEntered","timestamp":1.5,"stateEnteredEventDetails":{"name":"S%[1]d"}}`, id, id-1))
		}
		read += len(events)
		return 200, fmt.Sprintf(`{"events":[%s],"nextToken":"%d"}`, strings.Join(events, ","), newest-100)
	}})
	events, err := c.NewEvents(t.Context(), "arn:x", 850)
	if err != nil || len(events) != 150 || events[0].ID != 851 || events[149].Details.Name != "S1000" || read != 200 {
		t.Errorf("%d events, %d read, %v", len(events), read, err)
	}
	if at := events[0].At.UnixMilli(); at != 1500 {
		t.Errorf("time is %d ms", at)
	}
}

func TestNamesBecomeARNs(t *testing.T) {
	const machine = "arn:aws:states:r:1:stateMachine:orders"
	c := server(t, map[string]func(map[string]any) (int, string){
		"ListStateMachines": func(in map[string]any) (int, string) {
			if in["nextToken"] == nil {
				return 200, `{"stateMachines":[{"name":"other"}],"nextToken":"2"}`
			}
			return 200, `{"stateMachines":[{"name":"orders","stateMachineArn":"` + machine + `"}]}`
		},
		"DescribeStateMachine": func(map[string]any) (int, string) { return 200, `{"type":"STANDARD"}` },
		"ListExecutions":       func(map[string]any) (int, string) { return 200, `{"executions":[{"executionArn":"newest"}]}` },
	})
	for name, want := range map[string]string{
		"orders/7": "arn:aws:states:r:1:execution:orders:7", "orders:PROD/7": "arn:aws:states:r:1:execution:orders:7", "orders": "newest", "arn:anything": "arn:anything",
	} {
		if got, err := c.ExecutionARN(t.Context(), name); err != nil || got != want {
			t.Errorf("ExecutionARN(%q) = %q, %v; want %q", name, got, err, want)
		}
	}
	for _, qualifier := range []string{"", ":7", ":PROD"} {
		arn, err := c.MachineARN(t.Context(), "orders"+qualifier)
		if err != nil || arn != machine+qualifier || Unqualified(arn) != machine {
			t.Errorf("orders%s is %s of %s, %v", qualifier, arn, Unqualified(arn), err)
		}
	}
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf("m%03d", i)
	}
	if got := some(many); got != "m000, m001, m002, m003, m004, m005, m006, m007, m008, m009 and 990 more" {
		t.Errorf("many names: %s", got)
	}
	if _, err := c.MachineARN(t.Context(), "order"); err == nil || !strings.Contains(err.Error(), "there are orders, other") {
		t.Errorf("an unknown name: %v", err)
	}
}

// TestExpressExecutionThatThereIsNot: AWS's operation would say that the ARN is not one of
// its own.
func TestExpressExecutionThatThereIsNot(t *testing.T) {
	c := InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code := "ExecutionDoesNotExist"
		if r.Method != http.MethodGet {
			code = "InvalidArn"
		}
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type":%q}`, code)
	}))
	if _, err := c.Execution(t.Context(), "arn:aws:states:us-east-1:123456789012:express:m:a:b"); !IsCode(err, "ExecutionDoesNotExist") {
		t.Errorf("error is %v", err)
	}
}

// TestStopAllButOne: one that cannot be stopped keeps no other from it, be it of the
// same page or of the next one, and is told.
func TestStopAllButOne(t *testing.T) {
	running := map[string]bool{"broken": true, "a": true, "b": true, "c": true}
	c := server(t, map[string]func(map[string]any) (int, string){
		"ListExecutions": func(map[string]any) (int, string) {
			page := `{"executionArn":"broken"}`
			for _, name := range []string{"a", "b", "c"} {
				if running[name] && strings.Count(page, "executionArn") < 3 {
					page += `,{"executionArn":"` + name + `"}`
				}
			}
			return http.StatusOK, `{"executions":[` + page + `]}`
		},
		"StopExecution": func(in map[string]any) (int, string) {
			if in["executionArn"] == "broken" {
				return http.StatusInternalServerError, `{"__type":"InternalFailure"}`
			}
			delete(running, in["executionArn"].(string))
			return http.StatusOK, `{}`
		},
	})
	if n, err := c.StopAll(t.Context(), "m"); n != 3 || !IsCode(err, "InternalFailure") || len(running) != 1 {
		t.Errorf("%d were stopped, %v; there are %v", n, err, running)
	}
}

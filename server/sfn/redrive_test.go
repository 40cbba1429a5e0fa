package sfn

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// activityThenPass fails or succeeds as the worker of its activity says.
func (w *world) activityThenPass() (machine, activity string) {
	w.t.Helper()
	activity = w.must("CreateActivity", map[string]any{"name": "a"})["activityArn"].(string)
	return w.machine("m", `{"StartAt":"P","States":{"P":{"Type":"Pass","Result":"first","Next":"A"},"A":{"Type":"Task","Resource":"`+activity+`","End":true}}}`, "STANDARD"), activity
}

// work gets the task of an activity and completes it.
func (w *world) work(activity, operation string, with map[string]any) {
	w.t.Helper()
	token := ""
	for token == "" {
		token, _ = w.must("GetActivityTask", map[string]any{"activityArn": activity})["taskToken"].(string)
	}
	with["taskToken"] = token
	w.must(operation, with)
}

func (w *world) until(execution, status string) map[string]any {
	w.t.Helper()
	for {
		d := w.must("DescribeExecution", map[string]any{"executionArn": execution})
		if d["status"] == status {
			return d
		}
	}
}

// sdkRedrive lets a failed execution go on.
func sdkRedrive(t *testing.T, c *sdk) {
	w := c.w
	machine, activity := w.activityThenPass()
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine, "name": "e"})["executionArn"].(string)

	d := w.must("DescribeExecution", map[string]any{"executionArn": execution})
	if d["redriveStatus"] != "NOT_REDRIVABLE" || d["redriveStatusReason"] != "Execution is RUNNING and cannot be redriven" || d["redriveCount"] != 0.0 {
		t.Errorf("running: %v", d)
	}
	w.fails("RedriveExecution", map[string]any{"executionArn": execution}, "ExecutionNotRedrivable: Execution is RUNNING and cannot be redriven")
	w.work(activity, "SendTaskFailure", map[string]any{"error": "Bad"})
	d = w.until(execution, "FAILED")
	if d["redriveStatus"] != "REDRIVABLE" || d["redriveStatusReason"] != nil || d["redriveDate"] != nil {
		t.Errorf("failed: %v", d)
	}

	first, err := c.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: &execution, ClientToken: aws.String("one")})
	no(t, err)
	again, err := c.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: &execution, ClientToken: aws.String("one")})
	no(t, err)
	if !first.RedriveDate.Equal(*again.RedriveDate) {
		t.Errorf("redriven at %v and %v", first.RedriveDate, again.RedriveDate)
	}
	w.work(activity, "SendTaskSuccess", map[string]any{"output": `"done"`})
	d = w.until(execution, "SUCCEEDED")
	if d["output"] != `"done"` || d["redriveCount"] != 1.0 || d["redriveDate"] == nil || d["redriveStatusReason"] != "Execution is SUCCEEDED and cannot be redriven" || d["error"] != nil {
		t.Errorf("redriven: %v", d)
	}
	w.fails("RedriveExecution", map[string]any{"executionArn": execution}, "ExecutionNotRedrivable: Execution is SUCCEEDED and cannot be redriven")

	listed, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &machine, StatusFilter: types.ExecutionStatusSucceeded})
	no(t, err)
	if len(listed.Executions) != 1 || *listed.Executions[0].RedriveCount != 1 || !listed.Executions[0].RedriveDate.Equal(*first.RedriveDate) {
		t.Errorf("listed %+v", listed.Executions)
	}
	history, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &execution})
	no(t, err)
	var kinds []string
	for _, e := range history.Events {
		kinds = append(kinds, string(e.Type))
		if e.Type == types.HistoryEventTypeExecutionRedriven && (*e.ExecutionRedrivenEventDetails.RedriveCount != 1 || e.PreviousEventId != e.Id-1) {
			t.Errorf("got %+v", e)
		}
	}
	if got := strings.Join(kinds[len(kinds)-8:], " "); got != "ActivityFailed ExecutionFailed ExecutionRedriven ActivityScheduled ActivityStarted ActivitySucceeded TaskStateExited ExecutionSucceeded" {
		t.Errorf("history %s", got)
	}
}

func TestRedriveOfWhatIsNotThere(t *testing.T) {
	w := newWorld(t)
	w.fails("RedriveExecution", map[string]any{"executionArn": "x"}, "InvalidArn")
	w.fails("RedriveExecution", map[string]any{"executionArn": prefix + "execution:m:e"}, "ExecutionDoesNotExist")
	w.fails("RedriveExecution", map[string]any{}, "ValidationException")
	w.fails("RedriveExecution", map[string]any{"executionArn": prefix + "execution:m:e", "clientToken": "a b"}, "ValidationException")
}

func TestWhyAnExecutionCannotBeRedriven(t *testing.T) {
	now := time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		result    interpreter.Result
		open, ago time.Duration
		reason    string
	}{
		{interpreter.Result{Status: interpreter.Running}, 0, 0, "Execution is RUNNING and cannot be redriven"},
		{interpreter.Result{Status: interpreter.Succeeded}, 0, 0, "Execution is SUCCEEDED and cannot be redriven"},
		{interpreter.Result{Status: interpreter.Failed, Redrivable: true}, time.Hour, redrivePeriod, ""},
		{interpreter.Result{Status: interpreter.TimedOut, Redrivable: true}, time.Hour, redrivePeriod + 1, "Execution redrivable period exceeded"},
		{interpreter.Result{Status: interpreter.Aborted, Redrivable: true}, openTime, time.Hour, "Execution has exceeded the max execution time"},
		{interpreter.Result{Status: interpreter.Failed, Full: true}, time.Hour, time.Hour, "Execution history event limit exceeded"},
		{interpreter.Result{Status: interpreter.Failed}, time.Hour, time.Hour, "Execution was started before the launch of RedriveExecution"},
	} {
		closed := now.Add(-c.ago)
		d := &engine.Description{Result: c.result, Head: &store.Head{Started: closed.Add(-c.open), Closed: closed}}
		if got := redriveReason(d, now); got != c.reason {
			t.Errorf("%+v: %q, not %q", c, got, c.reason)
		}
	}
}

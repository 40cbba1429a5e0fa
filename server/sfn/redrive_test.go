package sfn

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
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
	w.fails("RedriveExecution", map[string]any{"executionArn": execution}, "ExecutionNotRedrivable: Execution "+execution+" invalid for redrive as: Execution is RUNNING and cannot be redriven")
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
	w.fails("RedriveExecution", map[string]any{"executionArn": execution}, "ExecutionNotRedrivable: Execution "+execution+" invalid for redrive as: Execution is SUCCEEDED and cannot be redriven")
	late, err := c.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: &execution, ClientToken: aws.String("one")})
	no(t, err)
	if !first.RedriveDate.Equal(*late.RedriveDate) {
		t.Errorf("redriven at %v, and after its end at %v", first.RedriveDate, late.RedriveDate)
	}

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

// TestRedriveTokenOfBefore gives the date of the redrive that it was used for.
func TestRedriveTokenOfBefore(t *testing.T) {
	w := newWorld(t)
	machine := w.machine("fails", `{"StartAt":"F","States":{"F":{"Type":"Fail"}}}`, "STANDARD")
	execution := w.must("StartExecution", map[string]any{"stateMachineArn": machine})["executionArn"].(string)
	redrive := func(token string) any {
		w.until(execution, "FAILED")
		return w.must("RedriveExecution", map[string]any{"executionArn": execution, "clientToken": token})["redriveDate"]
	}
	first, second := redrive("one"), redrive("two")
	if again := redrive("one"); again != first {
		t.Errorf("redriven at %v, then at %v; the first token again gives %v", first, second, again)
	}
	if again := redrive("two"); again != second {
		t.Errorf("redriven at %v, again at %v", second, again)
	}
}

func TestRedriveOfWhatIsNotThere(t *testing.T) {
	w := newWorld(t)
	w.fails("RedriveExecution", map[string]any{"executionArn": "x"}, "InvalidArn")
	w.fails("RedriveExecution", map[string]any{"executionArn": prefix + "execution:m:e"}, "ExecutionDoesNotExist")
	w.fails("RedriveExecution", map[string]any{}, "ValidationException")
	w.fails("RedriveExecution", map[string]any{"executionArn": prefix + "execution:m:e", "clientToken": "a b"}, "ValidationException")
}

package asl

import (
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

func TestTasksByResource(t *testing.T) {
	for _, c := range []struct {
		resource, parameters string
		want                 interpreter.Task
	}{
		{"arn:aws:lambda:us-east-1:111111111111:function:f", `{"a":1}`, interpreter.Task{Connector: "lambda", Action: "function"}},
		{"arn:aws:states:::lambda:invoke", `{"FunctionName":"f"}`, interpreter.Task{Connector: "lambda", Action: "invoke"}},
		{"arn:aws:states:::lambda:invoke.waitForTaskToken", `{"FunctionName":"f","Payload":{"t.$":"$$.Task.Token"}}`, interpreter.Task{Connector: "lambda", Action: "invoke", Completion: interpreter.ByToken}},
		{"arn:aws:states:::http:invoke", `{"ApiEndpoint":"https://x","Method":"GET","Authentication":{"ConnectionArn":"c"}}`, interpreter.Task{Connector: "http", Action: "invoke"}},
		{"arn:aws:states:::states:startExecution", `{"StateMachineArn":"x"}`, interpreter.Task{Connector: "states", Action: "startExecution"}},
		{"arn:aws:states:::states:startExecution.sync", `{"StateMachineArn":"x"}`, interpreter.Task{Connector: "states", Action: "startExecution.sync", Completion: interpreter.ByJob}},
		{"arn:aws:states:::states:startExecution.sync:2", `{"StateMachineArn":"x"}`, interpreter.Task{Connector: "states", Action: "startExecution.sync:2", Completion: interpreter.ByJob}},
		{"arn:aws:states:::aws-sdk:s3:listBuckets", `{}`, interpreter.Task{Connector: "aws-sdk:s3", Action: "listBuckets"}},
		{"arn:aws:states:us-east-1:111111111111:activity:a", `{"a":1}`, interpreter.Task{Connector: "activity", Delivery: interpreter.Pull}},
	} {
		c.want.RoleARN = "arn:aws:iam::111111111111:role/other"
		credentials := `"Credentials":{"RoleArn":"` + c.want.RoleARN + `"},`
		if c.want.Delivery == interpreter.Pull { // a worker has credentials of its own
			c.want.RoleARN, credentials = "", ""
		}
		w := newWorld(t, machine(`{"Type":"Task","Resource":"`+c.resource+`","Parameters":`+c.parameters+`,"TimeoutSeconds":30,"HeartbeatSeconds":20,`+credentials+`"End":true}`))
		w.decide(interpreter.Start{Input: document(`{}`)})
		if len(w.invoked) != 1 {
			t.Errorf("%s: %d tasks", c.resource, len(w.invoked))
			continue
		}
		got := *w.invoked[0]
		c.want.ID, c.want.Resource, c.want.State = 1, c.resource, "A"
		c.want.Timeout, c.want.Heartbeat = 30*time.Second, 20*time.Second
		if !strings.HasPrefix(string(got.Payload), "{") {
			t.Errorf("%s: payload %s", c.resource, got.Payload)
		}
		got.Payload = nil
		if got, want := describeTask(got), describeTask(c.want); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.resource, got, want)
		}
	}
}

const tokenTask = `{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"t.$":"$$.Task.Token"},"End":true}`

// TestTokenTask: the result may come before or after the acknowledgement.
func TestTokenTask(t *testing.T) {
	submitted := interpreter.TaskSubmitted{ID: 1, Output: []byte(`{"id":"m"}`)}
	succeeded := interpreter.TaskSucceeded{ID: 1, Output: []byte(`"done"`)}
	failed := interpreter.TaskFailed{ID: 1, Error: text("E")}
	notSubmitted := interpreter.TaskFailed{ID: 1, Submission: true, Error: text("X")}
	for _, c := range []struct {
		name     string
		commands []interpreter.Command
		outcomes []interpreter.Outcome
		want     string
		events   string
	}{
		{"in order", []interpreter.Command{submitted, succeeded, succeeded}, []interpreter.Outcome{interpreter.Done, interpreter.Done, interpreter.Closed},
			`SUCCEEDED "done"`, "TaskScheduled TaskStarted TaskSubmitted TaskSucceeded"},
		{"the result first", []interpreter.Command{succeeded, succeeded, submitted}, []interpreter.Outcome{interpreter.Done, interpreter.NotExpected, interpreter.Done},
			`SUCCEEDED "done"`, "TaskScheduled TaskStarted TaskSubmitted TaskSucceeded"},
		{"the failure first", []interpreter.Command{failed, submitted}, []interpreter.Outcome{interpreter.Done, interpreter.Done},
			`FAILED E`, "TaskScheduled TaskStarted TaskSubmitted TaskFailed"},
		{"no submission", []interpreter.Command{notSubmitted, succeeded}, []interpreter.Outcome{interpreter.Done, interpreter.Closed},
			`FAILED X`, "TaskScheduled TaskStarted TaskSubmitFailed"},
		{"a result although the submission failed", []interpreter.Command{succeeded, notSubmitted}, []interpreter.Outcome{interpreter.Done, interpreter.Done},
			`SUCCEEDED "done"`, "TaskScheduled TaskStarted TaskSucceeded"},
		{"a crash between the result and the acknowledgement", []interpreter.Command{succeeded, interpreter.Recover{}, submitted}, []interpreter.Outcome{interpreter.Done, interpreter.Done, interpreter.Closed},
			`SUCCEEDED "done"`, "TaskScheduled TaskStarted TaskSucceeded"},
		{"submitted twice", []interpreter.Command{submitted, submitted, notSubmitted, succeeded}, []interpreter.Outcome{interpreter.Done, interpreter.NotExpected, interpreter.NotExpected, interpreter.Done},
			`SUCCEEDED "done"`, "TaskScheduled TaskStarted TaskSubmitted TaskSucceeded"},
		{"another task", []interpreter.Command{interpreter.TaskSucceeded{ID: 2, Output: []byte(`1`)}, interpreter.TaskStarted{ID: 1}}, []interpreter.Outcome{interpreter.NoTask, interpreter.NotExpected},
			`RUNNING`, "TaskScheduled TaskStarted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, machine(tokenTask))
			w.decide(interpreter.Start{Input: document(`{}`)})
			for i, cmd := range c.commands {
				if outcome := w.decide(cmd); outcome != c.outcomes[i] {
					t.Errorf("command %d (%T) gives %v, want %v", i, cmd, outcome, c.outcomes[i])
				}
			}
			if got := w.outcome(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := taskEvents(w); got != c.events {
				t.Errorf("events %s, want %s", got, c.events)
			}
		})
	}
}

func taskEvents(w *world) string {
	var kinds []string
	for _, e := range w.history() {
		if !strings.HasPrefix(e.Type, "Execution") && !strings.Contains(e.Type, "State") {
			kinds = append(kinds, e.Type)
		}
	}
	return strings.Join(kinds, " ")
}

func TestActivity(t *testing.T) {
	activity := machine(`{"Type":"Task","Resource":"arn:aws:states:us-east-1:111111111111:activity:a","TimeoutSeconds":20,"HeartbeatSeconds":10,"End":true}`)
	w := newWorld(t, activity)
	w.decide(interpreter.Start{Input: document(`{"x":1}`)})
	if outcome := w.decide(interpreter.TaskSucceeded{ID: 1, Output: []byte(`1`)}); outcome != interpreter.NotExpected {
		t.Errorf("a result before the task was fetched gives %v", outcome)
	}
	w.now = w.now.Add(9 * time.Second)
	if outcome := w.decide(interpreter.TaskStarted{ID: 1, Worker: "me"}); outcome != interpreter.Done {
		t.Fatal(outcome)
	}
	if outcome := w.decide(interpreter.TaskStarted{ID: 1, Worker: "you"}); outcome != interpreter.NotExpected {
		t.Errorf("fetching twice gives %v", outcome)
	}
	if want := w.now.Add(10 * time.Second); !w.run.Wake().Equal(want) {
		t.Errorf("wakes at %v, want %v", w.run.Wake(), want)
	}
	w.now = w.now.Add(8 * time.Second)
	w.beats[1] = w.now
	w.goOn()
	if got, want := w.outcome(), "FAILED States.Timeout"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if took := w.now.Sub(epoch); took != (9+8+10)*time.Second {
		t.Errorf("timed out after %v", took)
	}
	if got, want := taskEvents(w), "ActivityScheduled ActivityStarted ActivityTimedOut"; got != want {
		t.Errorf("events %s, want %s", got, want)
	}

	gone := newWorld(t, activity)
	gone.queues = func(string) bool { return false }
	gone.start(`{}`)
	if got, want := gone.outcome(), "FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). The activity arn:aws:states:us-east-1:111111111111:activity:a does not exist."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestOutageGrantsAnInterval: silence while nobody could listen is no silence.
func TestOutageGrantsAnInterval(t *testing.T) {
	w := newWorld(t, machine(`{"Type":"Task","Resource":`+function+`,"HeartbeatSeconds":10,"End":true}`))
	w.decide(interpreter.Start{Input: document(`{}`)})
	env := w.env()
	env.Now = epoch.Add(time.Hour)
	env.Since = epoch.Add(time.Hour - time.Second)
	var d interpreter.Decision
	w.run.Decide(env, interpreter.Tick{}, &d)
	if d.Facts() != 0 {
		t.Fatalf("the task timed out: %s", w.outcome())
	}
	if want := env.Since.Add(10 * time.Second); !w.run.Wake().Equal(want) {
		t.Errorf("wakes at %v, want %v", w.run.Wake(), want)
	}
	env.Now = w.run.Wake()
	w.run.Decide(env, interpreter.Tick{}, &d)
	if got := w.outcome(); got != "FAILED States.Timeout" {
		t.Errorf("got %s", got)
	}
}

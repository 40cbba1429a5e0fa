package asl

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/interpreter"
)

const redriveMap = `{%s"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","ItemsPath":"$.l",%s"ItemProcessor":{
	"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true}}}`

// mapWorld runs a machine with a distributed Map, whose map runs end with the
// errors given, and then succeed. It notes their tasks. The machine and its Map have
// these fields beside their own.
func mapWorld(t *testing.T, top, fields string, errors ...string) (w *world, tasks *[]string) {
	w = newWorld(t, fmt.Sprintf(redriveMap, top, fields))
	tasks = new([]string)
	w.answer = func(w *world, task *interpreter.Task) {
		*tasks = append(*tasks, task.Action+" "+task.Resource)
		if len(errors) > 0 && errors[0] == "never" {
			errors = errors[1:]
			return
		}
		w.after(0, interpreter.TaskSubmitted{ID: task.ID, Output: []byte(`{}`)})
		switch {
		case len(errors) == 0:
			w.after(1, interpreter.TaskSucceeded{ID: task.ID, Output: []byte(`[1]`)})
		case errors[0] != "runs":
			w.after(1, interpreter.TaskFailed{ID: task.ID, Error: text(errors[0]), Cause: text("c")})
		}
		errors = errors[min(1, len(errors)):]
	}
	w.start(`{"l":[1,2]}`)
	return w, tasks
}

// TestRedriveOfAMapRun has the same map run go on: another one only where the
// state tries again, where its result was too large, and where it failed by what it
// was to do.
func TestRedriveOfAMapRun(t *testing.T) {
	const retry = `"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"IntervalSeconds":1}],`
	for _, c := range []struct {
		name, top, fields string

		errors []string
		tasks  string // actions; * for another map run than before
		events string // after ExecutionRedriven
	}{
		{"failed", "", "", []string{"E"}, "start redrive", "MapRunRedriven<-3 MapRunSucceeded<-9"},
		{"failed twice", "", "", []string{"E", "E"}, "start redrive redrive", "MapRunRedriven<-3 MapRunFailed<-9 MapStateFailed<-10 ExecutionFailed<-11 ExecutionRedriven<-12 MapRunRedriven<-3 MapRunSucceeded<-14"},
		{"stopped", "", "", []string{"runs"}, "start redrive", "MapRunRedriven<-3 MapRunSucceeded<-7"},
		{"timed out", `"TimeoutSeconds":5,`, "", []string{"runs"}, "start redrive", "MapRunRedriven<-3 MapRunSucceeded<-7"},
		{"stopped before it started", "", "", []string{"never"}, "start redrive", "MapRunStarted<-3 MapRunSucceeded<-6"},
		{"too large", "", "", []string{"States.DataLimitExceeded"}, "start start*", "MapStateStarted<-2 MapRunStarted<-9 MapRunSucceeded<-10"},
		{"failed by what it was to do", "", "", []string{"States.Runtime"}, "start start*", "MapStateStarted<-2 MapRunStarted<-8 MapRunSucceeded<-9"},
		{"failed so twice, then otherwise", "", "", []string{"States.Runtime", "States.Runtime", "E"}, "start start* start* redrive", "MapStateStarted<-2 MapRunStarted<-8"},
		{"tried again", "", retry, []string{"E", "E"}, "start start* redrive", "MapRunRedriven<-6 MapRunSucceeded<-12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, tasks := mapWorld(t, c.top, c.fields, c.errors...)
			if !w.run.Result().Status.Closed() {
				w.decide(interpreter.Stop{})
			}
			for !strings.HasPrefix(w.outcome(), "SUCCEEDED") {
				if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
					t.Fatalf("outcome %v", o)
				}
				w.goOn()
			}
			var actions []string
			for i, task := range *tasks {
				action, arn, _ := strings.Cut(task, " ")
				if i > 0 && !strings.HasSuffix((*tasks)[i-1], arn) {
					action += "*"
				}
				actions = append(actions, action)
			}
			if got := strings.Join(actions, " "); got != c.tasks {
				t.Errorf("tasks %s, want %s", got, c.tasks)
			}
			var events []string
			for line := range strings.Lines(lines(w)) {
				_, event, _ := strings.Cut(strings.TrimSpace(strings.Replace(line, " <- ", "<-", 1)), " ")
				events = append(events, event)
			}
			from := slices.IndexFunc(events, func(e string) bool { return strings.HasPrefix(e, "ExecutionRedriven") })
			want := strings.Fields(c.events)
			if got := events[from+1:][:len(want)]; !slices.Equal(got, want) {
				t.Errorf("history %v, want %v", events, want)
			}
		})
	}
}

// TestRedriveOfAMapThatCannotBeginAgain: what is evaluated once more for another map
// run may fail this time.
func TestRedriveOfAMapThatCannotBeginAgain(t *testing.T) {
	for _, c := range []struct{ name, fields, want string }{
		{"an expression", `"QueryLanguage":"JSONata","Items":"{% $states.context.Execution.RedriveCount = 0 ? [1] : $error('no') %}"`, "FAILED States.QueryEvaluationError"},
		{"a value", `"QueryLanguage":"JSONata","MaxConcurrency":"{% $states.context.Execution.RedriveCount = 0 ? 1 : -1 %}","Items":[1]`, "FAILED States.QueryEvaluationError"},
		{"a list that is too large", `"QueryLanguage":"JSONata","Items":"{% $states.context.Execution.RedriveCount = 0 ? [1] : [1..100000] %}"`, "FAILED States.DataLimitExceeded"},
		{"a value of JSONPath", `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Key":"k",
			"Bucket.$":"States.ArrayGetItem(States.Array('b'), $$.Execution.RedriveCount)"}}`, "FAILED States.Runtime"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, `{"StartAt":"M","States":{"M":{"Type":"Map",`+c.fields+`,"ItemProcessor":{
				"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true}}}`)
			w.answer = func(w *world, task *interpreter.Task) {
				w.after(0, interpreter.TaskSubmitted{ID: task.ID, Output: []byte(`{}`)})
				w.after(1, interpreter.TaskFailed{ID: task.ID, Error: text("States.Runtime"), Cause: text("c")})
			}
			w.start(`[1]`)
			for range 2 {
				if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
					t.Fatalf("outcome %v", o)
				}
				w.goOn()
				if got := w.outcome(); !strings.HasPrefix(got, c.want) || w.started != 1 {
					t.Errorf("ends as %s after %d map runs, want %s\n%s", got, w.started, c.want, lines(w))
				}
			}
		})
	}
}

// TestRedriveOfAMapRunAtTheEndOfTheHistory: where a redrive has room for its own
// event and none after it, the execution fails.
func TestRedriveOfAMapRunAtTheEndOfTheHistory(t *testing.T) {
	w, _ := mapWorld(t, "", "", "E", "E")
	run := w.run.(*Run)
	run.info.Limits.HistoryEvents = int(run.events) + 2
	if o := w.decide(interpreter.Redrive{}); o != interpreter.Done {
		t.Fatalf("outcome %v", o)
	}
	w.goOn()
	if got, want := w.outcome(), fmt.Sprintf("FAILED States.Runtime: The execution reached the maximum number of history events (%d).", run.info.Limits.HistoryEvents); got != want {
		t.Errorf("ends as %s, not %s", got, want)
	}
}

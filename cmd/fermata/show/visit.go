// Package show turns the history of an execution into what people read: lines,
// or a view that changes in place on a terminal.
package show

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/cmd/fermata/client"
)

// Visit is one stay in a state: from its StateEntered event to its end.
type Visit struct {
	// Path is the name of the state after those that it is nested in:
	// "Each[3]/Charge".
	Path string
	// Entered and Left are times of events; Left is zero while it lasts.
	Entered, Left time.Time
	// Attempts is the number of times that its task was scheduled.
	Attempts int
	// Failure is the newest error in it, "Name: cause"; Failed says that the
	// visit ended with it.
	Failure string
	Failed  bool

	parent *Visit
}

// Step is an event and the visit that it belongs to, nil for events of the
// execution itself.
type Step struct {
	client.Event
	Visit *Visit
	// What says in a few words what happened, "" for what is not worth a line.
	What string
}

// Tracker follows a history. Events must come in order.
type Tracker struct {
	visits map[int64]*Visit // by the events that lie in it
	exits  map[int64]bool   // the events after which their visit is over
	// Open are the visits under way, in the order of entering.
	Open []*Visit
	// Started is the time of the first event.
	Started time.Time
	// Last is the id of the newest event.
	Last int64
	// Ended says that the newest event is the execution's last.
	Ended bool
}

// NewTracker begins before the first event.
func NewTracker() *Tracker {
	return &Tracker{visits: map[int64]*Visit{}, exits: map[int64]bool{}}
}

// Add takes the next event.
func (t *Tracker) Add(e client.Event) Step {
	if t.Started.IsZero() {
		t.Started = e.At.Time
	}
	t.Last = e.ID
	visit := t.visits[e.Previous]
	if visit != nil && t.exits[e.Previous] {
		visit = visit.parent
	}
	switch {
	case strings.HasSuffix(e.Type, "StateEntered"):
		visit = &Visit{Path: join(visit, e.Details.Name), Entered: e.At.Time, parent: visit}
		t.Open = append(t.Open, visit)
	case e.Type == "MapIterationStarted":
		visit = &Visit{Path: fmt.Sprintf("%s[%d]", join(visit, ""), e.Details.Index), parent: visit}
	case strings.HasSuffix(e.Type, "StateExited"):
		t.exits[e.ID] = true
		t.leave(visit, e.At.Time)
	case strings.HasPrefix(e.Type, "MapIteration"):
		t.exits[e.ID] = true
	case strings.HasPrefix(e.Type, "Execution") && e.Type != "ExecutionStarted":
		t.end(e)
		visit = nil
	}
	t.visits[e.ID] = visit
	return Step{Event: e, Visit: visit, What: t.what(e, visit)}
}

// join is the path of a state within a visit. An iteration has a path and no
// name of its own.
func join(parent *Visit, name string) string {
	switch {
	case parent == nil:
		return name
	case name == "":
		return parent.Path
	default:
		return parent.Path + "/" + name
	}
}

// leave ends a visit, and with it those nested in it.
func (t *Tracker) leave(visit *Visit, at time.Time) {
	open := t.Open[:0]
	for _, v := range t.Open {
		if !v.within(visit) {
			open = append(open, v)
			continue
		}
		v.Left = at
	}
	clear(t.Open[len(open):])
	t.Open = open
}

func (v *Visit) within(outer *Visit) bool {
	for ; v != nil; v = v.parent {
		if v == outer {
			return true
		}
	}
	return false
}

// end closes what is open when the execution ends.
func (t *Tracker) end(e client.Event) {
	t.Ended = true
	for _, v := range t.Open {
		v.Left = e.At.Time
		v.Failed = e.Type != "ExecutionSucceeded"
	}
	t.Open = nil
}

// what describes an event; it also counts attempts and keeps failures.
func (t *Tracker) what(e client.Event, visit *Visit) string {
	switch e.Type {
	case "ExecutionStarted":
		return "started"
	case "ExecutionSucceeded":
		return "succeeded"
	case "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut":
		return withFailure(map[string]string{
			"ExecutionFailed": "failed", "ExecutionAborted": "aborted", "ExecutionTimedOut": "timed out",
		}[e.Type], failure(e))
	}
	if visit == nil {
		return ""
	}
	switch {
	case strings.HasSuffix(e.Type, "StateEntered"):
		return "entered"
	case strings.HasSuffix(e.Type, "StateExited"):
		return "done in " + Took(e.At.Sub(visit.Entered))
	case scheduled(e.Type):
		if visit.Attempts++; visit.Attempts > 1 {
			return fmt.Sprintf("attempt %d", visit.Attempts)
		}
	case e.Type == "MapStateStarted":
		return fmt.Sprintf("%d items", e.Details.Length)
	case strings.HasSuffix(e.Type, "TimedOut"), strings.HasSuffix(e.Type, "Failed"):
		visit.Failure = failure(e)
		return withFailure("failed", visit.Failure)
	case strings.HasSuffix(e.Type, "StateAborted"):
		return "aborted"
	}
	return ""
}

// scheduled reports whether an event begins an attempt at a task.
func scheduled(eventType string) bool {
	return eventType == "TaskScheduled" || eventType == "ActivityScheduled" || eventType == "LambdaFunctionScheduled"
}

// failure is the error of an event in words. The cause of a function's own error
// is JSON; its message is what people want to read.
func failure(e client.Event) string {
	cause := e.Details.Cause
	var report struct {
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal([]byte(cause), &report) == nil && report.Message != "" {
		cause = report.Message
	}
	switch {
	case e.Details.Error == "":
		return cause
	case cause == "":
		return e.Details.Error
	}
	return e.Details.Error + ": " + cause
}

func withFailure(what, failure string) string {
	if failure == "" {
		return what
	}
	return what + ": " + failure
}

// Took writes a duration for people: "12 ms", "1.3 s", "2m5s".
func Took(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return d.Round(time.Second).String()
	}
}

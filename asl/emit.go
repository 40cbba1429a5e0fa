package asl

import (
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// Every method in this file counts one event, returns its id, and shows it to
// whoever listens. The details are only made for a listener.

// count counts an event.
func (r *Run) count() uint64 {
	r.events++
	return r.events
}

// show gives the listener the event that was counted last.
func (r *Run) show(kind string, previous uint64, name string, d details) {
	r.sink(&Event{
		ID: r.events, Previous: previous, Type: kind, Time: instant(r.at),
		Name: name, Details: d,
	})
}

// emitStarted: the first event of a state does not point to this one.
func (r *Run) emitStarted() {
	r.count()
	if r.sink != nil {
		r.show("ExecutionStarted", 0, "executionStartedEventDetails",
			details{}.data("input", string(r.input.Text())).with("roleArn", r.info.RoleARN))
	}
}

func (r *Run) emitSucceeded() {
	r.count()
	if r.sink != nil {
		r.show("ExecutionSucceeded", r.root.last(), "executionSucceededEventDetails",
			details{}.data("output", string(r.output.Text())))
	}
}

// emitClosed: an abort and a timeout point to nothing, a failure to the last event
// of the frame that it follows from. Only the event of a timeout names its error.
func (r *Run) emitClosed(at *frame) {
	r.count()
	if r.sink == nil {
		return
	}
	d := details{}.failure(&r.failure)
	switch r.status {
	case interpreter.Aborted:
		r.show("ExecutionAborted", 0, "executionAbortedEventDetails", d)
	case interpreter.TimedOut:
		r.show("ExecutionTimedOut", 0, "executionTimedOutEventDetails", d.with("error", errorTimeout))
	default:
		if at == nil {
			at = r.culprit()
		}
		r.show("ExecutionFailed", at.end(), "executionFailedEventDetails", d)
	}
}

// emitRedriven: it points to the end that it undoes.
func (r *Run) emitRedriven() uint64 {
	id := r.count()
	if r.sink != nil {
		r.show("ExecutionRedriven", id-1, "executionRedrivenEventDetails", details{}.with("redriveCount", int64(r.redrives)))
	}
	return id
}

func (r *Run) emitEntered(f *frame) uint64 {
	id := r.count()
	if r.sink != nil {
		r.show(string(f.state.Type)+"StateEntered", f.last(), "stateEnteredEventDetails",
			details{}.with("name", f.state.Name).data("input", string(f.cur.Text())))
	}
	return id
}

func (r *Run) emitExited(f *frame, output *value.Document, vars []assignment) uint64 {
	id := r.count()
	if r.sink == nil {
		return id
	}
	d := details{}.with("name", f.state.Name).data("output", string(output.Text()))
	if len(vars) > 0 {
		assigned := make([]Detail, len(vars))
		for i := range vars {
			assigned[i] = Detail{Name: vars[i].name, Value: string(vars[i].value.doc.Compact())}
		}
		whole := []Detail{{Name: "truncated", Value: false}}
		d = append(d,
			Detail{Name: "assignedVariables", Value: assigned, Data: true},
			Detail{Name: "assignedVariablesDetails", Value: whole, Data: true})
	}
	r.show(string(f.state.Type)+"StateExited", f.last(), "stateExitedEventDetails", d)
	return id
}

// emitMisread: see fact.late for what it points to.
func (r *Run) emitMisread(f *frame, failed *fact) uint64 {
	id := r.count()
	if r.sink == nil {
		return id
	}
	d := details{}.failure(&failed.failure)
	if failed.text != "" {
		d = d.with("location", failed.text)
	}
	previous := f.prev
	switch {
	case f.stood != 0:
		previous = f.stood
	case failed.late:
		previous = f.last()
	}
	r.show("EvaluationFailed", previous, "evaluationFailedEventDetails", d.with("state", f.state.Name))
	return id
}

func (r *Run) emitStateAborted(f *frame, cause uint64) {
	r.count()
	if r.sink != nil {
		r.show(string(f.state.Type)+"StateAborted", cause, "", nil)
	}
}

// The events of an iteration.
const (
	iterationStarted   = "MapIterationStarted"
	iterationSucceeded = "MapIterationSucceeded"
	iterationFailed    = "MapIterationFailed"
	iterationAborted   = "MapIterationAborted"
)

// emitIteration: f is the iteration's frame.
func (r *Run) emitIteration(f *frame, kind string, cause uint64) uint64 {
	id := r.count()
	if r.sink != nil {
		r.show(kind, cause, memberName(kind),
			details{}.with("name", f.parent.state.Name).with("index", int64(f.slot)))
	}
	return id
}

// memberName is what holds the details of a type of events.
func memberName(kind string) string {
	return strings.ToLower(kind[:1]) + kind[1:] + "EventDetails"
}

// emitFan: a Parallel or Map state started its work, with n items.
func (r *Run) emitFan(f *frame, n int) uint64 {
	id := r.count()
	if r.sink == nil {
		return id
	}
	if f.fan.items == nil {
		r.show(string(f.state.Type)+"StateStarted", f.last(), "", nil)
	} else {
		r.show(string(f.state.Type)+"StateStarted", f.last(), "mapStateStartedEventDetails",
			details{}.with("length", int64(n)))
	}
	return id
}

// emitFanSucceeded: the event that follows points to the same cause.
func (r *Run) emitFanSucceeded(f *frame) {
	f.told = r.count()
	if r.sink != nil {
		r.show(string(f.state.Type)+"StateSucceeded", f.last(), "", nil)
	}
}

func (r *Run) emitFanFailed(f *frame) uint64 {
	id := r.count()
	if r.sink != nil {
		r.show(string(f.state.Type)+"StateFailed", f.last(), "", nil)
	}
	return id
}

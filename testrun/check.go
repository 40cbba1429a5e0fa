package testrun

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// story is what an execution did, as its history tells it.
type story struct {
	entered   []string // states, in order
	variables map[string]any
	// last is what happened last before the end, in words.
	last string
}

// tell reads the story of an execution.
func tell(x *execution) (*story, error) {
	s := &story{variables: map[string]any{}}
	events, err := x.history()
	for _, e := range events {
		name, _ := e.Detail("name")
		state, _ := name.(string)
		switch {
		case e.Name == "stateEnteredEventDetails":
			s.entered = append(s.entered, state)
		case e.Name == "stateExitedEventDetails":
			s.assign(x.machine, state, e)
		}
		if cause, ok := e.Detail("error"); ok && !strings.HasPrefix(e.Type, "Execution") {
			s.last = fmt.Sprintf("%s: %v", e.Type, cause)
			if why, ok := e.Detail("cause"); ok {
				s.last += fmt.Sprintf(": %.300v", why)
			}
			if len(s.entered) > 0 {
				s.last = "in or after state " + s.entered[len(s.entered)-1] + ": " + s.last
			}
		}
	}
	return s, err
}

// assign notes the variables that an outermost state has set.
func (s *story) assign(m *Machine, name string, e *asl.Event) {
	assigned, _ := e.Detail("assignedVariables")
	variables, _ := assigned.([]asl.Detail)
	state := m.Program.Machine().State(name)
	if state == nil || state.Scope.Owner != nil {
		return
	}
	for _, v := range variables {
		text, _ := v.Value.(string)
		if parsed, err := value.Parse([]byte(text)); err == nil {
			s.variables[v.Name] = parsed
		}
	}
}

// check compares what came with what was expected. It answers with the
// differences.
func (e *Expect) check(x *execution, s *story) (faults []string) {
	result := x.run.Result()
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if got := result.Status.String(); got != e.Status {
		fault("status: got %s, want %s", outcome(&result), e.Status)
		if !result.Status.Closed() {
			fault("%s", waiting(x))
		}
	}
	if result.Output != nil {
		faults = append(faults, e.checkOutput(result.Output.Value())...)
	} else if e.Output != nil || e.Includes != nil {
		fault("output: got none")
	}
	faults = append(faults, e.checkFailure(&result)...)
	if e.Path != nil && !followed(e.Path, s.entered) {
		fault("path: got  %s\n      want %s", ShownPath(s.entered), ShownPath(e.Path))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Variables)) {
		want := e.Variables[name]
		if got, ok := s.variables[name]; !ok {
			fault("variable $%s: it was never assigned, want %s", name, brief(want.V))
		} else {
			faults = append(faults, differs("variable $"+name, want.V, got)...)
		}
	}
	if took := x.w.now.Sub(x.started); e.Elapsed != nil && (took < e.Elapsed.Least || took > e.Elapsed.Most) {
		fault("elapsed: got %s, want %s", took, e.Elapsed)
	}
	for _, state := range slices.Sorted(maps.Keys(e.Calls)) {
		if got, want := x.w.calls(state), e.Calls[state]; got != want {
			fault("calls of %s: got %d, want %d", state, got, want)
		}
	}
	return faults
}

func (e *Expect) checkOutput(got any) []string {
	var faults []string
	if e.Output != nil {
		faults = append(faults, differs("output", e.Output.V, got)...)
	}
	if e.Includes != nil {
		faults = append(faults, includes("output", e.Includes.V, got)...)
	}
	return faults
}

func (e *Expect) checkFailure(result *interpreter.Result) (faults []string) {
	compare := func(what string, want, got *string) {
		switch {
		case want == nil || got != nil && *got == *want:
		case got == nil:
			faults = append(faults, fmt.Sprintf("%s: got none, want %q", what, *want))
		default:
			faults = append(faults, fmt.Sprintf("%s: got %q, want %q", what, *got, *want))
		}
	}
	compare("error", e.Error, result.Error)
	compare("cause", e.Cause, result.Cause)
	if e.CauseIncludes != "" && (result.Cause == nil || !strings.Contains(*result.Cause, e.CauseIncludes)) {
		got := "none"
		if result.Cause != nil {
			got = fmt.Sprintf("%q", *result.Cause)
		}
		faults = append(faults, fmt.Sprintf("cause: got %s, which lacks %q", got, e.CauseIncludes))
	}
	return faults
}

// outcome is a status with its reason.
func outcome(r *interpreter.Result) string {
	text := r.Status.String()
	if r.Error != nil {
		text += " " + *r.Error
	}
	if r.Cause != nil {
		text += ": " + short([]byte(*r.Cause))
	}
	if r.Output != nil {
		text += " " + short(r.Output.Text())
	}
	return text
}

// waiting says what an execution waits for that nothing is going to end.
func waiting(x *execution) string {
	var states []string
	x.run.Outstanding(func(task *interpreter.Task, _ interpreter.Phase) bool {
		states = append(states, task.State)
		return true
	})
	if len(states) == 0 {
		return "the execution waits for ever"
	}
	return "the execution waits for ever, for the tasks of " + strings.Join(states, ", ") + ": their mocks do not answer, and there is no timeout"
}

// calls is how often the tasks of a state were invoked, given as STATE or
// MACHINE/STATE.
func (w *world) calls(state string) (n int) {
	for _, x := range w.executions {
		n += x.calls[state]
		if own, ok := strings.CutPrefix(state, x.machine.Name+"/"); ok {
			n += x.calls[own]
		}
	}
	return n
}

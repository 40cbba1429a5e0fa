package testrun

import (
	"slices"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/internal/located"
)

// statuses that a test can expect.
var statuses = []string{"SUCCEEDED", "FAILED", "TIMED_OUT", "RUNNING"}

func (r *reader) expect(node located.Node, e *Expect) {
	node.Only("status", "output", "outputIncludes", "error", "cause", "causeIncludes", "path", "variables", "elapsed", "calls")
	e.Output, e.Includes = valueOf(node, "output"), valueOf(node, "outputIncludes")
	e.Error, e.Cause = textOf(node, "error"), textOf(node, "cause")
	if part := textOf(node, "causeIncludes"); part != nil {
		e.CauseIncludes = *part
	}
	if e.Error != nil || e.Cause != nil || e.CauseIncludes != "" {
		e.Status = "FAILED"
	}
	if status, ok := node.Get("status"); ok {
		e.Status = status.Text()
		if !slices.Contains(statuses, e.Status) {
			status.Report("is %q; it must be one of %s", e.Status, strings.Join(statuses, ", "))
		}
	}
	if path, ok := node.Get("path"); ok {
		e.Path = r.path(path)
	}
	if variables, ok := node.Get("variables"); ok {
		e.Variables = map[string]Value{}
		for name, node := range variables.Fields() {
			e.Variables[strings.TrimPrefix(name, "$")] = Value{node.Value}
		}
	}
	if elapsed, ok := node.Get("elapsed"); ok {
		e.Elapsed = span(elapsed)
	}
	if calls, ok := node.Get("calls"); ok {
		e.Calls = map[string]int{}
		for state, node := range calls.Fields() {
			r.knownTask(node, state)
			e.Calls[state] = node.Count(0)
		}
	}
}

// valueOf is a value that may be anything, nil if the field is not there.
func valueOf(node located.Node, field string) *Value {
	found, ok := node.Get(field)
	if !ok {
		return nil
	}
	return &Value{found.Value}
}

// textOf is a text, nil if the field is not there.
func textOf(node located.Node, field string) *string {
	found, ok := node.Get(field)
	if !ok {
		return nil
	}
	text := found.AnyText()
	return &text
}

// path reads a list of states; a gap may be written with dots or an ellipsis.
func (r *reader) path(node located.Node) []string {
	path := []string{}
	for _, node := range node.Items() {
		state := node.Text()
		switch {
		case state == Gap || state == "…":
			state = Gap
		case state != "" && r.suite.Machine.Program.Machine().State(state) == nil:
			node.Report("is %q, but %s has no state of that name", state, r.suite.Machine.Name)
		}
		path = append(path, state)
	}
	return path
}

// span reads a duration, or {atLeast: …, atMost: …}.
func span(node located.Node) *Span {
	_, least := node.Get("atLeast")
	_, most := node.Get("atMost")
	if !least && !most {
		d := node.Duration()
		return &Span{d, d}
	}
	node.Only("atLeast", "atMost")
	s := &Span{Most: forever}
	for field, bound := range map[string]*time.Duration{"atLeast": &s.Least, "atMost": &s.Most} {
		if node, ok := node.Get(field); ok {
			*bound = node.Duration()
		}
	}
	return s
}

package mock

import (
	"slices"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/internal/located"
)

// Responses are what a state answers, by invocation.
type Responses struct {
	// Name is what the configuration calls them.
	Name  string
	spans []Span // in order, apart from each other
}

// Span is the invocations from one number to another, both included, that have
// one response.
type Span struct {
	From, To int
	Response
}

// Response is one answer: an output, or a failure.
type Response struct {
	// Output is JSON text; nil for a failure. It must not be changed.
	Output []byte
	// Failure is nil for an output.
	Failure *Failure
}

// Failure is the failure of a task.
type Failure struct {
	Error string
	Cause string
	// NoCause: there is no cause at all, not even an empty one.
	NoCause bool
}

// At is the response to an invocation, counted from 0, and whether there is one.
func (r *Responses) At(invocation int) (Response, bool) {
	for _, s := range r.spans {
		if s.From <= invocation && invocation <= s.To {
			return s.Response, true
		}
	}
	return Response{}, false
}

func readResponses(name string, node located.Node) *Responses {
	r := &Responses{Name: name}
	for key, node := range node.Fields() {
		from, to, ok := invocations(key)
		if !ok {
			node.Report(`does not say which invocations it is for; the key must be a number such as "0" or a range such as "1-2"`)
			continue
		}
		if slices.ContainsFunc(r.spans, func(s Span) bool { return s.From <= to && from <= s.To }) {
			node.Report("is for an invocation that has a response already")
			continue
		}
		r.spans = append(r.spans, Span{from, to, readResponse(node)})
	}
	slices.SortFunc(r.spans, func(a, b Span) int { return a.From - b.From })
	return r
}

// invocations reads "3" or "1-2".
func invocations(key string) (from, to int, ok bool) {
	first, last, isRange := strings.Cut(key, "-")
	if !isRange {
		last = first
	}
	from, errFrom := strconv.Atoi(strings.TrimSpace(first))
	to, errTo := strconv.Atoi(strings.TrimSpace(last))
	return from, to, errFrom == nil && errTo == nil && 0 <= from && from <= to
}

func readResponse(node located.Node) Response {
	node.Only("Return", "Throw")
	output, returns := node.Get("Return")
	failure, throws := node.Get("Throw")
	switch {
	case returns == throws:
		node.Report("must have either Return or Throw")
		return Response{}
	case returns:
		return Response{Output: output.JSON()}
	}
	failure.Only("Error", "Cause")
	f := &Failure{NoCause: true}
	if name, ok := failure.Get("Error"); ok {
		f.Error = name.Text()
	} else {
		failure.Report("has no Error")
	}
	if cause, ok := failure.Get("Cause"); ok {
		f.Cause, f.NoCause = cause.AnyText(), false
	}
	return Response{Failure: f}
}

// Spans are the responses in order. They must not be changed.
func (r *Responses) Spans() []Span { return r.spans }

package definition

import (
	"slices"
	"strconv"
	"strings"
)

// The defaults of a retrier.
const (
	defaultInterval    = 1
	defaultMaxAttempts = 3
	defaultBackoffRate = 2.0
	longestDelay       = 31_622_400 // seconds: 366 days
)

// errorHandling reads Retry and Catch.
func (b *builder) errorHandling(s *State, f fields) {
	retriers, _ := f.array("Retry")
	for i, v := range retriers {
		if r, ok := f.element("Retry", i, v); ok {
			s.Retry = append(s.Retry, r.retrier(i == len(retriers)-1))
		}
	}
	catchers, _ := f.array("Catch")
	s.Catch = make([]Catcher, len(catchers)) // links point into it
	for i, v := range catchers {
		if c, ok := f.element("Catch", i, v); ok {
			b.catcher(s, &s.Catch[i], c, i == len(catchers)-1)
		}
	}
}

// retrier reads one element of Retry.
func (f fields) retrier(last bool) Retrier {
	f.check(retrierFields)
	f.comment()
	r := Retrier{
		Errors:          f.errorEquals(last),
		IntervalSeconds: f.integer("IntervalSeconds", upTo99Million(0), defaultInterval),
		MaxAttempts:     f.integer("MaxAttempts", upTo99Million(0), defaultMaxAttempts),
		BackoffRate:     defaultBackoffRate,
		MaxDelaySeconds: f.integer("MaxDelaySeconds", bounds{min: 1, max: longestDelay}, 0),
	}
	if rate, ok := f.number("BackoffRate", bounds{min: 1, max: 1e300, fraction: true}); ok {
		r.BackoffRate = rate.Float64()
	}
	if r.MaxDelaySeconds != 0 && r.MaxDelaySeconds <= r.IntervalSeconds {
		f.refuse(f.at.field("MaxDelaySeconds"), "The value of 'MaxDelaySeconds' must be greater than 'IntervalSeconds'",
			"IntervalSeconds is "+strconv.FormatInt(r.IntervalSeconds, 10))
	}
	jitter, _ := f.choice("JitterStrategy", "NONE", "FULL")
	r.FullJitter = jitter == "FULL"
	return r
}

// catcher reads one element of Catch into c.
func (b *builder) catcher(s *State, c *Catcher, f fields, last bool) {
	f.check(catcherFields)
	f.comment()
	c.Errors = f.errorEquals(last)
	f.require("Next")
	if next, ok := f.text("Next"); ok {
		b.link(s.Scope, exit{s, f.within}, next, f.at.field("Next"), &c.Next)
	}
	c.ResultPath = f.pathTriple("ResultPath", true)
	if f.lang == JSONata {
		c.Output = f.template("Output")
	}
	c.Assign = f.assignments()
}

// errorEquals reads the error names of a retrier or catcher. last says
// whether it is the last one of the state.
func (f fields) errorEquals(last bool) []string {
	f.require("ErrorEquals")
	items, _ := f.nonEmptyArray("ErrorEquals")
	at := f.at.field("ErrorEquals")
	if slices.Contains(items, any(ErrorAll)) && (!last || len(items) > 1) {
		f.refuse(at, "States.ALL must appear alone and at end of list", "move it to an element of its own at the end")
	}
	var names []string
	for i, v := range items {
		name, ok := v.(string)
		if !ok {
			f.expectType(at.item(i), "String", v)
			continue
		}
		f.checkErrorName(name, at.item(i))
		names = append(names, name)
	}
	return names
}

// checkErrorName warns of an error name that nobody raises.
func (b *builder) checkErrorName(name string, at place) {
	if name != ErrorAll && strings.HasPrefix(name, "States.") && !knownError(name) {
		b.warn(UnknownErrorName, at, "The error name '"+name+"' is not one of the States Language",
			"names of your own must not begin with 'States.'")
	}
}

// reservedErrors are the error names that the States Language gives.
var reservedErrors = map[string]bool{
	"States.TaskFailed": true, "States.Timeout": true, "States.HeartbeatTimeout": true,
	"States.Permissions": true, "States.ResultPathMatchFailure": true, "States.ParameterPathFailure": true,
	"States.ReferencePathConflict": true, "States.IntrinsicFailure": true, "States.BranchFailed": true, "States.NoChoiceMatched": true,
	"States.QueryEvaluationError": true, "States.Runtime": true, "States.DataLimitExceeded": true,
	"States.ExceedToleratedFailureThreshold": true, "States.ItemReaderFailed": true,
	"States.ResultWriterFailed": true, "States.Http.Socket": true,
}

func knownError(name string) bool {
	return reservedErrors[name] || strings.HasPrefix(name, "States.Http.StatusCode.")
}

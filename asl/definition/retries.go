package definition

import (
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
		IntervalSeconds: f.integer("IntervalSeconds", upTo99Million(1), defaultInterval),
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
	jitter, _ := f.choice("JitterStrategy", "FULL", "NONE")
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
		b.link(s.Scope, s, next, f.at.field("Next"), &c.Next)
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
	var names []string
	for i, v := range items {
		name, ok := v.(string)
		if !ok {
			f.expectType(at.item(i), "String", v)
			continue
		}
		f.checkErrorName(name, at.item(i), last && len(items) == 1)
		names = append(names, name)
	}
	return names
}

// checkErrorName reports what is wrong with the use of an error name. alone
// says whether it is the only one of the last retrier or catcher.
func (b *builder) checkErrorName(name string, at place, alone bool) {
	if name == ErrorAll {
		if !alone {
			b.refuse(at, "'States.ALL' must appear alone and in the last Retrier or Catcher",
				"move it to an element of its own at the end")
		}
		return
	}
	if strings.HasPrefix(name, "States.") && !knownError(name) {
		b.warn(UnknownErrorName, at, "The error name '"+name+"' is not one of the States Language",
			"names of your own must not begin with 'States.'")
	}
}

// reservedErrors are the error names that the States Language gives.
var reservedErrors = map[string]bool{
	"States.TaskFailed": true, "States.Timeout": true, "States.HeartbeatTimeout": true,
	"States.Permissions": true, "States.ResultPathMatchFailure": true, "States.ParameterPathFailure": true,
	"States.IntrinsicFailure": true, "States.BranchFailed": true, "States.NoChoiceMatched": true,
	"States.QueryEvaluationError": true, "States.Runtime": true, "States.DataLimitExceeded": true,
	"States.ExceedToleratedFailureThreshold": true, "States.ItemReaderFailed": true,
	"States.ResultWriterFailed": true, "States.Http.Socket": true,
}

func knownError(name string) bool {
	return reservedErrors[name] || strings.HasPrefix(name, "States.Http.StatusCode.")
}

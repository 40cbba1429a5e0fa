package asl

import (
	"fmt"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/asl/definition"
)

// The error names that the interpreter raises or gives a meaning to
// (section 8).
const (
	errorRuntime           = "States.Runtime"
	errorTimeout           = "States.Timeout"
	errorHeartbeatTimeout  = "States.HeartbeatTimeout"
	errorTaskFailed        = "States.TaskFailed"
	errorDataLimitExceeded = "States.DataLimitExceeded"
	errorReferencePath     = "States.ReferencePathConflict"
	errorQueryEvaluation   = "States.QueryEvaluationError"
)

// failureKind is how something failed, where the name alone does not tell.
type failureKind byte

const (
	failedState      failureKind = 0 // the state itself, without a task
	failedTask       failureKind = 1 // a task, by its own doing
	failedSubmission failureKind = 2 // the submission of a task
	failedTimeout    failureKind = 3 // a task that took too long
	failedHeartbeat  failureKind = 4 // a task that was silent for too long
	failedCatcher    failureKind = 5 // a catcher: the state has no other try at it
)

// failure is an error as workflows know it: a name and a cause, both of which
// may be missing.
type failure struct {
	kind         failureKind
	error, cause *string

	misread *misread // until it is a fact: it came from an expression
}

// misread is where an expression failed.
type misread struct {
	field string // in AWS's notation, such as "Output/a[0]"; may be empty
	late  bool   // see fact
}

func (f *failure) layout(c *codec) {
	c.Byte((*byte)(&f.kind))
	if f.kind > failedCatcher {
		c.Fail()
	}
	c.Optional(&f.error)
	c.Optional(&f.cause)
}

func (f *failure) timedOut() bool {
	return f.kind == failedTimeout || f.kind == failedHeartbeat
}

// named says whether the failure has this error name.
func (f *failure) named(name string) bool {
	return f.error != nil && *f.error == name
}

// How long the name and the cause of a failure may be, in bytes, which is no
// more than the same in characters. A cause may quote values and expressions.
const (
	maxError = 256
	maxCause = 32_768
)

// clip cuts a text off, between characters.
func clip(text *string, most int) {
	if text == nil || len(*text) <= most {
		return
	}
	for !utf8.RuneStart((*text)[most]) {
		most--
	}
	*text = (*text)[:most]
}

// failed makes a failure of a state.
func failed(name, cause string) *failure {
	clip(&cause, maxCause)
	return &failure{error: &name, cause: &cause}
}

// runtime is a States.Runtime failure of the frame's present state, in AWS's
// words: the cause names the state and the event that entered it.
func (f *frame) runtime(format string, args ...any) *failure {
	return failed(errorRuntime, f.preamble()+fmt.Sprintf(format, args...))
}

func (f *frame) preamble() string {
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). ", f.state.Name, f.entered)
}

// tooLarge is the failure of something that exceeds the limit for payloads.
// who is the state, or the resource of its task.
func tooLarge(who string) *failure {
	return failed(errorDataLimitExceeded, fmt.Sprintf(
		"The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", who))
}

// equal says whether the failures have the same name and cause.
func (f *failure) equal(other *failure) bool {
	return orNull(f.error) == orNull(other.error) && orNull(f.cause) == orNull(other.cause)
}

// matches says whether the error names of a retrier or catcher are for the
// failure (sections 8 and 9). States.Runtime is never caught. States.ALL and
// States.TaskFailed do not reach a state's own output that is too large, but do
// reach a task's. States.TaskFailed reaches neither a timeout nor, as AWS was
// measured, an expression that fails.
func (f *failure) matches(names []string) bool {
	if f.named(errorRuntime) || f.kind == failedCatcher {
		return false
	}
	ownSize := f.kind == failedState && f.named(errorDataLimitExceeded)
	for _, name := range names {
		if f.named(name) {
			return true
		}
		switch name {
		case definition.ErrorAll:
			return !ownSize
		case errorTaskFailed:
			if !ownSize && !f.named(errorTimeout) && !f.named(errorQueryEvaluation) {
				return true
			}
		case errorHeartbeatTimeout:
			if f.kind == failedHeartbeat {
				return true
			}
		}
	}
	return false
}

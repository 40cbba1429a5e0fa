package executionlog

import "strings"

// Level says which events of an execution are logged. The empty level is Off.
type Level string

// The levels, each with what the one before it has.
const (
	Off   Level = "OFF"
	Fatal Level = "FATAL" // the execution failed, was aborted or timed out
	Error Level = "ERROR" // anything failed, was aborted or timed out, and Fail states
	All   Level = "ALL"
)

// On reports whether anything is logged.
func (l Level) On() bool { return l == Fatal || l == Error || l == All }

// Wants reports whether events of a type are logged.
func (l Level) Wants(event string) bool {
	switch l {
	case All:
		return true
	case Error:
		return event == "FailStateEntered" || wentWrong(event)
	case Fatal:
		return strings.HasPrefix(event, "Execution") && wentWrong(event)
	default:
		return false
	}
}

// wentWrong covers TaskSubmitFailed, MapIterationAborted, ActivityTimedOut and
// the like: every type says at its end how things went.
func wentWrong(event string) bool {
	return strings.HasSuffix(event, "Failed") || strings.HasSuffix(event, "Aborted") || strings.HasSuffix(event, "TimedOut")
}

package catalog

import (
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
)

const (
	// RedrivePeriod is how long after its end an execution can be redriven.
	RedrivePeriod = 14 * 24 * time.Hour
	// openTime is how long an execution may be open in all, if it is redriven.
	openTime = 365 * 24 * time.Hour
)

// NotRedrivable is why an execution cannot be redriven, in the words of the API,
// as far as that is in itself; empty if it can be.
func NotRedrivable(d *engine.Description, now time.Time) string {
	switch {
	case !d.Status.Closed(), d.Status == interpreter.Succeeded:
		return RunningReason(d.Status)
	case d.Full:
		return "Execution has exceeded the maximum history event limit"
	case !d.Redrivable:
		return "Execution was started before the launch of RedriveExecution"
	case now.Sub(d.Head.Closed) > RedrivePeriod:
		return "Execution redrivable period exceeded"
	case now.Sub(d.Head.Started) > openTime:
		return "Execution has exceeded the max execution time"
	}
	return ""
}

// RunningReason is why an execution with that status cannot be redriven.
func RunningReason(s interpreter.Status) string {
	return "Execution is " + s.String() + " and cannot be redriven"
}

package connector

import "time"

// Parent is the task of another execution that an execution is started for.
type Parent struct {
	Origin
	// Notify: the task ends when the execution ends.
	Notify bool
	// Form is how the task wants to be told, in the connector's own words.
	Form string
}

// ChildEnd is the end of an execution that a task waits for.
type ChildEnd struct {
	Form                           string
	ExecutionARN, Name, MachineARN string
	Started, Closed                time.Time
	Status                         string // SUCCEEDED, FAILED, TIMED_OUT, ABORTED
	Input, Output                  []byte // JSON text; Output is nil unless it succeeded
	Error, Cause                   *string
	// Redrives is how often it was redriven, Redriven when last.
	Redrives int
	Redriven time.Time
	// NotRedrivable says why it cannot be, though it did not succeed. Empty if it can.
	NotRedrivable string
}

// ChildResult is what the task makes of it: a result as JSON text, or a failure.
type ChildResult struct {
	Output []byte // if Err is nil
	Err    *Error
}

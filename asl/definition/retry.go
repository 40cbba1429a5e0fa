package definition

// Retrier is one element of Retry, with all defaults filled in.
type Retrier struct {
	// Errors are the error names that it is for, at least one.
	Errors []string
	// IntervalSeconds is the delay before the first retry.
	IntervalSeconds int64
	// MaxAttempts counts retries, not attempts; 0 means never retry.
	MaxAttempts int64
	// BackoffRate multiplies the delay from one retry to the next; ≥ 1.
	BackoffRate float64
	// MaxDelaySeconds caps the delay; 0 means no cap.
	MaxDelaySeconds int64
	// FullJitter is true for a JitterStrategy of FULL.
	FullJitter bool
}

// Catcher is one element of Catch.
type Catcher struct {
	// Errors are the error names that it is for, at least one.
	Errors []string
	// Next is the state to go on with.
	Next *State
	// ResultPath puts the error output into the state's input (JSONPath).
	ResultPath PathField
	// Output is the output of the state (JSONata), nil if not given.
	Output Template
	// Assign sets variables.
	Assign []Assignment
}

// The error name that stands for any error. It must be alone in the Errors of
// the last retrier or catcher.
const ErrorAll = "States.ALL"

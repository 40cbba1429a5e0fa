package testrun

import (
	"math"
	"time"

	"github.com/fermata-dev/fermata/asl"
)

// Suite is one test file.
type Suite struct {
	// File is its path.
	File string
	// Machine is the state machine that the tests run.
	Machine *Machine
	// Others are the state machines that tasks may start, by name.
	Others map[string]*Machine
	// Buckets are folders whose files ItemReaders read, by the name of the bucket.
	Buckets map[string]string
	Tests   []*Test
}

// Machine is a state machine made ready to run.
type Machine struct {
	Name    string
	File    string // of the definition
	Express bool
	Program *asl.Program
}

// Test is one test case.
type Test struct {
	Name string
	// Skip says why the test is not run; empty to run it.
	Skip string
	// Line of the test in its file.
	Line int
	// Input is JSON text.
	Input []byte
	// Start is the virtual time at which the execution begins.
	Start time.Time
	// Seed of the randomness.
	Seed   uint64
	Mocks  Mocks
	Expect Expect
}

// Expect is what a test expects; what is nil or empty is not looked at.
type Expect struct {
	// Status of the execution: SUCCEEDED, FAILED, TIMED_OUT or RUNNING.
	Status string
	// Output has to be equal to this; Includes has to be part of it.
	Output, Includes *Value
	// Error and Cause have to be equal to these, CauseIncludes part of the cause.
	Error, Cause  *string
	CauseIncludes string
	// Path are the states in the order in which they are entered; [Gap] stands
	// for any number of states.
	Path []string
	// Variables are those of the outermost states at the end; each has to be
	// equal to the one given here.
	Variables map[string]Value
	// Elapsed is the virtual time from start to end.
	Elapsed *Span
	// Calls is how often the tasks of a state were invoked.
	Calls map[string]int
}

// Value is a value of package expr/value.
type Value struct{ V any }

// Gap in a path stands for any number of states.
const Gap = "..."

// Span is a range of durations, both ends included.
type Span struct{ Least, Most time.Duration }

func (s *Span) String() string {
	switch {
	case s.Least == s.Most:
		return s.Least.String()
	case s.Most == forever:
		return "at least " + s.Least.String()
	default:
		return s.Least.String() + " to " + s.Most.String()
	}
}

// forever is more than any duration.
const forever = time.Duration(math.MaxInt64)

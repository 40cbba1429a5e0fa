package teststate

import (
	"strings"
	"testing"
)

const task = `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"Next":"N",` +
	`"Retry":[{"ErrorEquals":["R1"]},{"ErrorEquals":["R2","Both"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":2,"MaxDelaySeconds":10}],` +
	`"Catch":[{"ErrorEquals":["C1"],"Next":"N"},{"ErrorEquals":["C2","Both"],"ResultPath":"$.e","Next":"H"}]}`

// TestHandling: a retry is announced with its delay, a failure that is caught goes
// on, and the answer says which retrier and which catcher it was.
func TestHandling(t *testing.T) {
	for name, tc := range map[string]struct {
		error         string
		made          int
		want, details string
	}{
		"the first retry":         {"R2", 0, "RETRIABLE R2: c", "retryIndex 1\nbackoff 2"},
		"a later retry":           {"R2", 1, "RETRIABLE R2: c", "retryIndex 1\nbackoff 6"},
		"the default delay":       {"R1", 0, "RETRIABLE R1: c", "retryIndex 0\nbackoff 1"},
		"the retries are used up": {"R2", 2, "FAILED R2: c", "retryIndex 1"},
		"caught": {"C2", 0, `CAUGHT_ERROR {"a":1,"e":{"Error":"C2","Cause":"c"}} C2: c -> H`,
			`afterResultPath {"a":1,"e":{"Error":"C2","Cause":"c"}}` + "\ncatchIndex 1"},
		"caught once retries are over": {"Both", 2, `CAUGHT_ERROR {"a":1,"e":{"Error":"Both","Cause":"c"}} Both: c -> H`,
			`afterResultPath {"a":1,"e":{"Error":"Both","Cause":"c"}}` + "\ncatchIndex 1\nretryIndex 1"},
		"nobody is for it":              {"X", 0, "FAILED X: c", ""},
		"an error that nobody can have": {"States.Runtime", 0, "FAILED States.Runtime: c", ""},
	} {
		r := request(task, `{"a":1}`).fails(tc.error, "c").debug()
		r.Configuration.RetrierRetryCount = &tc.made
		if got := told(t, r); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
		_, details, _ := strings.Cut(stages(t, r), `afterParameters {"FunctionName":"f"}`)
		if details = strings.TrimPrefix(details, "\n"); details != tc.details {
			t.Errorf("%s: got details %q, want %q", name, details, tc.details)
		}
	}
}

// TestRetryCountOfContext: without a number of its own the count is that of the
// context object.
func TestRetryCountOfContext(t *testing.T) {
	r := request(task, `{}`).fails("R2", "c").debug()
	r.Context = ptr(`{"State":{"RetryCount":2}}`)
	if got := told(t, r); got != "FAILED R2: c" {
		t.Error(got)
	}
	r.Configuration.RetrierRetryCount = ptr(0)
	if got := told(t, r); got != "RETRIABLE R2: c" {
		t.Error(got)
	}
}

// TestFailuresOfTheStateItself have no words on where they are in a history, and
// are handled like others.
func TestFailuresOfTheStateItself(t *testing.T) {
	for _, tc := range [][2]string{
		{`{"Type":"Pass","InputPath":"$.missing","End":true}`, "FAILED States.Runtime: Invalid path '$.missing'"},
		{`{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"N"}]}`, "FAILED States.Runtime: Failed to transition out of the state."},
		{`{"Type":"Fail"}`, "FAILED"},
		{`{"Type":"Fail","Error":"E","CausePath":"$.a"}`, "FAILED States.Runtime: The field 'CausePath' must be a string but was: 1"},
	} {
		if got := told(t, request(tc[0], `{"a":1}`)); !strings.HasPrefix(got, tc[1]) {
			t.Errorf("%s: got %s, want %s", tc[0], got, tc[1])
		}
	}
}

// TestHandlersAround: what a state within a Parallel or Map has no handler for is
// the affair of the state around it.
func TestHandlersAround(t *testing.T) {
	machine := `{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"T","States":{"T":` +
		`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Catch":[{"ErrorEquals":["Inner"],"Next":"S"}],"End":true},"S":{"Type":"Succeed"}}},` +
		`"Retry":[{"ErrorEquals":["Middle"],"IntervalSeconds":5}],"End":true}}}],"Catch":[{"ErrorEquals":["Outer"],"Next":"H"}],"End":true},"H":{"Type":"Succeed"}}}`
	for error, want := range map[string]string{
		"Inner":  `CAUGHT_ERROR {"Error":"Inner","Cause":"c"} Inner: c -> S`,
		"Middle": "RETRIABLE Middle: c",
		"Outer":  `CAUGHT_ERROR {"Error":"Outer","Cause":"c"} Outer: c -> H`,
		"None":   "FAILED None: c",
	} {
		r := request(machine, `[]`).fails(error, "c")
		r.StateName = "T"
		if got := told(t, r); got != want {
			t.Errorf("%s: got %s, want %s", error, got, want)
		}
	}
}

// TestFanHandling: a Parallel or Map state handles a mocked error like a task.
func TestFanHandling(t *testing.T) {
	handlers := `"Retry":[{"ErrorEquals":["R"],"IntervalSeconds":3}],"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"H"}],"End":true}`
	for _, state := range []string{
		`{"Type":"Map",` + inline + `,` + handlers,
		`{"Type":"Map",` + distributed + `,` + handlers,
		`{"Type":"Parallel","Branches":[{` + processor + `}],` + handlers,
	} {
		for error, want := range map[string]string{
			"R": "RETRIABLE R: c",
			"X": `CAUGHT_ERROR {"Error":"X","Cause":"c"} X: c -> H`,
		} {
			r := request(state, `[1]`).fails(error, "c")
			r.Configuration.ErrorCausedByState = ptr("I")
			if got := told(t, r); got != want {
				t.Errorf("%s: got %s, want %s", state, got, want)
			}
		}
	}
}

// TestTolerance: failed iterations count where the Map says how many it tolerates.
func TestTolerance(t *testing.T) {
	const exceeded = "FAILED States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded"
	for _, tc := range []struct {
		limits string
		failed int
		want   string
	}{
		{"", 3, "SUCCEEDED [0,0,0,0]"},
		{`"ToleratedFailureCount":1,`, 1, "SUCCEEDED [0,0,0,0]"},
		{`"ToleratedFailureCount":1,`, 2, exceeded},
		{`"ToleratedFailureCountPath":"$.n","ItemsPath":"$.l",`, 2, "SUCCEEDED [0,0,0,0]"},
		{`"ToleratedFailurePercentage":50,`, 2, "SUCCEEDED [0,0,0,0]"},
		{`"ToleratedFailurePercentage":50,`, 3, exceeded},
		{`"ToleratedFailureCount":4,"ToleratedFailurePercentage":50,`, 3, exceeded},
		{`"ItemBatcher":{"MaxItemsPerBatch":1},`, 4, "SUCCEEDED [0,0,0,0]"},
		{`"ItemBatcher":{"MaxItemsPerBatch":2},`, 0, "ValidationException: Input array does not equal the mocked result array's size"},
		{`"ItemBatcher":{"MaxItemsPerBatch":2},"ToleratedFailureCount":1,`, 2, exceeded},
		{`"ItemBatcher":{"MaxItemsPerBatch":2},`, 3, "ValidationException: Map iteration failure count must be less than or equal to the number of Map iterations"},
		{"", 5, "ValidationException: Map iteration failure count must be less than or equal to the number of Map iterations"},
	} {
		input := `[1,2,3,4]`
		if strings.Contains(tc.limits, "Path") {
			input = `{"n":2,"l":[1,2,3,4]}`
		}
		r := request(`{"Type":"Map",`+tc.limits+distributed+`,"End":true}`, input).mock(`[0,0,0,0]`)
		r.Configuration.MapIterationFailureCount = &tc.failed
		if got := told(t, r); got != tc.want {
			t.Errorf("%s %d: got %s, want %s", tc.limits, tc.failed, got, tc.want)
		}
	}
}

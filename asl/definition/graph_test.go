package definition_test

import (
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

func TestGraph(t *testing.T) {
	faults{
		{"dangling StartAt", `{"StartAt": "Z", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}`, []string{
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /StartAt",
			`MISSING_TRANSITION_TARGET: State "A" is not reachable. at /States/A`,
		}},
		{"dangling Next and no end", machine(`"A": {"Type": "Pass", "Next": "NOPE"}`), []string{
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next",
			"MISSING_END_STATE: Workflow has no terminal state at ",
		}},
		{"dangling Choice", machine(`"A": {"Type": "Choice", "Default": "X",
			"Choices": [{"Variable": "$.a", "IsNull": true, "Next": "Y"}]}, "B": {"Type": "Fail"}`), []string{
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/A/Choices[0]/Next",
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Default",
			`MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B`,
		}},
		{"dangling Catch", end(`"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
			"Catch": [{"ErrorEquals": ["E"], "Next": "X"}]`), []string{
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Catch[0]/Next",
		}},
		{"no end hides what is unreachable", machine(`"A": {"Type": "Pass", "Next": "A"}, "B": {"Type": "Pass", "Next": "A"}`),
			[]string{"MISSING_END_STATE: Workflow has no terminal state at "}},
		{"loop with an unreachable end", machine(`"A": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Succeed"}`),
			[]string{`MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C`}},
		{"into a branch", machine(`"A": {"Type": "Parallel", "Next": "C",
			"Branches": [{"StartAt": "B", "States": {"B": {` + pass + `}}}]}, "C": {"Type": "Pass", "Next": "B"}, "D": {` + pass + `}`), []string{
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/C/Next",
			`MISSING_TRANSITION_TARGET: State "D" is not reachable. at /States/D`,
		}},
		{"out of an item processor", machine(`"A": {"Type": "Map", "Next": "C", "ItemProcessor":
			{"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "C"}}}}, "C": {` + pass + `}`), []string{
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/ItemProcessor/States/B/Next",
		}},
		{"no end in an item processor", end(`"Type": "Map", "ItemProcessor": {"StartAt": "B", "States": {
			"B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}, "D": {"Type": "Pass", "Next": "B"}}}`),
			[]string{`MISSING_TRANSITION_TARGET: State "D" is not reachable. at /States/A/ItemProcessor/States/D`}},
	}.run(t, definition.Options{}, definition.Error)
}

func TestCircleApartIsAWarning(t *testing.T) {
	faults{{"circle", machine(`"A": {` + pass + `}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}`), []string{
		`MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B`,
		`MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C`,
	}}}.run(t, definition.Options{}, definition.Warning)
}

func TestPointers(t *testing.T) {
	_, diagnostics := definition.Parse([]byte(machine(`"A": {"Type": "Choice", "Default": "a/b~c", "Choices": [{"Next": "A"}]},
		"a/b~c": {"Type": "Pass", "End": 1}`)), definition.Options{})
	want := []string{"/States/A/Choices/0", "/States/a~1b~0c/End"}
	if len(diagnostics) != len(want) {
		t.Fatalf("got%s", describe(diagnostics))
	}
	for i, d := range diagnostics {
		if d.Pointer != want[i] {
			t.Errorf("pointer %q, want %q", d.Pointer, want[i])
		}
	}
}

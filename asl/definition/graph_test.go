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

// TestGraphOfFaultyStates: other faults hide none of the graph's, and what they
// say counts as it is written.
func TestGraphOfFaultyStates(t *testing.T) {
	const orphan = `, "Z": {"Type": "Pass", "End": true}`
	faults{
		{"an orphan beside a fault", machine(`"A": {"Type": "Pass", "Comment": 1, "End": true}` + orphan), []string{
			"Expected value of type String at /States/A/Comment", `MISSING_TRANSITION_TARGET: State "Z" is not reachable. at /States/Z`}},
		{"Next where it is not supported", machine(`"A": {"Type": "Succeed", "Next": "Z"}` + orphan), []string{"Field 'Next' is not supported at /States/A"}},
		{"of an unknown type", machine(`"A": {"Type": "Loop", "Next": "Z"}` + orphan), []string{
			"The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type"}},
		{"by a rule and a catcher", machine(`"A": {"Type": "Choice", "Default": 1, "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}]},
			"B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true, "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}]}` + orphan),
			[]string{"Expected value of type String at /States/A/Default"}},
		{"no StartAt", `{"States": {"A": {"Type": "Pass", "End": true}}}`, []string{"These fields are required: [StartAt] at /"}},
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
		"a/b~c": {"Type": "Pass", "Comment": 1, "End": true}`)), definition.Options{})
	want := []string{"/States/A/Choices/0", "/States/a~1b~0c/Comment"}
	if len(diagnostics) != len(want) {
		t.Fatalf("got%s", describe(diagnostics))
	}
	for i, d := range diagnostics {
		if d.Pointer != want[i] {
			t.Errorf("pointer %q, want %q", d.Pointer, want[i])
		}
	}
}

package main

import (
	"os"
	"strings"
	"testing"
)

const heldDefinition = `{"StartAt": "Hold", "States": {"Hold": {"Type": "Wait", "Seconds": 86400, "Next": "Call"},
	"Call": {"Type": "Task", "Resource": "${call}", "Retry": [{"ErrorEquals": ["Never"]}], "Next": "Done"}, "Done": {"Type": "Succeed"}}}`

func TestTestCommand(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "fermata.yaml", "functions:\n  call: {command: [sh, call.sh]}\nstateMachines:\n  held: {definition: flow/held.json}\n")
	write(t, folder, "flow/held.json", heldDefinition)
	write(t, folder, "flow/a.test.yaml", "stateMachine: held.json\ntests:\n  - {name: one, mocks: {Call: {return: 1}}, expect: {output: 1, elapsed: 1d}}\n  - {name: two, skip: later}\n")
	write(t, folder, "tests/b.test.json", `{"stateMachine": "held", "tests": [{"name": "bad", "mocks": {"Call": {"throw": "E"}}}]}`)
	write(t, folder, ".hidden/c.test.yaml", "no test")

	r := command(t, "test", folder, "-v", "--cover", "--junit", folder+"/junit.xml")
	if r.status != 1 || r.err != "" {
		t.Errorf("status %d, errors %q", r.status, r.err)
	}
	contains(t, "the report", r.out, "--- PASS: one", "virtual 24h0m0s", "Hold → Call → Done", "--- SKIP: two: later", "ok  \t", "a.test.yaml",
		"--- FAIL: bad", "status: got FAILED E, want SUCCEEDED", "path taken: Hold → Call", "FAIL\t", "b.test.json", "coverage: ", "3 of 3 states", "FAIL\n")
	junit, err := os.ReadFile(folder + "/junit.xml")
	if err != nil || strings.Count(string(junit), "<testcase") != 3 {
		t.Errorf("the JUnit file: %v\n%s", err, junit)
	}
	if r := command(t, "test", folder, "-run", "/one$"); r.status != 0 || !strings.Contains(r.out, "1 tests") || !strings.Contains(r.out, "[no tests to run]") {
		t.Errorf("-run: status %d\n%s%s", r.status, r.out, r.err)
	}
	contains(t, "the events", command(t, "test", folder+"/flow", "--json").out, `"Action":"run"`, `"Test":"one"`, `"Action":"skip"`, `"Action":"pass"`)
}

// TestTestCommandWithFunctions: a task that has no mock is done by the project.
func TestTestCommandWithFunctions(t *testing.T) {
	needs(t, "curl")
	folder := t.TempDir()
	write(t, folder, "fermata.yaml", "functions:\n  call: {command: [sh, call.sh]}\nstateMachines:\n  held: {definition: held.json}\n")
	write(t, folder, "held.json", heldDefinition)
	write(t, folder, "call.sh", `
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
event=$(curl -sS -D headers "$api/next")
id=$(sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: *\([^[:space:]]*\).*/\1/p' headers)
curl -sS -o /dev/null -d "[$event]" "$api/$id/response"
`)
	file := write(t, folder, "a.test.yaml", "stateMachine: held\ntests:\n  - {name: one, input: 7, expect: {output: [7], elapsed: 1d}}\n")
	contains(t, "without --allow-real", command(t, "test", file).out, "state Call called arn:aws:lambda:us-east-1:123456789012:function:call with 7, and there is no mock for it")
	contains(t, "with it", must(t, "test", file, "--allow-real", "-v"), "--- PASS: one", "virtual 24h0m0s")
}

func TestTestCommandMistakes(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "free.json", strings.ReplaceAll(heldDefinition, "Hold", "Held"))
	tests := []struct {
		file, text string
		args       []string
		want       string
	}{
		{"", "", []string{folder}, "no test files in "},
		{"", "", []string{folder + "/none"}, "none: there is no such file"},
		{"", "", []string{folder, "--run", "("}, "--run: error parsing regexp"},
		{"", "", []string{folder, "--limits", "none"}, "--limits: "},
		{"", "", []string{folder, "--parallel", "-1"}, "--parallel is -1; it must be at least 1"},
		{"a.test.yaml", "stateMachine: free.json\ntests: []", []string{folder}, "free.json has ${call}, and nothing stands for it; add substitutions"},
		{"a.test.yaml", "stateMachine: none\ntests: []", []string{folder}, "a.test.yaml:1: stateMachine cannot be used: there is no file none in "},
		{"a.test.yaml", "stateMachine: free.json\nsubstitutions: {call: 'arn:aws:lambda:us-east-1:123456789012:function:f'}\ntests: [{name: n, mocks: {Call: {return: 1}}}]",
			[]string{folder, "--allow-real"}, "belongs to no project, so it has no functions"},
	}
	for _, test := range tests {
		if test.file != "" {
			write(t, folder, test.file, test.text)
		}
		if r := command(t, append([]string{"test"}, test.args...)...); r.status == 0 || !strings.Contains(r.out+r.err, test.want) {
			t.Errorf("%v: status %d, lacks %q:\n%s%s", test.args, r.status, test.want, r.out, r.err)
		}
	}
}

// TestTestCommandStartsOtherMachinesOfTheProject: they need not be named, and one
// with faults does no harm to tests that do not start it.
func TestTestCommandStartsOtherMachinesOfTheProject(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "fermata.yaml", "stateMachines:\n  parent: {definition: parent.json}\n  child: {definition: child.json}\n  broken: {definition: broken.json}\n")
	write(t, folder, "parent.json", `{"StartAt": "P", "States": {"P": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "${child}"}, "OutputPath": "$.Output", "End": true}}}`)
	write(t, folder, "child.json", `{"StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 60, "Next": "T"}, "T": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "End": true}}}`)
	write(t, folder, "broken.json", `{"StartAt": "C"}`)
	write(t, folder, "a.test.yaml", "stateMachine: parent\ntests:\n  - {name: one, mocks: {child/T: {return: 1}}, expect: {output: 1, elapsed: 60}}\n")
	contains(t, "the report", must(t, "test", folder), "ok  \t", "1 tests")
}

// TestExamples: the tests of the examples pass.
func TestExamples(t *testing.T) {
	out := must(t, "test", "../../examples", "--cover")
	if strings.Contains(out, "never entered") {
		t.Errorf("tests do not enter every state:\n%s", out)
	}
}

package main

import (
	"strings"
	"testing"
)

func TestRunAFile(t *testing.T) {
	folder := t.TempDir()
	r := command(t, "run", write(t, folder, "hello.asl.json", passDefinition), "--input", `{"a":1}`)
	if r.status != 0 || r.out != `{"a":1,"said":{"hello":"world"}}`+"\n" {
		t.Errorf("status %d, output %q, errors %q", r.status, r.out, r.err)
	}
	contains(t, "the view", r.err, "execution", "started", "Hello", "entered", "Hello", "done", "execution", "succeeded")

	r = commandWith(t, `{"b":2}`, "run", folder+"/hello.asl.json", "--input", "-", "--json")
	contains(t, "the execution", r.out, `"status": "SUCCEEDED"`, `"input": "{\"b\":2}"`)

	r = command(t, "run", write(t, folder, "no.yaml", "StartAt: No\nStates:\n  No: {Type: Fail, Error: NotToday}\n"), "--input", "@"+write(t, folder, "in.json", "[]"))
	if r.status != 1 || r.out != "" {
		t.Errorf("a failing execution: status %d, output %q", r.status, r.out)
	}
	contains(t, "the errors", r.err, "No", "entered", "failed: NotToday", "fermata: the execution ended as FAILED: NotToday")
}

func TestRunAProject(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "fermata.yaml", `
functions:
  double:
    command: [sh, double.sh]
stateMachines:
  twice: {definition: twice.asl.yaml}
  quick: {definition: quick.json, type: EXPRESS}
`)
	// A function in a shell: one invocation, by the Lambda Runtime API.
	write(t, folder, "double.sh", `
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while event=$(curl -sS -D headers.$$ "$api/next"); do
  id=$(sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: *\([^[:space:]]*\).*/\1/p' headers.$$)
  curl -sS -o /dev/null -d "[$event,$event]" "$api/$id/response"
done
`)
	write(t, folder, "twice.asl.yaml", "StartAt: A\nStates:\n  A: {Type: Task, Resource: \"${double}\", Next: B}\n  B: {Type: Task, Resource: \"${double}\", End: true}\n")
	write(t, folder, "quick.json", passDefinition)
	if r := command(t, "run", folder); r.status != 2 || !strings.Contains(r.err, "choose one with --machine: twice, quick") {
		t.Errorf("without --machine: status %d, %s", r.status, r.err)
	}
	if r := command(t, "run", folder, "--machine=quick"); r.out != `{"said":{"hello":"world"}}`+"\n" {
		t.Errorf("the Express machine: %+v", r)
	}
	needs(t, "curl")
	for _, args := range [][]string{{"run", folder, "--machine=twice"}, {"run", folder + "/twice.asl.yaml"}} {
		r := command(t, append(args, "--input=1")...)
		if r.status != 0 || r.out != "[[1,1],[1,1]]\n" {
			t.Errorf("%v: status %d, output %q, errors %s", args, r.status, r.out, r.err)
		}
	}
}

func TestRunMistakes(t *testing.T) {
	folder := t.TempDir()
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"run", "nowhere.json"}, "nowhere.json"},
		{[]string{"run", write(t, folder, "bad.json", `{"StartAt": "A"}`)}, "bad.json"},
		{[]string{"run", write(t, folder, "p/fermata.yaml", "functions:\n  a: {}\n")}, "fermata.yaml:2: functions.a does not say how it is started"},
		{[]string{"run", write(t, folder, "ok.json", passDefinition), "--limits=none"}, `--limits: "none" is not known`},
	}
	for _, test := range tests {
		if r := command(t, test.args...); r.status == 0 || !strings.Contains(r.err, test.want) {
			t.Errorf("%v: status %d, errors lack %q:\n%s", test.args, r.status, test.want, r.err)
		}
	}
}

func TestValidate(t *testing.T) {
	folder := t.TempDir()
	good := write(t, folder, "good.json", passDefinition)
	bad := write(t, folder, "bad.asl.yaml", "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: Nowhere\n  B:\n    Type: Wait\n    End: true\n")
	project := write(t, folder, "project/fermata.yaml", "functions:\n  a: {command: x, speed: 9}\nstateMachines:\n  m: {definition: gone.json}\n")
	contains(t, "good", must(t, "validate", good), "good.json: ok")
	r := command(t, "validate", good, bad, project)
	if r.status != 1 || r.err != "" {
		t.Errorf("status %d, errors %q", r.status, r.err)
	}
	contains(t, "the findings", r.out, "good.json: ok", "bad.asl.yaml:5:5: error MISSING_TRANSITION_TARGET", "bad.asl.yaml:6:3: error SCHEMA_VALIDATION_FAILED", `fermata.yaml:2: error PROJECT_FILE: functions.a has no field "speed"`, "fermata.yaml:4:", "gone.json")
	r = command(t, "validate", bad, "--json")
	contains(t, "the findings", r.out, `"line": 5`, `"column": 5`, `"severity": "ERROR"`, `"location": "/States/A/Next"`, `"pointer": "/States/A/Next"`)
}

// TestValidateTemplate: a definition that a deployment tool has still to work on
// can be checked, but not run.
func TestValidateTemplate(t *testing.T) {
	template := write(t, t.TempDir(), "template.asl.json", `{"StartAt": "A", "States": {
  "A": {"Type": "Task", "Resource": "${FunctionArn}", "End": true}}}`)
	contains(t, "the findings", must(t, "validate", template),
		"template.asl.json:2:25: warning PLACEHOLDER: Value is not a valid resource ARN at /States/A/Resource (the value is not checked until the placeholder is replaced)")
	if r := command(t, "run", template); r.status == 0 || !strings.Contains(r.err, "SCHEMA_VALIDATION_FAILED") {
		t.Errorf("status %d, errors %q", r.status, r.err)
	}
}

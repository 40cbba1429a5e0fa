package sfn

import (
	"fmt"
	"strings"
	"testing"
)

// diagnosed validates a definition and lists its diagnostics as
// "SEVERITY CODE at location".
func (w *world) diagnosed(in map[string]any) (result string, truncated bool, found []string) {
	w.t.Helper()
	out := w.must("ValidateStateMachineDefinition", in)
	for _, v := range out["diagnostics"].([]any) {
		d := v.(map[string]any)
		found = append(found, fmt.Sprintf("%s %s at %v", d["severity"], d["code"], d["location"]))
	}
	return out["result"].(string), out["truncated"].(bool), found
}

// TestSeveritiesAndPages: errors only unless warnings are asked for, and no more
// than maxResults.
func TestSeveritiesAndPages(t *testing.T) {
	w := newWorld(t)
	const (
		clean    = `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`
		warnings = `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"$.a","End":true}}}`
		both     = `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"$.a","Next":"B"}}}`
	)
	const (
		static   = "WARNING PASS_RESULT_IS_STATIC at /States/A/Result"
		dangling = "ERROR MISSING_TRANSITION_TARGET at /States/A/Next"
		endless  = "ERROR MISSING_END_STATE at <nil>"
	)
	for _, c := range []struct {
		definition string
		severity   string
		most       int
		want       string
	}{
		{clean, "WARNING", 100, "OK false []"},
		{warnings, "ERROR", 0, "OK false []"},
		{warnings, "WARNING", 0, "OK false [" + static + "]"},
		{both, "ERROR", 0, "FAIL false [" + dangling + " " + endless + "]"},
		{both, "ERROR", 2, "FAIL false [" + dangling + " " + endless + "]"},
		{both, "ERROR", 1, "FAIL true [" + dangling + "]"},
		{both, "WARNING", 2, "FAIL true [" + static + " " + dangling + "]"},
	} {
		result, truncated, found := w.diagnosed(map[string]any{"definition": c.definition, "severity": c.severity, "maxResults": c.most})
		if got := fmt.Sprint(result, " ", truncated, " ", found); got != c.want {
			t.Errorf("%s %s %d: got %s, want %s", c.definition, c.severity, c.most, got, c.want)
		}
	}
	for _, in := range []map[string]any{{"definition": ""}, {"severity": "ERROR"}, {"definition": clean, "maxResults": 101},
		{"definition": clean, "severity": "INFO"}, {"definition": clean, "type": "FAST"}} {
		w.fails("ValidateStateMachineDefinition", in, "ValidationException")
	}
}

// TestManyDiagnostics: 100 are shown unless fewer are asked for.
func TestManyDiagnostics(t *testing.T) {
	w := newWorld(t)
	text := `{"StartAt":"A","States":{"A":{"Type":"Succeed"`
	for i := range 150 {
		text += fmt.Sprintf(`,"Field%d":1`, i)
	}
	result, truncated, found := w.diagnosed(map[string]any{"definition": text + `}}}`})
	if result != "FAIL" || !truncated || len(found) != 100 {
		t.Errorf("got %s %v, %d diagnostics", result, truncated, len(found))
	}
}

// TestTemplatesAreValidatedNotCreated: the placeholders of deployment tools.
func TestTemplatesAreValidatedNotCreated(t *testing.T) {
	w := newWorld(t)
	const template = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${FunctionArn}","End":true}}}`
	result, _, found := w.diagnosed(map[string]any{"definition": template, "severity": "WARNING"})
	if result != "OK" || fmt.Sprint(found) != "[WARNING PLACEHOLDER at /States/A/Resource]" {
		t.Errorf("got %s %v", result, found)
	}
	const refused = "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at /States/A/Resource'"
	w.fails("CreateStateMachine", map[string]any{"name": "m", "definition": template, "roleArn": roleARN}, refused)
	arn := w.machine("m", passes, "STANDARD")
	w.fails("UpdateStateMachine", map[string]any{"stateMachineArn": arn, "definition": template}, refused)
}

// TestIntegrationWithoutConnector: AWS has it, so a state machine may have it; it
// fails when it runs, and says why.
func TestIntegrationWithoutConnector(t *testing.T) {
	w := newWorld(t)
	const definition = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage",
		"Parameters":{"QueueUrl":"q","MessageBody":"b"},"Catch":[{"ErrorEquals":["States.ALL"],"Next":"A"}],"End":true}}}`
	result, _, found := w.diagnosed(map[string]any{"definition": definition, "severity": "WARNING"})
	if result != "OK" || fmt.Sprint(found) != "[WARNING NO_CONNECTOR at /States/A/Resource]" {
		t.Errorf("got %s %v", result, found)
	}
	run := w.must("StartExecution", map[string]any{"stateMachineArn": w.machine("m", definition, "STANDARD")})
	got := w.ended(run["executionArn"].(string))
	if got["status"] != "FAILED" || got["error"] != "States.Runtime" || !strings.Contains(fmt.Sprint(got["cause"]), "no connector is configured for resource arn:aws:states:::sqs:sendMessage") {
		t.Errorf("got %v %v %v", got["status"], got["error"], got["cause"])
	}
}

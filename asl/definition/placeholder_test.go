package definition_test

import (
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// TestPlaceholders: what a deployment tool replaces is a fault of the text as it
// stands, and a warning while it is a template.
func TestPlaceholders(t *testing.T) {
	text := machine(`
		"A": {"Type": "Task", "Resource": "${FunctionArn}", "Next": "B"},
		"B": {"Type": "Task", "Resource": {"Fn::GetAtt": ["f", "Arn"]}, "TimeoutSeconds": {"Ref": "Timeout"}, "Next": "C"},
		"C": {"Type": "Pass", "InputPath": "${Path}", "Parameters": {"x.$": "#{AWS::Region}", "y": "${Any}"}, "Next": "D"},
		"D": {"Type": "Wait", "Timestamp": "${Date}T00:00:00Z", "Next": "E"},
		"E": {"Type": "Pass", "QueryLanguage": "${Language}", "End": true}`)
	m, diagnostics := definition.Parse([]byte(text), everything)
	if m != nil {
		t.Fatal("a template is no state machine")
	}
	for _, d := range diagnostics {
		if !d.Placeholder {
			t.Errorf("%s at %s is taken for no placeholder", d.Message, d.Location)
		}
	}
	changed := definition.ForTemplates(diagnostics)
	if definition.HasErrors(changed) || len(changed) != 7 {
		t.Errorf("got%s", describe(changed))
	}
	for _, d := range changed {
		if d.Code != definition.Placeholder || d.Severity != definition.Warning {
			t.Errorf("got%s", describe([]definition.Diagnostic{d}))
		}
	}
	if !definition.HasErrors(diagnostics) {
		t.Error("ForTemplates has changed its argument")
	}
}

// TestFaultsBesidePlaceholders: placeholders hide no other fault.
func TestFaultsBesidePlaceholders(t *testing.T) {
	text := machine(`"A": {"Type": "Task", "Resource": "${A}", "TimeoutSeconds": {"a": 1}, "End": true}`)
	_, diagnostics := definition.Parse([]byte(text), everything)
	got := lines(definition.ForTemplates(diagnostics), definition.Error)
	if len(got) != 1 || got[0] != "Expected value of type Integer at /States/A/TimeoutSeconds" {
		t.Errorf("got %q", got)
	}
	text = machine(`"A": {"Type": "Task", "Resource": "${A}", "End": true}, "B": {"Type": "Succeed"}`)
	_, diagnostics = definition.Parse([]byte(text), everything)
	got = lines(definition.ForTemplates(diagnostics), definition.Error)
	if len(got) != 1 || got[0] != `MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B` {
		t.Errorf("got %q", got)
	}
}

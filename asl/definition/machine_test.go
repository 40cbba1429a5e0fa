package definition_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

const pass = `"Type": "Pass", "End": true`

func TestMachineRules(t *testing.T) {
	long := strings.Repeat("n", 81)
	faults{
		{"empty text", ``, []string{"MISSING_DESCRIPTION: The definition is empty at "}},
		{"blank text", "  \n", []string{"Definition must be a valid JSON object at "}},
		{"array", `[]`, []string{"Definition must be a valid JSON object at "}},
		{"empty object", `{}`, []string{"These fields are required: [States, StartAt] at /"}},
		{"no StartAt", `{"States": {"A": {` + pass + `}}}`, []string{"These fields are required: [StartAt] at /"}},
		{"no States", `{"StartAt": "A"}`, []string{"These fields are required: [States] at /"}},
		{"States empty", `{"StartAt": "A", "States": {}}`, []string{"Value cannot be empty at /States",
			"MISSING_TRANSITION_TARGET: Missing 'Next' target: A at /StartAt", "MISSING_END_STATE: Workflow has no terminal state at "}},
		{"States of wrong type", `{"StartAt": "A", "States": []}`, []string{"Expected value of type Object at /States"}},
		{"state of wrong type", `{"StartAt": "A", "States": {"A": 1}}`, []string{"Expected value of type Object at /States/A", "MISSING_END_STATE: Workflow has no terminal state at "}},
		{"Version", `{"Version": "2", "StartAt": "A", "States": {"A": {` + pass + `}}}`,
			[]string{"Value should be one of the following: [1.0] at /Version"}},
		{"Comment", `{"Comment": 1, "StartAt": "A", "States": {"A": {` + pass + `}}}`,
			[]string{"Expected value of type String at /Comment"}},
		{"TimeoutSeconds too small", `{"TimeoutSeconds": -1, "StartAt": "A", "States": {"A": {` + pass + `}}}`,
			[]string{"Minimum value is 0 at /TimeoutSeconds"}},
		{"TimeoutSeconds too big", `{"TimeoutSeconds": 1e8, "StartAt": "A", "States": {"A": {` + pass + `}}}`,
			[]string{"Maximum value is 99999999 at /TimeoutSeconds"}},
		{"TimeoutSeconds fraction", `{"TimeoutSeconds": 1.5, "StartAt": "A", "States": {"A": {` + pass + `}}}`,
			[]string{"Expected value of type Integer at /TimeoutSeconds"}},
		{"QueryLanguage", `{"QueryLanguage": "SQL", "StartAt": "A", "States": {"A": {` + pass + `}}}`,
			[]string{"Value should be one of the following: [JSONPath, JSONata] at /QueryLanguage"}},
		{"unknown field", `{"Start": "A", "StartAt": "A", "States": {"A": {` + pass + `}}}`,
			[]string{"Field 'Start' is not supported at /"}},
		{"state name too long", `{"StartAt": "` + long + `", "States": {"` + long + `": {` + pass + `}}}`,
			[]string{"INVALID_STATE_NAME: Invalid State name: State exceeds the 80-character limit allowed by the service at /States/" + long}},
		{"state name empty", `{"StartAt": "", "States": {"": {` + pass + `}}}`,
			[]string{"INVALID_STATE_NAME: Invalid State name: State name cannot be empty at /States/"}},
		{"name taken by a nested state", machine(`"A": {"Type": "Parallel", "End": true,
			"Branches": [{"StartAt": "A", "States": {"A": {` + pass + `}}}]}`),
			[]string{"DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A"}},
	}.run(t, everything, definition.Error)
}

func TestSyntaxErrors(t *testing.T) {
	tests := []struct{ name, text, message, location string }{
		{"word", "not a definition",
			"Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
			`[Source: (String)"not a definition"; line: 1, column: 4]`},
		{"word as a value", `{"a": yes}`,
			"Unrecognized token 'yes': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
			`[Source: (String)"{"a": yes}"; line: 1, column: 10]`},
		{"a member without its quotes", `{"StartAt": "A", }`,
			"Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
			`[Source: (String)"{"StartAt": "A", }"; line: 1, column: 19]`},
		{"an end too soon", "{\n\"StartAt\": \"A\"",
			"Unexpected end-of-input: expected close marker for Object (start marker at [Source: (String)\"{\n\"StartAt\": \"A\"\"; line: 1, column: 1])",
			"[Source: (String)\"{\n\"StartAt\": \"A\"\"; line: 2, column: 15]"},
		{"a byte order mark", "\ufeff{}",
			"Unexpected character ('\ufeff' (code 65279 / 0xfeff)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
			"[Source: (String)\"\ufeff{}\"; line: 1, column: 2]"},
		{"long text", `{` + strings.Repeat(" ", 600) + "\n x", "",
			`[Source: (String)"{` + strings.Repeat(" ", 499) + `"[truncated 104 chars]; line: 2, column: 3]`},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			_, diagnostics := definition.Parse([]byte(c.text), definition.Options{})
			if len(diagnostics) != 1 {
				t.Fatalf("want one diagnostic, got%s", describe(diagnostics))
			}
			d := diagnostics[0]
			if d.Code != definition.InvalidJSONDescription || d.Location != c.location {
				t.Errorf("got %s at %s", d.Code, d.Location)
			}
			if c.message != "" && d.Message != c.message+"\n at "+c.location {
				t.Errorf("got message %q", d.Message)
			}
		})
	}
}

func TestLimitsOfTheText(t *testing.T) {
	tooLong := `{"Comment": "` + strings.Repeat("x", definition.MaxLength) + `"}`
	tooDeep := strings.Repeat(`{"a":`, 100_000)
	for _, text := range []string{tooLong, tooDeep} {
		if m, diagnostics := definition.Parse([]byte(text), everything); m != nil || len(diagnostics) != 1 {
			t.Errorf("%.20s… gave %d diagnostics", text, len(diagnostics))
		}
	}
	nested := `"L": {"Type": "Succeed"}`
	start := "L"
	for range 60 {
		name := "S" + start
		nested = `"` + name + `": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "` + start + `", "States": {` + nested + `}}]}`
		start = name
		if len(start) > 70 {
			start = name[:70]
		}
	}
	m, diagnostics := definition.Parse([]byte(`{"StartAt": "x", "States": {`+nested+`}}`), everything)
	if m != nil || !strings.Contains(describe(diagnostics), "TOO_DEEPLY_NESTED") {
		t.Errorf("60 scopes within each other were not refused")
	}
}

// TestDuplicateKeys: each key is told once, however often it is there.
func TestDuplicateKeys(t *testing.T) {
	text := `{"StartAt": "X", "StartAt": "A", "States": {"A": {"Type": "Pass", "Result": [{"\u0061": "{", "a": 2, "a": 3}], "End": true}}}`
	m, diagnostics := definition.Parse([]byte(text), definition.Options{})
	want := []string{
		"DUPLICATE_KEY: The key 'StartAt' appears more than once in the same object at /StartAt",
		"DUPLICATE_KEY: The key 'a' appears more than once in the same object at /States/A/Result[0]/a",
	}
	if got := lines(diagnostics, definition.Warning); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", got)
	}
	if m == nil || m.Root.Start.Name != "A" {
		t.Errorf("the last of two keys should count")
	}
}

func TestFormatInvalidDefinition(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"one", `{"StartAt": "A"`[:0] + `{"States": {"A": {` + pass + `}}}`,
			"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /'"},
		{"two", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"}, "B": {` + pass + `}}}`,
			`Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: C at /States/A/Next, ` +
				`MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B'`},
		{"no location", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}`,
			"Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'"},
		{"warnings do not count", `{"Comment": "", "Comment": "", "StartAt": "A", "States": {"A": {` + pass + `}}}`, ""},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			_, diagnostics := definition.Parse([]byte(c.text), definition.Options{})
			if got := definition.FormatInvalidDefinition(diagnostics); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

package definition_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

const yamlMachine = `# a machine
StartAt: A
States:
  A:
    Type: Pass
    Result: &result
      float: 1.50
      integer: 0x10
      separated: 1_000
      yes: yes
      none: ~
      text: "1"
      tagged: !!str 7
      long: |
        two
        lines
    Next: B
  B:
    Type: Pass
    Result:
      <<: *result
      float: 2
    ResultPath: $.b
    End: true
`

func TestYAML(t *testing.T) {
	for name, parse := range map[string]func([]byte, definition.Options) (*definition.Machine, []definition.Diagnostic){
		"ParseYAML": definition.ParseYAML, "ParseAny": definition.ParseAny,
	} {
		m, diagnostics := parse([]byte(yamlMachine), definition.Options{})
		if m == nil {
			t.Fatalf("%s refused the text:%s", name, describe(diagnostics))
		}
		results := map[string]string{
			"A": `{"float":1.5,"integer":16,"separated":1000,"yes":"yes","none":null,"text":"1","tagged":"7","long":"two\nlines\n"}`,
			"B": `{"float":2,"integer":16,"separated":1000,"yes":"yes","none":null,"text":"1","tagged":"7","long":"two\nlines\n"}`,
		}
		for state, want := range results {
			got := string(value.Append(nil, m.State(state).Kind.(*definition.Pass).Result))
			if got != want {
				t.Errorf("%s: result of %s is\n%s, want\n%s", name, state, got, want)
			}
		}
		if m.Source != yamlMachine || m.State("B").Data.ResultPath.Text != "$.b" {
			t.Errorf("%s: machine %+v", name, m)
		}
	}
}

func TestParseAnyTakesJSON(t *testing.T) {
	if m, diagnostics := definition.ParseAny([]byte("\n"+end(`"Type": "Pass"`)), definition.Options{}); m == nil {
		t.Errorf("JSON was refused:%s", describe(diagnostics))
	}
}

func TestYAMLFaults(t *testing.T) {
	tests := []struct {
		name, text, message string
		line                string
	}{
		{"syntax", "StartAt: [A\nStates: {}\n", "", "line: "},
		{"unknown anchor", "StartAt: *nobody\n", "", "line: 1"},
		{"anchor within itself", "a: &x\n  b: *x\n", "", "line: 2"},
		{"two documents", "StartAt: A\n---\nStates: {}\n", "more than one YAML document", "line: 3"},
		{"infinity", "StartAt: A\nTimeoutSeconds: .inf\n", "the value has no JSON form", "line: 2"},
		{"key", "StartAt: A\n[a]: 1\n", "", "line: "},
		{"tag", "StartAt: !Sub A\n", "the tag '!Sub' has no meaning here", "line: 1"},
		{"merging a list of texts", "<<: [a]\n", "only mappings can be merged", "line: 1"},
		{"deep", strings.Repeat("[", 100_000), "nested too deep", "line: 1"},
		{"long", strings.Repeat("a: b\n", 20_001), "may have 20000 lines", "line: 1"},
		{"deep in lists", strings.Repeat("- ", 100_000), "nested too deep", "line: 1"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			m, diagnostics := definition.ParseYAML([]byte(c.text), definition.Options{})
			if m != nil || len(diagnostics) != 1 || diagnostics[0].Code != definition.InvalidJSONDescription {
				t.Fatalf("got%s", describe(diagnostics))
			}
			if d := diagnostics[0]; !strings.Contains(d.Message, c.message) || !strings.Contains(d.Location, c.line) {
				t.Errorf("got %q at %q", d.Message, d.Location)
			}
		})
	}
}

func TestYAMLBomb(t *testing.T) {
	var text strings.Builder
	text.WriteString("a0: &a0 [x]\n")
	for i := 1; i <= 30; i++ {
		fmt.Fprintf(&text, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	m, diagnostics := definition.ParseYAML([]byte(text.String()), definition.Options{})
	if m != nil || !strings.Contains(describe(diagnostics), "expand to too much") {
		t.Errorf("got%.300s", describe(diagnostics))
	}
}

func TestYAMLDuplicateKeys(t *testing.T) {
	m, diagnostics := definition.ParseYAML([]byte("StartAt: X\nStartAt: Y\nStartAt: A\nStates:\n  A: {Type: Succeed}\n"), definition.Options{})
	want := []string{"DUPLICATE_KEY: The key 'StartAt' appears more than once in the same object at /StartAt"}
	if got := lines(diagnostics, definition.Warning); m == nil || !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestYAMLIsNoObject(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "- a\n", "text\n"} {
		m, diagnostics := definition.ParseYAML([]byte(text), definition.Options{})
		if m != nil || !slices.Equal(lines(diagnostics, definition.Error), []string{"Definition must be a valid JSON object at "}) {
			t.Errorf("%q gave%s", text, describe(diagnostics))
		}
	}
}

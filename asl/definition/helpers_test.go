package definition_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// machine wraps states in a machine that starts at the state A.
func machine(states string) string { return `{"StartAt": "A", "States": {` + states + `}}` }

// end makes a machine of one state A with these fields.
func end(fields string) string { return machine(`"A": {` + fields + `, "End": true}`) }

// mustParse parses a definition that has to be right.
func mustParse(t *testing.T, text string, opts definition.Options) *definition.Machine {
	t.Helper()
	m, diagnostics := definition.Parse([]byte(text), opts)
	if m == nil {
		t.Fatalf("the definition was refused:%s", describe(diagnostics))
	}
	return m
}

// lines writes diagnostics of a severity as "CODE: message at location", the
// commonest code left out.
func lines(diagnostics []definition.Diagnostic, severity definition.Severity) []string {
	var texts []string
	for _, d := range diagnostics {
		if d.Severity == severity {
			text := strings.TrimPrefix(string(d.Code)+": "+d.Message, "SCHEMA_VALIDATION_FAILED: ")
			texts = append(texts, text+" at "+d.Location)
		}
	}
	return texts
}

// faults is a table of definitions and what is wrong with them.
type faults []struct {
	name string
	text string
	want []string
}

func (table faults) run(t *testing.T, opts definition.Options, severity definition.Severity) {
	t.Helper()
	for _, c := range table {
		t.Run(c.name, func(t *testing.T) {
			m, diagnostics := definition.Parse([]byte(c.text), opts)
			if got := lines(diagnostics, severity); !slices.Equal(got, c.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
			}
			if (m == nil) != definition.HasErrors(diagnostics) {
				t.Errorf("machine %v with diagnostics%s", m, describe(diagnostics))
			}
		})
	}
}

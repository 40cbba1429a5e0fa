package definition_test

import (
	"bytes"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

var seeds = []string{
	``, `not a definition`, `{}`, `[]`, yamlMachine,
	`{"StartAt": "A", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Fail"}}}],"End":true}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:getObject","Parameters":{"a.$":"$.a[?(@.b>1)]"},` +
		`"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["E"],"Next":"A"}],"End":true}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Not":{"Variable":"$.x","NumericEquals":1},"Next":"A"}],"Default":"A"}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${R}","Parameters":{"x.$":"$.a[?(@.b==c)][(@.length-1)]"},"Assign":{"v":1},"Next":"B"},` +
		`"B":{"Type":"Parallel","Branches":[{"StartAt":"C","States":{"C":{"Type":"Pass","QueryLanguage":"x","Assign":{"v.$":"$v"},"Next":"C"}}}],"End":true}}}`,
	`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Wait","Seconds":"{% 1 %}","Output":["{%%}"],"End":true}}}`,
	`{"StartAt":"A","States":{"A":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},` +
		`"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"x.$":"States.Format('{}',$.a)"},"End":true}}},"ItemReader":{},"End":true}}}`,
}

// FuzzParse checks that every text is either a machine or refused with a
// reason, and that a machine keeps the promises of the model.
func FuzzParse(f *testing.F) {
	for _, text := range seeds {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, parse := range []func([]byte, definition.Options) (*definition.Machine, []definition.Diagnostic){
			definition.Parse, definition.ParseYAML,
		} {
			m, diagnostics := parse(text, everything)
			if (m == nil) != definition.HasErrors(diagnostics) {
				t.Fatalf("machine %v with%s", m, describe(diagnostics))
			}
			for _, d := range diagnostics {
				if d.Line < 1 || d.Column < 1 || d.Line > 1+bytes.Count(text, []byte("\n"))+bytes.Count(text, []byte("\r")) {
					t.Fatalf("%d:%d is no place in the text for%s", d.Line, d.Column, describe([]definition.Diagnostic{d}))
				}
			}
			if m != nil {
				checkPromises(t, m)
			}
		}
	})
}

func checkPromises(t *testing.T, m *definition.Machine) {
	for i, s := range m.All {
		if s.Index != i || s.Kind == nil || s.Scope == nil {
			t.Fatalf("state %+v", s)
		}
		if s.Next != nil && s.Next.Scope != s.Scope {
			t.Fatalf("%s leaves its scope", s.Name)
		}
		for _, c := range s.Catch {
			if c.Next == nil || len(c.Errors) == 0 {
				t.Fatalf("catcher %+v", c)
			}
		}
		checkKind(t, s)
	}
	for i, scope := range m.Scopes {
		if scope.ID != i || scope.Start == nil || len(scope.States) == 0 {
			t.Fatalf("scope %+v", scope)
		}
	}
}

func checkKind(t *testing.T, s *definition.State) {
	switch k := s.Kind.(type) {
	case *definition.Choice:
		for _, r := range k.Rules {
			if r.Next == nil || r.Test == nil {
				t.Fatalf("rule %+v", r)
			}
		}
	case *definition.Wait:
		if (k.Seconds == nil) == (k.Timestamp == nil) {
			t.Fatalf("wait %+v", k)
		}
	case *definition.Parallel:
		if len(k.Branches) == 0 {
			t.Fatalf("parallel %+v", k)
		}
	case *definition.Map:
		if k.Processor == nil {
			t.Fatalf("map %+v", k)
		}
	case *definition.Pass, *definition.Task:
		if s.End == (s.Next != nil) {
			t.Fatalf("state %+v", s)
		}
	}
}

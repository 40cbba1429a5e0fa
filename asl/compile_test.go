package asl

import (
	"strings"
	"sync"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// TestCompileRefuses what this version cannot run, at its place.
func TestCompileRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": `{`,
	} {
		p, diagnostics := Compile([]byte(text), Options{})
		if p != nil || !definition.HasErrors(diagnostics) {
			t.Errorf("%s is not refused: %v", name, diagnostics)
		}
	}
}

// TestCompileWarns of a service integration without a connector: AWS has it.
func TestCompileWarns(t *testing.T) {
	text := machine(`{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"q","MessageBody":"b"},"End":true}`)
	p, diagnostics := Compile([]byte(text), Options{})
	if p == nil || len(diagnostics) != 1 || diagnostics[0].Code != definition.NoConnector {
		t.Errorf("got %v", diagnostics)
	}
}

// TestCompileYAML: a definition may be YAML.
func TestCompileYAML(t *testing.T) {
	p, diagnostics := Compile([]byte("StartAt: A\nStates:\n  A:\n    Type: Succeed\n"), Options{})
	if p == nil {
		t.Fatal(diagnostics)
	}
	if got := p.Machine().Root.Start.Name; got != "A" {
		t.Errorf("it starts at %s", got)
	}
	if !strings.Contains(p.Machine().Source, "StartAt: A") {
		t.Error("the source is not what was given")
	}
}

// TestProgramIsShared: many runs of one program at the same time.
func TestProgramIsShared(t *testing.T) {
	shareProgram(t, machine(`{"Type":"Map","ItemSelector":{"k":{"c":[1,2]},"v.$":"States.Format('{}', $$.Map.Item.Value)"},"End":true,
		"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Result":{"r":[1]},"ResultPath":"$.r","End":true}}}}`),
		`[{"k":{"c":[1,2]},"v":"1","r":{"r":[1]}},{"k":{"c":[1,2]},"v":"{a=2}","r":{"r":[1]}}]`)
	shareProgram(t, jsonataMachine(`"A":{"Type":"Map","ItemSelector":{"k":{"c":[1,2]},"v":"{% $partition([1,2,3], 2) %}"},"End":true,
		"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Output":"{% $states.input ~> |k|{'d': $sort(c, function($l, $r) { $l < $r }), 'e': /a(b)/('xab').groups}| %}","End":true}}}}`),
		`[{"k":{"c":[1,2],"d":[2,1],"e":["b"]},"v":[[1,2],[3]]},{"k":{"c":[1,2],"d":[2,1],"e":["b"]},"v":[[1,2],[3]]}]`)
}

func shareProgram(t *testing.T, definition, want string) {
	t.Helper()
	p := mustCompile(t, definition)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			w := worldOf(t, p, testLimits())
			w.start(`[1,{"a":2}]`)
			if got := w.outcome(); got != "SUCCEEDED "+want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
	all.Wait()
}

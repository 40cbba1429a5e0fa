package asl_test

import (
	"testing"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// TestTransitions counts the states that are entered, and retries.
func TestTransitions(t *testing.T) {
	for name, c := range map[string]struct {
		definition string
		want       int
	}{
		"one state":    {`{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`, 1},
		"three states": {`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}}}`, 3},
		"branches":     {`{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}, {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}]}}}`, 3},
		"iterations":   {`{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$", "End": true, "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}}}}`, 4},
		"a retry":      {`{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Retry": [{"ErrorEquals": ["States.ALL"]}], "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail"}}}]}}}`, 3},
	} {
		p, diagnostics := asl.Compile([]byte(c.definition), asl.Options{})
		if p == nil {
			t.Fatalf("%s: %v", name, diagnostics)
		}
		run := p.New(interpreter.Info{Limits: &interpreter.Limits{PayloadBytes: 1 << 20, InlineIterations: 10}})
		var d interpreter.Decision
		run.Decide(&interpreter.Env{Now: time.UnixMilli(0)}, interpreter.Start{Input: value.Text([]byte(`[1, 2, 3]`))}, &d)
		if d.Transitions != c.want {
			t.Errorf("%s: %d transitions, want %d", name, d.Transitions, c.want)
		}
		if d.Reset(); d.Transitions != 0 {
			t.Errorf("%s: %d after a reset", name, d.Transitions)
		}
	}
}

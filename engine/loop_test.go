package engine_test

import (
	"testing"

	"github.com/fermata-dev/fermata/engine"
)

// TestEndlessLoopCanBeStopped: a state machine that goes round for ever, without
// anything from outside, hears of Stop, and others run beside it.
func TestEndlessLoopCanBeStopped(t *testing.T) {
	w := newWorld(t, echo, func(c *engine.Config) { c.Shards, c.Limits.HistoryEvents, c.Limits.BatchFacts = 1, 0, 100 })
	loop := w.deploy(1, `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"},
		"B": {"Type": "Choice", "Choices": [{"Variable": "$.enough", "IsPresent": true, "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}}}`)
	one := w.deploy(2, oneTask)
	run := w.start(loop, "x", `{}`)
	w.expect(w.start(one, "y", `1`), "SUCCEEDED 1")
	if _, err := w.engine.Stop(t.Context(), run, nil, nil); err != nil {
		t.Fatal(err)
	}
	w.expect(run, "ABORTED")
}

package definition_test

import (
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

func TestToJSON(t *testing.T) {
	got, faults := definition.ToJSON([]byte("StartAt: A\nStates:\n  A: {Type: Pass, Result: 1.0, End: true}\n"))
	want := `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":1.0,"End":true}}}`
	if faults != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, faults, want)
	}
	if got, faults := definition.ToJSON([]byte(" {nonsense")); faults != nil || string(got) != " {nonsense" {
		t.Errorf("what looks like JSON is not touched: got %q, %v", got, faults)
	}
	if _, faults := definition.ToJSON([]byte("a: [")); len(faults) != 1 {
		t.Errorf("broken YAML gave %v", faults)
	}
}

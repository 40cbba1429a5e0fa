package asl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// TestLabelsOfManyPlaces: map runs are found by the label of their state, which is that
// of its place however much the validator has told of other places.
func TestLabelsOfManyPlaces(t *testing.T) {
	inner := func(name string) string {
		return fmt.Sprintf(`{"StartAt":"%[1]s","States":{"%[1]s":{"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
			"StartAt":"%[1]sI","States":{"%[1]sI":{"Type":"Pass","End":true}}}}}}`, name)
	}
	const long = 200_000
	labels := func(expressions int) (all []string) {
		text := `{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","Next":"B","Output":{"` + strings.Repeat("n", long) +
			`":["{%1%}"` + strings.Repeat(`,"{%1%}"`, expressions) + `]}},"B":{"Type":"Parallel","End":true,"Branches":[` + inner("M") + "," + inner("N") + `]}}}`
		m, diagnostics := definition.Parse([]byte(text), (&Options{}).Definition())
		if m == nil {
			t.Fatal(diagnostics)
		}
		for _, state := range NewProgram(m).MapStates() {
			all = append(all, MapLabel(state))
		}
		return all
	}
	few, many := labels(0), labels(1000)
	if len(few) != 2 || few[0] == few[1] || few[0] != many[0] || few[1] != many[1] {
		t.Errorf("labels are %v, and where much was told %v", few, many)
	}
}

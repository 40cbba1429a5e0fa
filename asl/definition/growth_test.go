package definition_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// TestLongPlaces reads definitions of nearly a megabyte with as many places below long
// names: if each were written out, this would take hours, and hundreds of gigabytes.
func TestLongPlaces(t *testing.T) {
	name, deep := strings.Repeat("n", 400_000), strings.Repeat(`{"0123456789":`, 900)
	for what, body := range map[string]string{
		"values":      `"Parameters":{"` + name + `":[1` + strings.Repeat(",1", 250_000) + `]}`,
		"expressions": `"QueryLanguage":"JSONata","Output":{"` + name + `":[1` + strings.Repeat(`,"{%1%}"`, 50_000) + `]}`,
		"faults":      `"Parameters":{"` + name + `":[1` + strings.Repeat(`,{"a.$":1}`, 40_000) + `]}`,
		"deep":        `"Parameters":` + deep + `[1` + strings.Repeat(",1", 400_000) + `]` + strings.Repeat("}", 900),
		"twice":       `"Parameters":` + deep + `{"a":1` + strings.Repeat(`,"a":1`, 150_000) + `}` + strings.Repeat("}", 900),
	} {
		text := `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,` + body + `}}}`
		_, diagnostics := definition.Parse([]byte(text), definition.Options{JSONata: true})
		told := 0
		for _, d := range diagnostics {
			told += len(d.Location) + len(d.Pointer)
		}
		if definition.HasErrors(diagnostics) != (what == "faults") || told > 100<<20 {
			t.Errorf("%s: %d diagnostics, with places of %d bytes", what, len(diagnostics), told)
		}
	}
}

// TestCutPlaces: what places look like when too much has been told.
func TestCutPlaces(t *testing.T) {
	name := strings.Repeat("n", 100_000)
	text := `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Parameters":{"` + name + `":[1` +
		strings.Repeat(`,{"a.$":1}`, 1000) + `]}}}}`
	_, diagnostics := definition.Parse([]byte(text), definition.Options{})
	first, last := diagnostics[0], diagnostics[len(diagnostics)-1]
	if want := "/States/A/Parameters/" + name + "[1]"; first.Location != want {
		t.Errorf("the first is at %.60s", first.Location)
	}
	if last.Location != "/States/A…" || len(diagnostics) != 1000 {
		t.Errorf("the last of %d is at %.60s", len(diagnostics), last.Location)
	}
}

// TestShadowedByMany has a variable of its own in each of a thousand states, each of which
// is to be looked for along all the others.
func TestShadowedByMany(t *testing.T) {
	const count = 1000
	var states strings.Builder
	for i := range count {
		fmt.Fprintf(&states, `"S%d":{"Type":"Parallel","Assign":{"v%d":1},"Branches":[{"StartAt":"P%d","States":`+
			`{"P%d":{"Type":"Pass","Assign":{"v%d":1},"End":true}}}],"Next":"S%d"},`, i, i, i, i, i, i+1)
	}
	text := fmt.Sprintf(`{"StartAt":"S0","States":{%s"S%d":{"Type":"Succeed"}}}`, states.String(), count)
	if _, diagnostics := definition.Parse([]byte(text), definition.Options{}); len(diagnostics) != 0 {
		t.Errorf("%v", diagnostics[0])
	}
}

// TestAliasesOfLongTexts: what aliases expand to counts by its length.
func TestAliasesOfLongTexts(t *testing.T) {
	text := "a: &a " + strings.Repeat("x", 500_000) + "\nb: [" + strings.Repeat("*a,", 20_000) + "*a]\n"
	_, diagnostics := definition.ToJSON([]byte(text))
	if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, "expand to too much") {
		t.Errorf("%v", diagnostics)
	}
}

// TestManyArguments: what is told of members and objects is short, and of objects that are
// alike once.
func TestManyArguments(t *testing.T) {
	const count = 70_000
	var unknown strings.Builder
	for i := range count {
		fmt.Fprintf(&unknown, `"Z%d":1,`, i)
	}
	for integration, c := range map[string]struct {
		arguments string
		most      int
	}{
		"aws-sdk:rds:createDBInstance": {`{` + unknown.String() + `"DbName": "d"}`, count + 10},
		"aws-sdk:sqs:sendMessageBatch": {`{"QueueUrl": "q", "Entries": [{"Id": "1"}` + strings.Repeat(",{}", 4*count) + `]}`, 10},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, diagnostics := definition.Parse([]byte(calling(integration, c.arguments)), definition.Options{})
		runtime.ReadMemStats(&after)
		if made := (after.TotalAlloc - before.TotalAlloc) >> 20; len(diagnostics) > c.most || made > 400 {
			t.Errorf("%s: %d diagnostics, of %d MiB", integration, len(diagnostics), made)
		}
	}
}

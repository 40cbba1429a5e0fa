package definition

import (
	"fmt"
	"strings"
	"testing"
)

// chain is states that follow each other, each of which assigns x, up to a last one.
func chain(b *strings.Builder, prefix string, n int, last string) {
	for i := range n {
		fmt.Fprintf(b, `"%s%d":{"Type":"Pass","Assign":{"x":1},"Next":"%s%d"},`, prefix, i, prefix, i+1)
	}
	fmt.Fprintf(b, `"%s%d":%s`, prefix, n, last)
}

// TestShadowingOfManyStates: a long definition takes a moment, where looking for a
// path for each pair of states would take hours; its faults have the columns of the
// one line that it is.
func TestShadowingOfManyStates(t *testing.T) {
	const n = 5000
	var inner, outer strings.Builder
	chain(&inner, "t", n, `{"Type":"Succeed"}`)
	chain(&outer, "s", n, `{"Type":"Parallel","End":true,"Branches":[{"StartAt":"t0","States":{`+inner.String()+`}}]}`)
	text := `{"StartAt":"s0","States":{` + outer.String() + `}}`
	m, diagnostics := Parse([]byte(text), Options{})
	if m != nil || len(diagnostics) != n {
		t.Fatalf("%d diagnostics, a machine: %v", len(diagnostics), m != nil)
	}
	for i, d := range diagnostics {
		if d.Code != DuplicateVariableName || d.Severity != Error || !strings.HasPrefix(text[d.Column-1:], `"x":1`) {
			t.Fatalf("diagnostic %d is %+v", i, d)
		}
	}
}

func TestShadowingByPath(t *testing.T) {
	const (
		assign   = `"Assign":{"x":1},`
		branch   = `"Branches":[{"StartAt":"I","States":{"I":{"Type":"Pass",` + assign + `"End":true}}}]`
		parallel = `,"P":{"Type":"Parallel","End":true,` + branch + `}`
		last     = `,"Z":{"Type":"Succeed"}`
	)
	scope := func(name string) string {
		return `{"StartAt":"` + name + `","States":{"` + name + `":{"Type":"Pass",` + assign + `"End":true}}}`
	}
	fork := func(next, otherwise, inRule, inState string) string {
		return `{"Type":"Choice","Choices":[{"Variable":"$.n","IsNull":true,` + inRule + `"Next":"` + next + `"}],` + inState + `"Default":"` + otherwise + `"}`
	}
	task := func(next, caught, inCatcher, inState string) string {
		return `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},` + inState + `"Next":"` + next + `",
			"Catch":[{"ErrorEquals":["States.ALL"],` + inCatcher + `"Next":"` + caught + `"}]}`
	}
	for name, c := range map[string]struct {
		states string
		want   Severity
	}{
		"a path leads from it": {`"C":{"Type":"Pass","Assign":{"x":1},"Next":"P"},"P":{"Type":"Parallel","End":true,` + branch + `}`, Error},
		"it stands behind":     {`"C":{"Type":"Parallel","Next":"P",` + branch + `},"P":{"Type":"Pass","Assign":{"x":1},"End":true}`, ""},
		"it stands on another path": {`"C":{"Type":"Choice","Choices":[{"Variable":"$.n","IsNull":true,"Next":"A"}],"Default":"B"},
			"A":{"Type":"Pass","Assign":{"x":1},"End":true},"B":{"Type":"Pass","Next":"P"},"P":{"Type":"Parallel","End":true,` + branch + `}`, ""},
		"and one behind leads back": {`"C":{"Type":"Choice","Choices":[{"Variable":"$.n","IsNull":true,"Next":"A"}],"Default":"B"},
			"A":{"Type":"Pass","Assign":{"x":1},"End":true},"B":{"Type":"Pass","Next":"P"},"P":{"Type":"Parallel","Next":"Z",` + branch + `},
			"Z":{"Type":"Pass","Assign":{"x":2},"Next":"P"}`, Error},
		"the Parallel itself":                        {`"C":{"Type":"Parallel","Assign":{"x":2},"End":true,` + branch + `}`, ""},
		"the Parallel itself, which is come back to": {`"C":{"Type":"Parallel","Assign":{"x":2},"Next":"D",` + branch + `},"D":` + fork("C", "Z", "", "") + last, Error},
		"a rule that leads to it":                    {`"C":` + fork("P", "Z", assign, "") + parallel + last, Error},
		"a rule that leads elsewhere":                {`"C":` + fork("Z", "P", assign, "") + parallel + last, ""},
		"a Choice where no rule holds":               {`"C":` + fork("Z", "P", "", assign) + parallel + last, Error},
		"a Choice whose rule leads to it":            {`"C":` + fork("P", "Z", "", assign) + parallel + last, ""},
		"a catcher that leads to it":                 {`"C":` + task("Z", "P", assign, "") + parallel + last, Error},
		"a catcher that leads elsewhere":             {`"C":` + task("P", "Z", assign, "") + parallel + last, ""},
		"a Task whose catcher leads to it":           {`"C":` + task("Z", "P", "", assign) + parallel + last, ""},
		"branches of one Parallel":                   {`"C":{"Type":"Parallel","End":true,"Branches":[` + scope("I") + `,` + scope("J") + `]}`, ""},
		"two scopes around": {`"C":{"Type":"Pass",` + assign + `"Next":"P"},"P":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"Q","States":{"Q":{"Type":"Parallel","End":true,` + branch + `}}}]}`, Error},
		"a DISTRIBUTED Map": {`"C":{"Type":"Pass",` + assign + `"Next":"P"},"P":{"Type":"Map","End":true,"ItemProcessor":{
			"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` + scope("I")[1:] + `}`, Error},
		"a Parallel in a DISTRIBUTED Map": {`"C":{"Type":"Pass",` + assign + `"Next":"P"},"P":{"Type":"Map","End":true,"ItemProcessor":{
			"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"Q","States":{"Q":{"Type":"Parallel","End":true,` + branch + `}}}}`, Error},
	} {
		t.Run(name, func(t *testing.T) {
			_, diagnostics := Parse([]byte(`{"StartAt":"C","States":{`+c.states+`}}`), Options{DistributedMap: true})
			var got Severity
			for _, d := range diagnostics {
				if d.Code == DuplicateVariableName {
					got += d.Severity
				}
			}
			if got != c.want || len(diagnostics) > 1 {
				t.Errorf("got %q, want %q: %+v", got, c.want, diagnostics)
			}
		})
	}
}

// TestAcceptedDefinitions: what was accepted before the rules came that these break
// makes a machine; a definition that is none makes none.
func TestAcceptedDefinitions(t *testing.T) {
	for text, whole := range map[string]bool{
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"P"},"P":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"x":2},"End":true}}}]}}}`: true,
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"M"},"M":{"Type":"Map","End":true,"ItemProcessor":{
			"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
			"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"x":2},"End":true}}}}}}`: true,
		`{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},
			"ReaderConfig":{"InputType":"JSONL","ItemsPointer":"a"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
			"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}}}`: true,
		`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $exists($states.item) %}","End":true}}}`: true,
		`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $states.input.a ?? 1 %}","End":true}}}`:  true,
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}`:                                                                  false,
	} {
		if m, _ := Parse([]byte(text), Options{JSONata: true, DistributedMap: true}); m != nil {
			t.Errorf("%s is accepted as a new one", text)
		}
		if m, diagnostics := Parse([]byte(text), Options{JSONata: true, DistributedMap: true, Accepted: true}); (m != nil) != whole {
			t.Errorf("%s, accepted before: %+v", text, diagnostics)
		}
	}
}

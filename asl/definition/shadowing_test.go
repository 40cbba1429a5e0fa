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
	const branch = `"Branches":[{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"x":1},"End":true}}}]`
	for name, c := range map[string]struct {
		states string
		want   Severity
	}{
		"a path leads from it": {`"C":{"Type":"Pass","Assign":{"x":1},"Next":"P"},"P":{"Type":"Parallel","End":true,` + branch + `}`, Error},
		"it stands behind":     {`"C":{"Type":"Parallel","Next":"P",` + branch + `},"P":{"Type":"Pass","Assign":{"x":1},"End":true}`, ""},
		"it stands nearer, on another path": {`"C":{"Type":"Choice","Choices":[{"Variable":"$.n","IsNull":true,"Next":"A"}],"Default":"B"},
			"A":{"Type":"Pass","Assign":{"x":1},"End":true},"B":{"Type":"Pass","Next":"P"},"P":{"Type":"Parallel","End":true,` + branch + `}`, Warning},
		"and one behind leads back": {`"C":{"Type":"Choice","Choices":[{"Variable":"$.n","IsNull":true,"Next":"A"}],"Default":"B"},
			"A":{"Type":"Pass","Assign":{"x":1},"End":true},"B":{"Type":"Pass","Next":"P"},"P":{"Type":"Parallel","Next":"Z",` + branch + `},
			"Z":{"Type":"Pass","Assign":{"x":2},"Next":"P"}`, Warning},
	} {
		t.Run(name, func(t *testing.T) {
			_, diagnostics := Parse([]byte(`{"StartAt":"C","States":{`+c.states+`}}`), Options{})
			var got Severity
			for _, d := range diagnostics {
				if d.Code == DuplicateVariableName {
					got += d.Severity
				}
			}
			if got != c.want {
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
		`{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},
			"ReaderConfig":{"InputType":"JSONL","ItemsPointer":"a"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
			"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}}}`: true,
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}`: false,
	} {
		if m, _ := Parse([]byte(text), Options{DistributedMap: true}); m != nil {
			t.Errorf("%s is accepted as a new one", text)
		}
		if m, diagnostics := Parse([]byte(text), Options{DistributedMap: true, Accepted: true}); (m != nil) != whole {
			t.Errorf("%s, accepted before: %+v", text, diagnostics)
		}
	}
}

package asl

import (
	"fmt"
	"strings"
	"testing"
)

// TestManyPaths: the paths and the calls of a payload template, each of which looks at as
// much as one may, come to an end together. One by one they would take an hour.
func TestManyPaths(t *testing.T) {
	input := `{"l":[` + strings.Repeat("1,", 40_000) + `1]}`
	for name, expression := range map[string]string{
		"paths": "$.l..*",
		"calls": "States.ArrayLength(States.ArrayPartition($.l, 1))",
	} {
		var members strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&members, `"m%d.$":"%s",`, i, expression)
		}
		w := newWorld(t, machine(`{"Type":"Pass","Parameters":{`+members.String()+`"z":1},"ResultPath":null,"End":true}`))
		w.start(input)
		if got := w.outcome(); !strings.HasPrefix(got, "FAILED States.") {
			t.Errorf("%s: %.200s", name, got)
		}
	}
}

// TestPathsOfManyStates: what the expressions of a state have together they have anew in
// the next one.
func TestPathsOfManyStates(t *testing.T) {
	var members, states strings.Builder
	for i := range 8 {
		fmt.Fprintf(&members, `"m%d.$":"States.ArrayLength($.l..*)",`, i)
	}
	for i := range 8 {
		fmt.Fprintf(&states, `"S%d":{"Type":"Pass","Parameters":{%s"z":1},"ResultPath":null,"Next":"S%d"},`, i, members.String(), i+1)
	}
	w := newWorld(t, `{"StartAt":"S0","States":{`+states.String()+`"S8":{"Type":"Succeed"}}}`)
	w.start(`{"l":[` + strings.Repeat("1,", 100_000) + `1]}`)
	if got := w.outcome(); !strings.HasPrefix(got, "SUCCEEDED") {
		t.Errorf("%.200s", got)
	}
}

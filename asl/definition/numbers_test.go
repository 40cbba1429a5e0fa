package definition_test

import (
	"fmt"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// TestNumbersOfAResult: what a Result and a payload template hand on are numbers as
// Java writes them; all else is handed on as it stands.
func TestNumbersOfAResult(t *testing.T) {
	const machine = `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":%[1]s,"Result":%[1]s,"Assign":%[1]s,"End":true}}}`
	const written = `{"a":[1.00,2e2,{"b":-0.0,"c":1.50}],"d":12345678.5,"e":0.0001,"f":1,"g":123456789012345678901234567890,"h":1E400,"i":"1.00"}`
	const want = `{"a":[1.0,200.0,{"b":-0.0,"c":1.5}],"d":1.23456785E7,"e":1.0E-4,"f":1,"g":123456789012345678901234567890,"h":1E400,"i":"1.00"}`
	m, all := definition.Parse(fmt.Appendf(nil, machine, written), definition.Options{})
	if m == nil {
		t.Fatal(all)
	}
	state := m.All[0]
	result := string(value.Append(nil, state.Kind.(*definition.Pass).Result))
	parameters := string(value.Append(nil, state.Data.Arguments.(*definition.Constant).Value))
	if result != want || parameters != want {
		t.Errorf("the Result is      %s\nthe Parameters are %s\nwant               %s", result, parameters, want)
	}
	assigned := value.NewObject(len(state.Assign))
	for _, a := range state.Assign {
		assigned.Set(a.Name, a.Value.(*definition.Constant).Value)
	}
	if got := string(value.Append(nil, assigned)); got != want {
		t.Errorf("the variables are %s, want %s", got, want)
	}
}

package catalog_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/fermata-dev/fermata/catalog"
)

func TestVariableReferences(t *testing.T) {
	compile := catalog.ASL(nil)
	compiled, diagnostics := compile([]byte(`{"StartAt": "A", "States": {
		"A": {"Type": "Pass", "Assign": {"x": 1, "y": [2], "z": 3}, "Next": "B"},
		"B": {"Type": "Choice", "Choices": [{"And": [
			{"Variable": "$x", "NumericEquals": 1}, {"Not": {"Variable": "$.a", "StringEqualsPath": "$z"}}], "Next": "C"}], "Default": "C"},
		"C": {"Type": "Map", "ItemsPath": "$y", "ItemSelector": {"plain": "$x"}, "ItemProcessor": {"StartAt": "D", "States": {
			"D": {"Type": "Pass", "Parameters": {"a": [{"b.$": "States.MathAdd(States.MathAdd($z, $x), $x)"}]}, "End": true}}}, "End": true}}}`), catalog.Standard, false)
	if compiled == nil {
		t.Fatal(diagnostics)
	}
	want := map[string][]string{"B": {"x", "z"}, "C": {"y"}, "D": {"x", "z"}}
	if !reflect.DeepEqual(compiled.VariableReferences, want) {
		t.Errorf("got %v, want %v", compiled.VariableReferences, want)
	}
}

// TestVariableReferencesOfJSONata: names in strings, of functions, and of
// variables that an expression binds itself are none.
func TestVariableReferencesOfJSONata(t *testing.T) {
	compile := catalog.ASL(nil)
	compiled, diagnostics := compile([]byte(`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
		"A": {"Type": "Pass", "Assign": {"count": 1, "x": "{% $states.input.x %}"}, "Next": "B"},
		"B": {"Type": "Choice", "Choices": [{"Condition": "{% $contains($y, /\\$no/) and '$none' != $x.a %}", "Next": "C", "Output": "{% $z %}"}], "Default": "C"},
		"C": {"Type": "Map", "Items": ["{% ($own := $sum($list); $own + $count) %}"], "ItemSelector": {"a": "{% $states.context.Map.Item.Value %}"},
			"MaxConcurrency": "{% $most %}", "ItemProcessor": {"StartAt": "D", "States": {
			"D": {"Type": "Wait", "Seconds": "{% $seconds %}", "Next": "E"},
			"E": {"Type": "Fail", "Error": "{% 'a' & $f(function($v) { $v }) %}"}}}, "End": true}}}`), catalog.Standard, false)
	if compiled == nil {
		t.Fatal(diagnostics)
	}
	want := map[string][]string{"B": {"x", "y", "z"}, "C": {"count", "list", "most"}, "D": {"seconds"}, "E": {"f"}}
	if !reflect.DeepEqual(compiled.VariableReferences, want) {
		t.Errorf("got %v, want %v", compiled.VariableReferences, want)
	}
}

func ExampleASL() {
	compile := catalog.ASL(nil)
	_, diagnostics := compile([]byte(`{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}`), catalog.Standard, false)
	for _, d := range diagnostics {
		fmt.Println(d.Severity, d.Code)
	}
	// Output:
	// ERROR SCHEMA_VALIDATION_FAILED
	// ERROR MISSING_END_STATE
}

package definition_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

func jsonata(states string) string {
	return `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {` + states + `}}`
}

func TestJSONataIsAnOption(t *testing.T) {
	faults{
		{"machine", jsonata(`"A": {` + pass + `}`), []string{"QueryLanguage JSONata is not supported by this version at /QueryLanguage"}},
		{"state", end(`"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %}"`),
			[]string{"QueryLanguage JSONata is not supported by this version at /States/A/QueryLanguage"}},
	}.run(t, definition.Options{}, definition.Error)
}

func TestJSONataRules(t *testing.T) {
	faults{
		{"JSONPath fields", jsonata(`"A": {"InputPath": "$", "Parameters": {}, ` + pass + `}`), []string{
			"The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/A",
			"The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' QueryLanguage at /States/A"}},
		{"not closed", jsonata(`"A": {"Output": {"x": "{% 1"}, ` + pass + `}`),
			[]string{"JSONata string must start with {% and end with %} at /States/A/Output/x"}},
		{"not opened", jsonata(`"A": {"Output": [" {% 1 %}"], ` + pass + `}`),
			[]string{"JSONata string must start with {% and end with %} at /States/A/Output[0]"}},
		{"syntax", jsonata(`"A": {"Output": ["{% 1 + %}"], ` + pass + `}`),
			[]string{"INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output[0]"}},
		{"Arguments", jsonata(`"A": {"Arguments": [1], "End": true, ` + invoke + `}`), []string{"Expected value of type Object at /States/A/Arguments"}},
		{"Arguments with expressions in them", jsonata(`"A": {"Arguments": ["{% 1 %}"], "End": true, ` + invoke + `}`),
			[]string{"Expected value of type Object at /States/A/Arguments"}},
		{"Condition", jsonata(`"A": {"Type": "Choice", "Choices": [{"Condition": "true", "Next": "B"}, {"Next": "B"},
			{"Condition": ["{% true %}"], "Next": "B"}, {"Condition": {"c": "{% true %}"}, "Next": "B"}]}, "B": {"Type": "Succeed"}`), []string{
			"Expected value of type Boolean at /States/A/Choices[0]/Condition",
			"These fields are required: [Condition] at /States/A/Choices[1]",
			"Expected value of type Boolean at /States/A/Choices[2]/Condition",
			"Expected value of type Boolean at /States/A/Choices[3]/Condition"}},
		{"RoleArn", jsonata(`"A": {` + invoke + `, "Credentials": {"RoleArn": ["{% $states.input.r %}"]}, "End": true}`),
			[]string{"Expected value of type String at /States/A/Credentials/RoleArn"}},
		{"ItemSelector", jsonata(`"A": {"Type": "Map", "ItemSelector": "{% {'i': 1} %}", "Next": "B", "ItemProcessor": ` + processor + `},
			"B": {"Type": "Map", "ItemSelector": ["{% 1 %}"], "End": true, "ItemProcessor": ` + strings.ReplaceAll(processor, "I", "J") + `}`),
			[]string{"Expected value of type Object at /States/B/ItemSelector"}},
		{"Items", jsonata(`"A": {"Type": "Map", "Items": "x", "End": true, "ItemProcessor": ` + processor + `}`),
			[]string{"Expected value of type Array at /States/A/Items"}},
		{"Items that are a number", jsonata(`"A": {"Type": "Map", "Items": 3, "End": true, "ItemProcessor": ` + processor + `}`),
			[]string{"Expected value of type Array at /States/A/Items"}},
		{"wait", jsonata(`"A": {"Type": "Wait", "End": true, "Seconds": "1"}`), []string{"Expected value of type Integer at /States/A/Seconds"}},
		{"states inside take the machine's language", machine(`"A": {"Type": "Map", "QueryLanguage": "JSONata", "End": true,
			"ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Output": 1, "End": true}}}}`), []string{
			"The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/A/ItemProcessor/States/I"}},
	}.run(t, everything, definition.Error)
}

// TestJSONataReferences: an expression that reads what it cannot is refused.
func TestJSONataReferences(t *testing.T) {
	pass := func(expression string) string {
		return jsonata(`"A": {"Type": "Pass", "Output": {"v": ["{% ` + expression + ` %}"]}, "End": true}`)
	}
	task := func(fields string) string {
		return jsonata(`"A": {` + invoke + `, "Next": "B", ` + fields + `}, "B": {"Type": "Succeed"}`)
	}
	unsupported := func(message, location string) []string {
		return []string{"UNSUPPORTED_JSONATA_EXPRESSION: " + message + " at /States/A" + location}
	}
	top := func(name string) []string {
		return unsupported("Reference to '"+name+"' at the top level is not supported.", "/Output/v[0]")
	}
	faults{
		{"a name", pass("phone.number"), top("phone")},
		{"names", pass("a + b + a"), append(top("a"), top("b")...)},
		{"a name that is not called for", pass("$phone.number[a > 1].b"), nil},
		{"the context", pass("$string($)"), top("$")},
		{"the root", pass("$states.input.a[$$.b = 1]"), unsupported("Reference to '$$' is not supported.", "/Output/v[0]")},
		{"errorOutput", pass("$states.errorOutput.Cause"), unsupported("Field '$states.errorOutput' does not exist.", "/Output/v[0]")},
		{"the result of a Pass", pass("$states.result"), unsupported("Field '$states.result' does not exist.", "/Output/v[0]")},
		{"an unknown member", pass("$states.error"), unsupported("Field '$states.error' does not exist.", "/Output/v[0]")},
		{"an unknown member in quotes", pass("$states.`item`[0]"), unsupported("Field '$states.item' does not exist.", "/Output/v[0]")},
		{"any member", pass("[$states, ($states).item, $states.*, $states.input.a.$states.item]"), nil},
		{"in a string", pass("'$states.result'"), nil},
		{"the result of a Task", task(`"Output": "{% $states.result %}", "Assign": {"v": "{% $states.result.a %}"}`), nil},
		{"the result in Arguments", task(`"Arguments": "{% $states.result %}"`), unsupported("Field '$states.result' does not exist.", "/Arguments")},
		{"a catcher", task(`"Catch": [{"ErrorEquals": ["E"], "Next": "B", "Output": ["{% $states.errorOutput %}"], "Assign": {"v": "{% $states.errorOutput %}"}}]`), nil},
		{"the result in a catcher", task(`"Catch": [{"ErrorEquals": ["E"], "Next": "B", "Output": "{% $states.result %}"}]`),
			unsupported("Field '$states.result' does not exist.", "/Catch[0]/Output")},
		{"a rule", jsonata(`"A": {"Type": "Choice", "Choices": [{"Condition": "{% $states.errorOutput = 1 %}", "Next": "B"}]}, "B": {"Type": "Succeed"}`),
			unsupported("Field '$states.errorOutput' does not exist.", "/Choices[0]/Condition")},
		{"nothing", pass(""), []string{"INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output/v[0]"}},
		{"an operator of JSONata 2.1", pass("$states.input.a ?? 1"), []string{`INVALID_JSONATA_EXPRESSION: The symbol "?" cannot be used as a unary operator at /States/A/Output/v[0]`}},
		{"another operator of JSONata 2.1", pass("$states.input.a ?: 1"), []string{`INVALID_JSONATA_EXPRESSION: The symbol ":" cannot be used as a unary operator at /States/A/Output/v[0]`}},
		{"a condition without blanks", pass("$states.input.a?1:2"), nil},
		{"syntax", pass("a[1,2)"), []string{`INVALID_JSONATA_EXPRESSION: Expected "]", got "," at /States/A/Output/v[0]`}},
	}.run(t, everything, definition.Error)
}

// TestJSONataReads: what has to be there when an expression is evaluated.
func TestJSONataReads(t *testing.T) {
	for expression, want := range map[string]definition.StatesMembers{
		"1":                              0,
		"$states.input.a":                definition.StatesInput,
		"$states.input & $states.result": definition.StatesInput | definition.StatesResult,
		"$states":                        definition.StatesInput | definition.StatesContext | definition.StatesResult,
		`$lookup($states, "input")`:      definition.StatesInput | definition.StatesContext | definition.StatesResult,
	} {
		m := mustParse(t, jsonata(`"A": {`+invoke+`, "End": true, "Output": "{% `+strings.ReplaceAll(expression, `"`, `'`)+` %}"}`), everything)
		if got := m.State("A").Data.Output.(*definition.JSONataExpr).Reads; got != want {
			t.Errorf("%s reads %04b, want %04b", expression, got, want)
		}
	}
}

// TestJSONataLocations reads the notation that AWS uses for the place of an
// expression within its state.
func TestJSONataLocations(t *testing.T) {
	m := mustParse(t, jsonata(`"A": {`+invoke+`, "Next": "B", "Output": {"a": {"b": ["{% $x %}"]}}, "TimeoutSeconds": "{% 5 %}",
		"Catch": [{"ErrorEquals": ["E"], "Next": "B", "Output": "{% $states.errorOutput %}"}]},
		"B": {"Type": "Choice", "Choices": [{"Condition": true, "Next": "C"}, {"Condition": "{% $y %}", "Next": "C", "Assign": {"v": "{% 1 %}"}}]},
		"C": {"Type": "Map", "Next": "D", "Items": ["{% 1 %}"], "ItemSelector": {"k": "{% 2 %}"}, "ItemProcessor": `+processor+`},
		"D": {"Type": "Fail", "Cause": "{% $c %}", "Error": "literal"}`), everything)
	a, b, c, d := m.State("A"), m.State("B"), m.State("C"), m.State("D")
	rules := b.Kind.(*definition.Choice).Rules
	expressions := map[string]definition.Template{
		"Output/a/b[0]":        first(first(first(a.Data.Output))),
		"TimeoutSeconds":       a.Kind.(*definition.Task).TimeoutSeconds,
		"Catch[0]/Output":      a.Catch[0].Output,
		"Choices[1]/Condition": rules[1].Test.(*definition.Condition).Value,
		"Choices[1]/Assign/v":  rules[1].Assign[0].Value,
		"Items[0]":             first(c.Kind.(*definition.Map).Items),
		"ItemSelector/k":       first(c.Kind.(*definition.Map).ItemSelector),
		"Cause":                d.Kind.(*definition.Fail).Cause,
	}
	for want, template := range expressions {
		if e, ok := template.(*definition.JSONataExpr); !ok || e.Location != want {
			t.Errorf("%s is %#v", want, template)
		}
	}
	if e := a.Catch[0].Output.(*definition.JSONataExpr); e.Source != "$states.errorOutput" {
		t.Errorf("source is %q", e.Source)
	}
}

// first is the first part of a template.
func first(t definition.Template) definition.Template {
	switch t := t.(type) {
	case *definition.Object:
		return t.Members[0].Value
	case *definition.Array:
		return t.Items[0]
	default:
		return nil
	}
}

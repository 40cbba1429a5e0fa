package definition_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
)

// rule makes a machine whose first state has one rule with these fields.
func rule(fields string) string {
	return machine(`"A": {"Type": "Choice", "Choices": [{` + fields + `, "Next": "B"}]}, "B": {"Type": "Succeed"}`)
}

// operators are the 39 fields in the order in which AWS lists them.
const operators = "[StringEquals, IsBoolean, StringLessThan, IsNumeric, BooleanEquals, StringLessThanEqualsPath, NumericLessThan, NumericGreaterThan, " +
	"NumericLessThanPath, StringMatches, TimestampLessThanEqualsPath, NumericEquals, TimestampGreaterThan, StringGreaterThanEqualsPath, TimestampGreaterThanEqualsPath, TimestampLessThanEquals, " +
	"NumericLessThanEqualsPath, TimestampEquals, BooleanEqualsPath, IsTimestamp, StringLessThanEquals, NumericLessThanEquals, StringLessThanPath, TimestampGreaterThanPath, " +
	"StringGreaterThan, StringGreaterThanPath, IsString, StringEqualsPath, TimestampEqualsPath, TimestampLessThan, StringGreaterThanEquals, NumericGreaterThanPath, " +
	"NumericGreaterThanEquals, NumericEqualsPath, TimestampLessThanPath, IsNull, IsPresent, TimestampGreaterThanEquals, NumericGreaterThanEqualsPath]"

func TestChoiceRules(t *testing.T) {
	const at = " at /States/A/Choices[0]"
	faults{
		{"no Choices", machine(`"A": {"Type": "Choice", "Default": "B"}, "B": {"Type": "Succeed"}`),
			[]string{"These fields are required: [Choices] at /States/A"}},
		{"Choices empty", machine(`"A": {"Type": "Choice", "Choices": [], "Default": "B"}, "B": {"Type": "Succeed"}`),
			[]string{"Value cannot be empty at /States/A/Choices"}},
		{"no Next", machine(`"A": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true}]}, "B": {"Type": "Succeed"}`),
			[]string{"These fields are required: [Next]" + at, `MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B`}},
		{"nothing to test", rule(`"Comment": ""`), []string{"The object must have only one of the following fields, [And, Or, Not, Variable, Condition]" + at}},
		{"two things to test", rule(`"Variable": "$", "IsNull": true, "Not": {"Variable": "$", "IsNull": true}`),
			[]string{"The object must have only one of the following fields, [And, Or, Not, Variable, Condition]" + at}},
		{"no operator", rule(`"Variable": "$.x"`), []string{"This object should have only one of the following fields: " + operators + at}},
		{"unknown operator", rule(`"Variable": "$.x", "StringEqual": "a"`),
			[]string{"Field 'StringEqual' is not supported" + at,
				"This object should have only one of the following fields: " + operators + at}},
		{"two operators", rule(`"Variable": "$.x", "IsNull": true, "IsString": true`),
			[]string{"There should only be one of the following fields: " + operators + at}},
		{"operands", rule(`"Or": [{"Variable": "$.x", "StringEquals": 1}, {"Variable": "$.x", "NumericEquals": "1"},
			{"Variable": "$.x", "BooleanEquals": "true"}, {"Variable": "$.x", "TimestampEquals": "2012-10-09"}, {"Variable": "$.x", "IsNull": 1},
			{"Variable": "$.x", "TimestampEquals": 1}, {"Variable": "$.x", "StringMatches": null}, {"Variable": "$.x", "StringEqualsPath": "x"}]`), []string{
			"Expected value of type String" + at + "/Or[0]/StringEquals",
			"Expected value of type Number" + at + "/Or[1]/NumericEquals",
			"Expected value of type Boolean" + at + "/Or[2]/BooleanEquals",
			"String does not match RFC3339 timestamp" + at + "/Or[3]/TimestampEquals",
			"Expected value of type Boolean" + at + "/Or[4]/IsNull",
			"Expected value of type String" + at + "/Or[5]/TimestampEquals",
			"Expected value of type String" + at + "/Or[6]/StringMatches",
			"Value is not a Reference Path: Reference path didn't start with '$'" + at + "/Or[7]/StringEqualsPath",
		}},
		{"Variable", rule(`"Variable": "$.x[*]", "IsNull": true`), []string{"Value is not a Reference Path" + at + "/Variable"}},
		{"And empty", rule(`"And": []`), []string{"Value cannot be empty" + at + "/And"}},
		{"Not type", rule(`"Not": []`), []string{"Expected value of type Object" + at + "/Not"}},
		{"Next inside", rule(`"Not": {"And": [{"Variable": "$.x", "IsNull": true, "Next": "B"}]}`),
			[]string{"Field 'Next' is not supported" + at + "/Not/And[0]"}},
		{"Condition in JSONPath", rule(`"Condition": true`), []string{
			"The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' QueryLanguage" + at,
			"The object must have only one of the following fields, [And, Or, Not, Variable, Condition]" + at}},
	}.run(t, definition.Options{}, definition.Error)
}

// TestOperators counts the operators: 39 fields that the language has, each
// with an operand that fits.
func TestOperators(t *testing.T) {
	operands := map[string][]string{
		`"x"`:                    {"StringEquals", "StringLessThan", "StringGreaterThan", "StringLessThanEquals", "StringGreaterThanEquals"},
		`1.5`:                    {"NumericEquals", "NumericLessThan", "NumericGreaterThan", "NumericLessThanEquals", "NumericGreaterThanEquals"},
		`"2012-10-09T19:00:55Z"`: {"TimestampEquals", "TimestampLessThan", "TimestampGreaterThan", "TimestampLessThanEquals", "TimestampGreaterThanEquals"},
		`true`:                   {"BooleanEquals"},
	}
	onlyConstant := map[string]string{"StringMatches": `"a*"`, "IsNull": `true`, "IsPresent": `false`, "IsNumeric": `true`,
		"IsString": `true`, "IsBoolean": `true`, "IsTimestamp": `true`}
	count := 0
	check := func(field, operand, operator string, path bool) {
		count++
		m := mustParse(t, rule(fmt.Sprintf(`"Variable": "$.v", %q: %s`, field, operand)), definition.Options{})
		c := m.Root.Start.Kind.(*definition.Choice).Rules[0].Test.(*definition.Comparison)
		if _, isPath := c.Operand.(*definition.PathExpr); c.Operator.String() != operator || isPath != path {
			t.Errorf("%s is %v with %T", field, c.Operator, c.Operand)
		}
	}
	for operand, names := range operands {
		for _, name := range names {
			check(name, operand, name, false)
			check(name+"Path", `"$$.x"`, name, true)
		}
	}
	for name, operand := range onlyConstant {
		check(name, operand, name, false)
		if m, _ := definition.Parse([]byte(rule(fmt.Sprintf(`"Variable": "$.v", %q: "$.x"`, name+"Path"))), definition.Options{}); m != nil {
			t.Errorf("%sPath does not exist", name)
		}
	}
	if count != 39 {
		t.Errorf("%d operators", count)
	}
}

func TestChoiceModel(t *testing.T) {
	m := mustParse(t, machine(`"A": {"Type": "Choice", "Default": "C", "Assign": {"d": 1}, "Choices": [
		{"And": [{"Variable": "$v.a", "IsPresent": true}, {"Not": {"Or": [{"Variable": "$$.x", "NumericEquals": 1.0}]}}],
		 "Next": "B", "Assign": {"n.$": "$.n", "c": [1]}}]}, "B": {"Type": "Succeed"}, "C": {"Type": "Fail"}`), definition.Options{})
	c := m.Root.Start.Kind.(*definition.Choice)
	r := c.Rules[0]
	and := r.Test.(*definition.And)
	or := and.Tests[1].(*definition.Not).Test.(*definition.Or)
	first := and.Tests[0].(*definition.Comparison)
	if first.Variable.Text != "$v.a" || first.Variable.Field != "Variable" || len(or.Tests) != 1 {
		t.Errorf("got %+v and %+v", first, or)
	}
	if c.Default != m.State("C") || r.Next != m.State("B") {
		t.Errorf("targets %v and %v", c.Default, r.Next)
	}
	names := []string{r.Assign[0].Name, r.Assign[1].Name}
	if !slices.Equal(names, []string{"c", "n"}) || len(m.Root.Start.Assign) != 1 {
		t.Errorf("assigned %v", names)
	}
}

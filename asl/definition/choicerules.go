package definition

import (
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// operand says what kind of value an operator compares with.
type operand uint8

const (
	textOperand operand = iota
	numberOperand
	timestampOperand
	booleanOperand
)

// comparison is what the name of an operator's field stands for.
type comparison struct {
	operator Operator
	operand  operand
	path     bool // the …Path form
}

// comparisons are the 39 operator fields by name.
var comparisons = operatorFields()

// operatorFieldNames are they in the order in which AWS lists them.
var operatorFieldNames = []string{
	"StringEquals", "IsBoolean", "StringLessThan", "IsNumeric", "BooleanEquals", "StringLessThanEqualsPath",
	"NumericLessThan", "NumericGreaterThan", "NumericLessThanPath", "StringMatches", "TimestampLessThanEqualsPath",
	"NumericEquals", "TimestampGreaterThan", "StringGreaterThanEqualsPath", "TimestampGreaterThanEqualsPath",
	"TimestampLessThanEquals", "NumericLessThanEqualsPath", "TimestampEquals", "BooleanEqualsPath", "IsTimestamp",
	"StringLessThanEquals", "NumericLessThanEquals", "StringLessThanPath", "TimestampGreaterThanPath",
	"StringGreaterThan", "StringGreaterThanPath", "IsString", "StringEqualsPath", "TimestampEqualsPath",
	"TimestampLessThan", "StringGreaterThanEquals", "NumericGreaterThanPath", "NumericGreaterThanEquals",
	"NumericEqualsPath", "TimestampLessThanPath", "IsNull", "IsPresent", "TimestampGreaterThanEquals",
	"NumericGreaterThanEqualsPath",
}

func operatorFields() map[string]comparison {
	byName := map[string]comparison{}
	for o := StringEquals; o <= IsTimestamp; o++ {
		c := comparison{operator: o, operand: booleanOperand}
		switch {
		case o == StringMatches || o <= StringGreaterThanEquals:
			c.operand = textOperand
		case o <= NumericGreaterThanEquals:
			c.operand = numberOperand
		case o <= TimestampGreaterThanEquals:
			c.operand = timestampOperand
		}
		byName[o.String()] = c
		if o.takesPath() {
			c.path = true
			byName[o.String()+"Path"] = c
		}
	}
	return byName
}

var (
	ruleFields       = ruleTable("Next", "Assign")
	nestedRuleFields = ruleTable()
)

// ruleTable lists the fields of a rule; those of both languages are given.
func ruleTable(both ...string) fieldTable {
	path := []string{"Variable", "And", "Or", "Not"}
	for name := range comparisons {
		path = append(path, name)
	}
	return table(both, path, []string{"Condition", "Output"})
}

// choiceState reads the fields of a Choice state.
func (b *builder) choiceState(s *State, f fields) *Choice {
	c := &Choice{}
	f.require("Choices")
	rules, _ := f.nonEmptyArray("Choices")
	c.Rules = make([]Rule, len(rules)) // links point into it
	for i, v := range rules {
		if rule, ok := f.element("Choices", i, v); ok {
			b.rule(s, &c.Rules[i], rule)
		}
	}
	if name, ok := f.text("Default"); ok {
		b.link(s.Scope, exit{state: s}, name, f.at.field("Default"), &c.Default)
	}
	return c
}

// rule reads one element of Choices into r.
func (b *builder) rule(s *State, r *Rule, f fields) {
	f.check(ruleFields)
	f.comment()
	f.require("Next")
	if next, ok := f.text("Next"); ok {
		b.link(s.Scope, exit{s, f.within}, next, f.at.field("Next"), &r.Next)
	}
	r.Assign = f.assignments()
	if f.lang == JSONata {
		f.require("Condition")
		r.Output = f.template("Output")
		r.Test = f.condition()
		return
	}
	r.Test = f.test()
}

// condition reads the Condition of a JSONata rule.
func (f fields) condition() Test {
	v, ok := f.object.Get("Condition")
	if !ok {
		return nil
	}
	t := f.template("Condition")
	switch c := t.(type) {
	case *Constant:
		if _, isBoolean := c.Value.(bool); !isBoolean {
			f.expectType(f.at.field("Condition"), "Boolean", v)
		}
	case *Object, *Array:
		f.expectTypeLater(f.at.field("Condition"), "Boolean", v)
	}
	return &Condition{Value: t}
}

// test reads the condition of a JSONPath rule, or a part of it.
func (f fields) test() Test {
	tests := f.present([]string{"And", "Or", "Not", "Variable"})
	if len(tests) != 1 {
		f.refuse(f.at, "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]",
			"a rule tests one thing")
		return nil
	}
	switch tests[0] {
	case "And":
		return &And{Tests: f.tests("And")}
	case "Or":
		return &Or{Tests: f.tests("Or")}
	case "Not":
		inner, ok := f.nested("Not")
		if !ok {
			return nil
		}
		return &Not{Test: inner.nestedTest()}
	default:
		return f.comparison()
	}
}

func (f fields) tests(name string) []Test {
	items, _ := f.nonEmptyArray(name)
	tests := make([]Test, 0, len(items))
	for i, v := range items {
		if inner, ok := f.element(name, i, v); ok {
			tests = append(tests, inner.nestedTest())
		}
	}
	return tests
}

func (f fields) nestedTest() Test {
	f.check(nestedRuleFields)
	f.comment()
	return f.test()
}

// comparison reads Variable and the operator.
func (f fields) comparison() Test {
	name := f.exactlyOne(operatorFieldNames...)
	if name == "" {
		return nil
	}
	c := comparisons[name]
	variable, _ := f.comparedPath("Variable").(*PathExpr)
	v, _ := f.object.Get(name)
	test := &Comparison{Variable: variable, Operator: c.operator}
	if c.path {
		test.Operand = f.comparedPath(name)
	} else {
		test.Operand = f.operand(name, v, c.operand)
	}
	return test
}

// comparedPath reads a path of a comparison, for which AWS has words of its own.
func (f fields) comparedPath(name string) Template {
	if text, ok := f.object.Get(name); ok && f.lang == JSONPath {
		if s, ok := text.(string); ok && !strings.HasPrefix(s, "$") {
			f.refuseValue(f.at.field(name), s, notAReference+": Reference path didn't start with '$'", `write a path such as "$.order.id"`)
			return nil
		}
	}
	return f.pathField(name, anyRoot)
}

// operand reads the constant that an operator compares with.
func (f fields) operand(name string, v any, kind operand) Template {
	at := f.at.field(name)
	var fits bool
	want := "String"
	switch kind {
	case numberOperand:
		_, fits = v.(value.Number)
		want = "Number"
	case booleanOperand:
		_, fits = v.(bool)
		want = "Boolean"
	case textOperand:
		_, fits = v.(string)
	default:
		var text string
		text, fits = v.(string)
		if _, ok := ParseTimestamp(text); fits && !ok {
			f.refuseValue(at, v, "String does not match RFC3339 timestamp", "write date, T, time and zone: 2016-03-14T01:59:00Z")
		}
	}
	if !fits {
		f.expectType(at, want, v)
	}
	if text, ok := v.(string); ok && strings.HasPrefix(text, "$.") && kind == textOperand {
		f.warn(NoPath, at, "The value looks like a path, but the field name does not end with 'Path'",
			`use "`+name+`Path" to compare with what stands there`)
	}
	return &Constant{Value: v}
}

package asl

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

func TestWildcard(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "abc", true},
		{"a*c", "ac", true}, {"a*c", "abbc", true}, {"a*c", "abcd", false},
		{"*.log", "x.log.log", true}, {"a*b*c", "a1b2b3c", true}, {"a*b*c", "a1c2", false},
		{`\*`, "*", true}, {`\*`, "a", false}, {`a\*b*`, "a*bcd", true}, {`\\`, `\`, true},
		{"*ab*ab*", "aabb", false}, {"*ab*ab", "abab", true}, {"a*a", "a", false}, {"*a*", "b", false}, {`*\**`, "x", false}, {`*\**`, "x*", true},
		{`\n`, `\n`, true}, {"ä*", "äö", true}, {"***", "x", true}, {"a", "", false},
	} {
		if got := wildcard(c.pattern, c.text); got != c.want {
			t.Errorf("%q matches %q: %v", c.pattern, c.text, got)
		}
	}
}

// TestWildcardOfLongTexts has patterns that nearly match at every place of a text.
func TestWildcardOfLongTexts(t *testing.T) {
	text, part := strings.Repeat("x", 4<<20), strings.Repeat("x", 200_000)
	for _, pattern := range []string{"*" + part + "y", "*" + part + "y*", "*x" + strings.Repeat("*x", 200_000) + "y", strings.Repeat("*", 400_000) + "y"} {
		if wildcard(pattern, text) {
			t.Errorf("%.20s… matches", pattern)
		}
	}
}

func TestCompare(t *testing.T) {
	n := func(s string) any { return value.Number(s) }
	for _, c := range []struct {
		operator    definition.Operator
		left, right any
		want        bool
	}{
		{definition.NumericEquals, n("1"), n("1.0"), true},
		{definition.NumericEquals, "1", n("1"), false},
		{definition.NumericLessThan, n("9007199254740992"), n("9007199254740993"), true},
		{definition.NumericGreaterThan, n("1e400"), n("1e399"), true},
		{definition.NumericLessThanEquals, n("2"), n("2"), true},
		{definition.NumericGreaterThanEquals, n("-3"), n("-2"), false},
		{definition.StringLessThan, "a", "b", true},
		{definition.StringLessThan, n("1"), "b", false},
		{definition.StringLessThan, "\U0001f600", "\uffff", true}, // by UTF-16 code units
		{definition.StringGreaterThan, "\ue000", "\U0001f600", true},
		{definition.StringLessThanEquals, "\uffff", "\U0001f600", false},
		{definition.StringLessThan, "\ud7ff", "\U0001f600", true},
		{definition.StringGreaterThanEquals, "b", "b", true},
		{definition.BooleanEquals, true, true, true},
		{definition.BooleanEquals, true, "true", false},
		{definition.TimestampEquals, "2016-08-18T17:33:00Z", "2016-08-18T19:33:00+02:00", true},
		{definition.TimestampLessThan, "2016-08-18T17:33:00Z", "2016-08-18T17:33:00.001Z", true},
		{definition.TimestampEquals, "2016-08-18 17:33:00Z", "2016-08-18 17:33:00Z", false},
		{definition.TimestampEquals, "2016-08-18T17:33:00.25Z", "2016-08-18T17:33:00.250Z", true},
		{definition.NumericLessThan, n("1e400"), n("2e400"), true},
		{definition.NumericEquals, n("0.1"), n("1e-1"), true},
		{definition.NumericGreaterThan, n("9007199254740993"), n("9007199254740992"), true},
		{definition.IsNull, nil, true, true},
		{definition.IsNull, "", false, true},
		{definition.IsNumeric, n("1"), true, true},
		{definition.IsString, n("1"), true, false},
		{definition.IsBoolean, false, true, true},
		{definition.IsTimestamp, "2016-08-18T17:33:00Z", true, true},
		{definition.IsTimestamp, "2016-08-18", false, true},
		{definition.IsTimestamp, "2016-08-18T1:33:00Z", true, false},
		{definition.IsTimestamp, "2016-08-18T17:33:00,5Z", true, false},
		{definition.IsTimestamp, "2016-08-18T17:33Z", true, false},
		{definition.IsTimestamp, "2016-08-18T17:33:00", true, false},
		{definition.IsTimestamp, "2016-08-18t17:33:00Z", true, false},
		{definition.IsTimestamp, "2016-08-18T24:00:00Z", true, false},
		{definition.IsTimestamp, "", true, false},
	} {
		if got := compare(c.operator, c.left, c.right); got != c.want {
			t.Errorf("%v of %v and %v: %v", c.operator, c.left, c.right, got)
		}
	}
}

func TestCombinedConditions(t *testing.T) {
	choice := func(rule string) string {
		return `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[` + rule + `],"Default":"N"},"Y":{"Type":"Pass","Result":"yes","End":true},"N":{"Type":"Pass","Result":"no","End":true}}}`
	}
	runScenarios(t, []scenario{
		{name: "And", definition: choice(`{"And":[{"Variable":"$.a","NumericEquals":1},{"Not":{"Variable":"$.b","IsPresent":true}}],"Next":"Y"}`), input: `{"a":1}`, want: `SUCCEEDED "yes"`},
		{name: "Or", definition: choice(`{"Or":[{"Variable":"$.b","IsPresent":true},{"Variable":"$.a","NumericEquals":2}],"Next":"Y"}`), input: `{"a":1}`, want: `SUCCEEDED "no"`},
		{name: "Or stops at the first that holds", definition: choice(`{"Or":[{"Variable":"$.a","NumericEquals":1},{"Variable":"$.nowhere","NumericEquals":2}],"Next":"Y"}`), input: `{"a":1}`, want: `SUCCEEDED "yes"`},
		{name: "an operand by path", definition: choice(`{"Variable":"$.a","NumericEqualsPath":"$.b","Next":"Y"}`), input: `{"a":1,"b":1.0}`, want: `SUCCEEDED "yes"`},
		{name: "null is present", definition: choice(`{"Variable":"$.a","IsPresent":true,"Next":"Y"}`), input: `{"a":null}`, want: `SUCCEEDED "yes"`},
		{name: "the context object", definition: choice(`{"Variable":"$$.State.Name","StringMatches":"C*","Next":"Y"}`), want: `SUCCEEDED "yes"`},
	})
}

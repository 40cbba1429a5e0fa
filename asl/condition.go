package asl

import (
	"errors"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

// holds evaluates the condition of a choice rule (section 10). A value of
// another type than the operator is for is no error: the rule does not hold.
func (l jsonPath) holds(v *visit, test definition.Test) (bool, *failure) {
	switch test := test.(type) {
	case *definition.And:
		for _, inner := range test.Tests {
			if holds, err := l.holds(v, inner); err != nil || !holds {
				return false, err
			}
		}
		return true, nil
	case *definition.Or:
		for _, inner := range test.Tests {
			if holds, err := l.holds(v, inner); err != nil || holds {
				return holds, err
			}
		}
		return false, nil
	case *definition.Not:
		holds, err := l.holds(v, test.Test)
		return !holds && err == nil, err
	case *definition.Comparison:
		return v.compare(test)
	default:
		panic("asl: a condition of another query language in a state that uses JSONPath")
	}
}

func (v *visit) compare(test *definition.Comparison) (bool, *failure) {
	left, err := test.Variable.Path.EvalWithin(v, &v.turn.paths.Paths)
	if test.Operator == definition.IsPresent {
		return (err == nil) == truth(test), v.presence(err)
	}
	if err != nil {
		return false, v.noVariable(test.Variable)
	}
	right, failure := v.operand(test)
	if failure != nil {
		return false, failure
	}
	return compare(test.Operator, left, right), nil
}

// presence: only an evaluation that was given up is a failure of IsPresent.
func (v *visit) presence(err error) *failure {
	var missing *jsonpath.NotFoundError
	if err == nil || errors.As(err, &missing) {
		return nil
	}
	return v.frame.runtime("%s", err)
}

func (v *visit) noVariable(path *definition.PathExpr) *failure {
	return v.frame.runtime("Invalid path '%s': The choice state's condition path references an invalid value.", path.Text)
}

func (v *visit) operand(test *definition.Comparison) (any, *failure) {
	switch operand := test.Operand.(type) {
	case *definition.PathExpr:
		right, err := operand.Path.EvalWithin(v, &v.turn.paths.Paths)
		if err != nil {
			return nil, v.noVariable(operand)
		}
		return right, nil
	case *definition.Constant:
		return operand.Value, nil
	default:
		panic("asl: the operand of a comparison is neither a constant nor a path")
	}
}

// truth is the operand of an operator that asks yes or no.
func truth(test *definition.Comparison) bool {
	constant, _ := test.Operand.(*definition.Constant)
	return constant != nil && constant.Value == true
}

func compare(operator definition.Operator, left, right any) bool {
	switch {
	case operator <= definition.StringGreaterThanEquals:
		a, okA := left.(string)
		b, okB := right.(string)
		return okA && okB && ordered(operator, definition.StringEquals, value.CompareStrings(a, b))
	case operator <= definition.NumericGreaterThanEquals:
		a, okA := left.(value.Number)
		b, okB := right.(value.Number)
		return okA && okB && ordered(operator, definition.NumericEquals, a.Compare(b))
	case operator <= definition.TimestampGreaterThanEquals:
		a, okA := timestampOf(left)
		b, okB := timestampOf(right)
		return okA && okB && ordered(operator, definition.TimestampEquals, a.Compare(b))
	case operator == definition.BooleanEquals:
		a, okA := left.(bool)
		b, okB := right.(bool)
		return okA && okB && a == b
	case operator == definition.StringMatches:
		text, okA := left.(string)
		pattern, okB := right.(string)
		return okA && okB && wildcard(pattern, text)
	default:
		return is(operator, left) == (right == true)
	}
}

// ordered says whether an order of two values is the one that an operator
// asks for; equals is the first operator of its family.
func ordered(operator, equals definition.Operator, order int) bool {
	switch operator - equals {
	case 0:
		return order == 0
	case 1:
		return order < 0
	case 2:
		return order > 0
	case 3:
		return order <= 0
	default:
		return order >= 0
	}
}

func is(operator definition.Operator, v any) bool {
	switch operator {
	case definition.IsNull:
		return v == nil
	case definition.IsNumeric:
		_, ok := v.(value.Number)
		return ok
	case definition.IsString:
		_, ok := v.(string)
		return ok
	case definition.IsBoolean:
		_, ok := v.(bool)
		return ok
	case definition.IsTimestamp:
		_, ok := timestampOf(v)
		return ok
	default:
		return false
	}
}

func timestampOf(v any) (time.Time, bool) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, false
	}
	return definition.ParseTimestamp(text)
}

// wildcard matches a text against a pattern in which * stands for any text,
// and a backslash takes the meaning from the * or backslash behind it. What
// stands between two of them is found where it comes first, which leaves most to
// the rest, so that nothing is read twice.
func wildcard(pattern, text string) bool {
	parts := literals(pattern)
	last := len(parts) - 1
	if last == 0 {
		return text == parts[0]
	}
	text, found := strings.CutPrefix(text, parts[0])
	for i := 1; found && i < last; i++ {
		_, text, found = strings.Cut(text, parts[i])
	}
	return found && strings.HasSuffix(text, parts[last])
}

// literals are the texts between the wildcards of a pattern, one more than there
// are wildcards.
func literals(pattern string) []string {
	var parts []string
	var part strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '*':
			parts = append(parts, part.String())
			part.Reset()
			continue
		case c == '\\' && i+1 < len(pattern) && (pattern[i+1] == '*' || pattern[i+1] == '\\'):
			i++
		}
		part.WriteByte(pattern[i])
	}
	return append(parts, part.String())
}

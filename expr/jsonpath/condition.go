package jsonpath

import (
	"regexp"

	"github.com/fermata-dev/fermata/expr/value"
)

// condition is what a filter asks of an item.
type condition interface {
	holds(e *evaluation, item any) (bool, error)
}

// allOf and anyOf stop at the first condition that decides.
type (
	allOf []condition
	anyOf []condition
	not   struct{ condition }
)

func (c allOf) holds(e *evaluation, item any) (bool, error) {
	for _, part := range c {
		if holds, err := part.holds(e, item); err != nil || !holds {
			return false, err
		}
	}
	return true, nil
}

func (c anyOf) holds(e *evaluation, item any) (bool, error) {
	for _, part := range c {
		if holds, err := part.holds(e, item); err != nil || holds {
			return holds, err
		}
	}
	return false, nil
}

func (c not) holds(e *evaluation, item any) (bool, error) {
	holds, err := c.condition.holds(e, item)
	return !holds, err
}

// operand is one side of a comparison: a path below @ or, fromRoot, below $, or
// a literal.
type operand struct {
	path     *Path
	fromRoot bool
	literal  any
}

// resolve is the operand's value for an item, and whether there is one.
func (o *operand) resolve(e *evaluation, item any) (any, bool, error) {
	if o.path == nil {
		return o.literal, true, nil
	}
	if o.fromRoot {
		item = e.root
	}
	if o.path.definite {
		if err := e.spend(o.path.cost()); err != nil {
			return nil, false, err
		}
		v, failure := descend(item, o.path)
		return v, failure == nil, nil
	}
	inner := evaluation{path: e.path, root: e.root, budget: e.budget}
	err := inner.walk(item, o.path.steps)
	return inner.found, len(inner.found) > 0, err
}

// exists asks whether a path names anything, null included.
type exists struct{ operand operand }

func (c exists) holds(e *evaluation, item any) (bool, error) {
	_, ok, err := c.operand.resolve(e, item)
	return ok, err
}

// comparison compares two operands. Values of different types are not equal
// and have no order; what does not exist is equal to nothing.
type comparison struct {
	left, right operand
	operator    string
}

func (c *comparison) holds(e *evaluation, item any) (bool, error) {
	left, okLeft, err := c.left.resolve(e, item)
	if err != nil {
		return false, err
	}
	right, okRight, err := c.right.resolve(e, item)
	if err != nil {
		return false, err
	}
	if !okLeft || !okRight {
		return c.operator == "!=", nil
	}
	switch c.operator {
	case "==", "!=":
		same, err := e.equal(left, right)
		return same == (c.operator == "=="), err
	}
	return inOrder(left, right, c.operator), e.compare(left, right)
}

// inOrder compares two numbers or two strings.
func inOrder(left, right any, operator string) bool {
	var order int
	switch l := left.(type) {
	case value.Number:
		r, ok := right.(value.Number)
		if !ok {
			return false
		}
		order = l.Compare(r)
	case string:
		r, ok := right.(string)
		if !ok {
			return false
		}
		if l < r {
			order = -1
		} else if l > r {
			order = 1
		}
	default:
		return false
	}
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// match asks whether the text of a string, number or boolean matches a
// regular expression from end to end.
type match struct {
	operand operand
	pattern *regexp.Regexp
	size    int // of the compiled pattern, which a search may have to look at for each byte
}

// matched is how many bytes of a text, times the size of the pattern, are looked at as one
// value.
const matched = 256

func (c *match) holds(e *evaluation, item any) (bool, error) {
	v, ok, err := c.operand.resolve(e, item)
	if err != nil || !ok {
		return false, err
	}
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case value.Number, bool:
		text = string(value.Append(nil, v))
	default:
		return false, nil
	}
	if err := e.spend(len(text) * c.size / matched); err != nil {
		return false, err
	}
	return c.pattern.MatchString(text), nil
}

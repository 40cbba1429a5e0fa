package jsonata

import (
	"github.com/fermata-dev/fermata/expr/value"
)

func fnBoolean(c *call) (any, *Error) {
	if isUndefined(c.arg(0)) {
		return undefined, nil
	}
	yes, err := c.r.truth(c.arg(0))
	return yes, err
}

func fnNot(c *call) (any, *Error) {
	if isUndefined(c.arg(0)) {
		return undefined, nil
	}
	yes, err := c.r.truth(c.arg(0))
	return !yes, err
}

func fnExists(c *call) (any, *Error) { return !isUndefined(c.arg(0)), nil }

func fnType(c *call) (any, *Error) {
	switch c.arg(0).(type) {
	case Undefined:
		return undefined, nil
	case nil:
		return "null", nil
	case float64, value.Number:
		if _, is, err := finite(c.arg(0)); !is || err != nil {
			return "object", err // NaN, for this function
		}
		return "number", nil
	case string:
		return "string", nil
	case bool:
		return "boolean", nil
	case []any, *array:
		return "array", nil
	case *function:
		return "function", nil
	}
	return "object", nil
}

func fnError(c *call) (any, *Error) {
	return undefined, &Error{Code: "D3137", Message: c.message(0, "$error() function evaluated")}
}

func fnAssert(c *call) (any, *Error) {
	if yes, _ := c.arg(0).(bool); !yes {
		return undefined, &Error{Code: "D3141", Message: c.message(1, "$assert() statement failed")}
	}
	return undefined, nil
}

func (c *call) message(i int, otherwise string) string {
	if s, _ := c.arg(i).(string); s != "" {
		return wellFormed(s)
	}
	return otherwise
}

func fnEval(c *call) (any, *Error) {
	text, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	if !c.r.spend(1+len(text), 64*len(text)) {
		return undefined, c.r.spent
	}
	input := c.input
	if focus := c.arg(1); !isUndefined(focus) {
		input = focus
		if isArray(input) && !isSequence(input) {
			input = &array{items: []any{input}, sequence: true, outer: true}
		}
	}
	root, err := compile(text, c.r.opts)
	if err != nil {
		return undefined, &Error{Code: "D3120", Value: err.finished(text).Message}
	}
	v, err := c.r.eval(root, input, c.frame)
	if err != nil {
		if c.r.spent != nil || err.Code == CodeDepth {
			return undefined, err
		}
		return undefined, &Error{Code: "D3121", Value: err.finished(text).Message}
	}
	return v, nil
}

package sfn

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// validate checks a request against its shape. A value of the wrong JSON type is
// a SerializationException; broken constraints are one ValidationException
// that lists them all, in the words of AWS's service framework.
func (s *shape) validate(in input, limits *Limits) error {
	c := checker{limits: limits}
	if err := c.structure(s, in.object, ""); err != nil {
		return err
	}
	switch len(c.broken) {
	case 0:
		return nil
	case 1:
		return validation("1 validation error detected: " + c.broken[0])
	}
	return validation(strconv.Itoa(len(c.broken)) + " validation errors detected: " + strings.Join(c.broken, "; "))
}

// checker collects the constraints that are broken.
type checker struct {
	limits *Limits
	broken []string
}

func (c *checker) structure(s *shape, o *value.Object, path string) error {
	for _, m := range s.checked {
		at := join(path, m.name)
		v, _ := o.Get(m.name)
		if v == nil {
			if m.required {
				c.missing(m.shape, at)
			}
			continue
		}
		if err := c.value(m.shape, v, at); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) value(s *shape, v any, at string) error {
	switch s.kind {
	case text:
		t, ok := v.(string)
		if !ok {
			return mistyped(v, "a String")
		}
		c.text(s, t, at)
	case integer:
		n, ok := v.(value.Number)
		if !ok {
			return mistyped(v, "an Integer")
		}
		return c.integer(s, n, at)
	case long:
		n, ok := v.(value.Number)
		if !ok {
			return mistyped(v, "a Long")
		}
		return c.long(s, n, at)
	case decimal:
		n, ok := v.(value.Number)
		if !ok {
			return mistyped(v, "a Float")
		}
		c.decimal(s, n, at)
	case boolean:
		if _, ok := v.(bool); !ok {
			return mistyped(v, "a Boolean")
		}
	case list:
		return c.list(s, v, at)
	case structure:
		o, ok := v.(*value.Object)
		if !ok {
			return serialization("Unexpected field type")
		}
		return c.structure(s, o, at)
	}
	return nil
}

func (c *checker) text(s *shape, t, at string) {
	n := utf8.RuneCountInString(t)
	if n < s.min {
		c.note(s, t, at, "Member must have length greater than or equal to "+strconv.Itoa(s.min))
	}
	longest := s.max
	if s.payload {
		n, longest = len(t), c.limits.PayloadBytes
	}
	if longest > 0 && n > longest {
		c.note(s, t, at, "Member must have length less than or equal to "+strconv.Itoa(longest))
	}
	if s.pattern != nil && !s.pattern.MatchString(t) {
		c.note(s, t, at, "Member must satisfy regular expression pattern: "+s.written)
	}
	if s.enum != nil && !slices.Contains(s.enum, t) {
		c.note(s, t, at, "Member must satisfy enum value set: ["+strings.Join(s.enum, ", ")+"]")
	}
}

func (c *checker) integer(s *shape, n value.Number, at string) error {
	i, ok := n.Int64()
	if !ok || int64(int32(i)) != i {
		return serialization("NUMBER_VALUE can not be converted to an Integer")
	}
	c.bounds(s, float64(i), string(n), at)
	return nil
}

func (c *checker) long(s *shape, n value.Number, at string) error {
	i, ok := n.Int64()
	if !ok {
		return serialization("NUMBER_VALUE can not be converted to a Long")
	}
	c.bounds(s, float64(i), string(n), at)
	return nil
}

// decimal is a number that has a fraction wherever it is shown: 101.0.
func (c *checker) decimal(s *shape, n value.Number, at string) {
	x := n.Float64()
	c.bounds(s, x, string(appendShare(nil, x)), at)
}

// bounds notes a number that is not in the range of its shape.
func (c *checker) bounds(s *shape, x float64, shown, at string) {
	if x < float64(s.min) {
		c.note(s, shown, at, "Member must have value greater than or equal to "+strconv.Itoa(s.min))
	}
	if s.max > 0 && x > float64(s.max) {
		c.note(s, shown, at, "Member must have value less than or equal to "+strconv.Itoa(s.max))
	}
}

func (c *checker) list(s *shape, v any, at string) error {
	items, ok := v.([]any)
	if !ok {
		return serialization("Unexpected field type")
	}
	of := checker{limits: c.limits} // a list whose items have wrong types is not shown
	for i, item := range items {
		place := at + "." + strconv.Itoa(i+1) + ".member"
		if item == nil {
			of.missing(s.item, place)
			continue
		}
		if err := of.value(s.item, item, place); err != nil {
			return err
		}
	}
	if len(items) < s.min {
		c.note(s, written(s, v), at, "Member must have length greater than or equal to "+strconv.Itoa(s.min))
	}
	if s.max > 0 && len(items) > s.max {
		c.note(s, written(s, v), at, "Member must have length less than or equal to "+strconv.Itoa(s.max))
	}
	c.broken = append(c.broken, of.broken...)
	return nil
}

// missing notes that nothing stands where something must.
func (c *checker) missing(s *shape, at string) {
	shown := "Value null"
	if s.secret {
		shown = "Value"
	}
	c.broken = append(c.broken, shown+" at '"+at+"' failed to satisfy constraint: Member must not be null")
}

func (c *checker) note(s *shape, shown, at, constraint string) {
	if s.secret {
		c.broken = append(c.broken, "Value at '"+at+"' failed to satisfy constraint: "+constraint)
		return
	}
	c.broken = append(c.broken, "Value '"+shown+"' at '"+at+"' failed to satisfy constraint: "+constraint)
}

// written prints a value the way the framework's language does:
// [Tag(key=a, value=b)].
func written(s *shape, v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = written(s.item, item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case *value.Object:
		var fields []string
		for _, m := range s.members {
			if f, ok := v.Get(m.name); ok {
				fields = append(fields, m.name+"="+written(m.shape, f))
			}
		}
		return s.name + "(" + strings.Join(fields, ", ") + ")"
	case bool, string, value.Number:
		return fmt.Sprint(v)
	}
	return ""
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// mistyped names the JSON type that stands where another one should.
func mistyped(v any, wanted string) *failure {
	found := ""
	switch v := v.(type) {
	case bool:
		found = "FALSE_VALUE"
		if v {
			found = "TRUE_VALUE"
		}
	case value.Number:
		found = "NUMBER_VALUE"
	case string:
		found = "STRING_VALUE"
	case []any:
		return serialization("Start of list found where not expected")
	default:
		return serialization("Start of structure or map found where not expected.")
	}
	return serialization(found + " can not be converted to " + wanted)
}

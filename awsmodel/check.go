package awsmodel

import (
	"slices"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// Object is the response of an operation.
type Object struct {
	service *Service
	shape   *Shape
}

// Check says what is wrong with a response, in AWS's words, or "" for nothing: the
// first fault that is found. Members that the model does not have may be anything.
// complete wants all required members.
func (o *Object) Check(v any, complete bool) string {
	c := checker{o.service, complete}
	object, ok := v.(*value.Object)
	if !ok {
		return "Mock result must be a JSON object"
	}
	return c.structure(o.shape, object)
}

type checker struct {
	*Service
	complete bool
}

func (c checker) structure(s *Shape, o *value.Object) string {
	if c.complete {
		for _, name := range s.Required {
			if _, ok := o.Get(name); !ok {
				return "Required field '" + name + "' is missing"
			}
		}
	}
	for name, v := range o.All() {
		at, known := s.Members[name]
		if !known {
			continue
		}
		if fault := c.value(&c.Shapes[at], v, name); fault != "" {
			return fault
		}
	}
	return ""
}

// value checks the value of a field. The items of a list and the values of a map
// go by the field's name too.
func (c checker) value(s *Shape, v any, field string) string {
	switch s.Type {
	case Structure:
		if o, ok := v.(*value.Object); ok {
			return c.structure(s, o)
		}
		return must(field, "an object")
	case List:
		return c.list(s, v, field)
	case Map:
		return c.mapping(s, v, field)
	case Text:
		return text(s, v, field)
	case Number:
		number, ok := v.(value.Number)
		if !ok {
			return must(field, "a number")
		}
		return s.bound(number.Float64(), field, "is less than the minimum value", "exceeds the maximum value")
	case Boolean:
		if _, ok := v.(bool); !ok {
			return must(field, "a boolean")
		}
	}
	return ""
}

func (c checker) list(s *Shape, v any, field string) string {
	items, ok := v.([]any)
	if !ok {
		return must(field, "an array")
	}
	if fault := s.length(len(items), field); fault != "" {
		return fault
	}
	for _, item := range items {
		if fault := c.value(&c.Shapes[s.Of], item, field); fault != "" {
			return fault
		}
	}
	return ""
}

func (c checker) mapping(s *Shape, v any, field string) string {
	o, ok := v.(*value.Object)
	if !ok {
		return must(field, "an object")
	}
	if fault := s.length(o.Len(), field); fault != "" {
		return fault
	}
	for _, v := range o.All() {
		if fault := c.value(&c.Shapes[s.Of], v, field); fault != "" {
			return fault
		}
	}
	return ""
}

func text(s *Shape, v any, field string) string {
	t, ok := v.(string)
	switch {
	case !ok:
		return must(field, "a string")
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, t):
		return "Field '" + field + "' is not an expected value"
	}
	return s.length(utf8.RuneCountInString(t), field)
}

func (s *Shape) length(n int, field string) string {
	return s.bound(float64(n), field, "is smaller than the minimum length", "exceeds the maximum length")
}

func (s *Shape) bound(n float64, field, tooSmall, tooGreat string) string {
	switch {
	case s.Min != nil && n < *s.Min:
		return "Field '" + field + "' " + tooSmall
	case s.Max != nil && n > *s.Max:
		return "Field '" + field + "' " + tooGreat
	}
	return ""
}

func must(field, be string) string { return "Field '" + field + "' must be " + be }

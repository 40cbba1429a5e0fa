package definition

import (
	"math"
	"slices"
	"strconv"

	"github.com/fermata-dev/fermata/expr/value"
)

// fields reads the members of one object of the definition and reports those
// that are wrong. A reading method answers with the zero value and false both
// when the member is absent and when it is wrong; what follows from that has
// been reported then.
type fields struct {
	*builder
	object *value.Object
	at     place
	lang   QueryLanguage
	mixed  bool   // whether the fields of the other query language go unreported
	state  *State // that the object is or belongs to; nil outside of states
	within string // what comes before a field in JSONataExpr.Location: "Catch[0]/"
}

// has says whether the member is there, right or wrong.
func (f fields) has(name string) bool {
	_, ok := f.object.Get(name)
	return ok
}

// fieldsOf narrows v to an object at its place.
func (b *builder) fieldsOf(v any, at place, l QueryLanguage) (fields, bool) {
	o, ok := v.(*value.Object)
	if !ok {
		b.expectType(at, "Object", v)
		return fields{}, false
	}
	return fields{builder: b, object: o, at: at, lang: l}, true
}

// nested reads a member that is an object.
func (f fields) nested(name string) (fields, bool) {
	v, ok := f.object.Get(name)
	if !ok {
		return fields{}, false
	}
	return f.part(v, f.at.field(name), name+"/")
}

// element narrows the i-th item of the array name to an object.
func (f fields) element(name string, i int, v any) (fields, bool) {
	return f.part(v, f.at.field(name).item(i), name+"["+strconv.Itoa(i)+"]/")
}

// part narrows a part of the object to an object of the same state.
func (f fields) part(v any, at place, within string) (fields, bool) {
	inner, ok := f.fieldsOf(v, at, f.lang)
	inner.mixed, inner.state, inner.within = f.mixed, f.state, f.within+within
	return inner, ok
}

// array reads a member that is an array.
func (f fields) array(name string) ([]any, bool) {
	v, ok := f.object.Get(name)
	if !ok {
		return nil, false
	}
	items, ok := v.([]any)
	if !ok {
		f.expectType(f.at.field(name), "Array", v)
	}
	return items, ok
}

// nonEmptyArray reads a member that is an array of at least one item.
func (f fields) nonEmptyArray(name string) ([]any, bool) {
	items, ok := f.array(name)
	if ok && len(items) == 0 {
		f.refuse(f.at.field(name), "Value cannot be empty", "give at least one item")
		return nil, false
	}
	return items, ok
}

// stringItems reads an array of strings.
func (f fields) stringItems(name string) []string {
	items, _ := f.array(name)
	var texts []string
	for i, v := range items {
		if s, ok := v.(string); ok {
			texts = append(texts, s)
		} else {
			f.expectType(f.at.field(name).item(i), "String", v)
		}
	}
	return texts
}

// text reads a member that is a string.
func (f fields) text(name string) (string, bool) {
	v, ok := f.object.Get(name)
	if !ok {
		return "", false
	}
	s, ok := v.(string)
	if !ok {
		f.expectType(f.at.field(name), "String", v)
	}
	return s, ok
}

// boolean reads a member that is true or false.
func (f fields) boolean(name string) (truth, ok bool) {
	v, ok := f.object.Get(name)
	if !ok {
		return false, false
	}
	truth, ok = v.(bool)
	if !ok {
		f.expectType(f.at.field(name), "Boolean", v)
	}
	return truth, ok
}

// choice reads a string that has to be one of a few.
func (f fields) choice(name string, allowed ...string) (string, bool) {
	v, ok := f.object.Get(name)
	if !ok {
		return "", false
	}
	return f.oneOf(v, f.at.field(name), "Value should be one of the following: "+list(allowed), allowed)
}

// oneOf narrows v to a string that is one of a few, or reports it with the
// message.
func (b *builder) oneOf(v any, at place, message string, allowed []string) (string, bool) {
	s, ok := v.(string)
	if !ok {
		b.expectType(at, "[STRING]", v)
		return "", false
	}
	if !slices.Contains(allowed, s) {
		b.refuseValue(at, v, message, "write "+quoteList(allowed))
		return "", false
	}
	return s, true
}

// bounds are the limits of a number, inclusive.
type bounds struct {
	min, max float64
	fraction bool // whether it may have a fraction
}

// upTo99Million is the range of most times and counts.
func upTo99Million(minimum float64) bounds { return bounds{min: minimum, max: 99_999_999} }

// number reads a member that is a number within bounds.
func (f fields) number(name string, limits bounds) (value.Number, bool) {
	v, ok := f.object.Get(name)
	if !ok {
		return "", false
	}
	return f.numberValue(v, f.at.field(name), limits)
}

func (b *builder) numberValue(v any, at place, limits bounds) (value.Number, bool) {
	n, ok := v.(value.Number)
	if !ok {
		b.expectType(at, limits.typeName(), v)
		return "", false
	}
	x := n.Float64()
	if !limits.fraction && x != math.Trunc(x) {
		b.refuse(at, "Expected value of type Integer", "found a number with a fraction")
		return "", false
	}
	if x < limits.min {
		b.refuse(at, "Minimum value is "+limits.format(limits.min), limits.hint())
		return "", false
	}
	if x > limits.max {
		b.refuse(at, "Maximum value is "+limits.format(limits.max), limits.hint())
		return "", false
	}
	return n, true
}

func (l bounds) typeName() string {
	if l.fraction {
		return "Number"
	}
	return "Integer"
}

// hint says which numbers there are; a bound beyond all use is none.
func (l bounds) hint() string {
	if l.max > 1<<53 {
		return "a number of at least " + l.format(l.min)
	}
	return "a number from " + l.format(l.min) + " to " + l.format(l.max)
}

// format writes a limit as AWS does: with a fraction where one is allowed.
func (l bounds) format(x float64) string {
	if l.fraction {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// integer reads an integer within bounds, with a default.
func (f fields) integer(name string, limits bounds, otherwise int64) int64 {
	n, ok := f.number(name, limits)
	if !ok {
		return otherwise
	}
	return int64(n.Float64())
}

// require reports the fields that are absent, all in one diagnostic.
func (f fields) require(names ...string) bool {
	var missing []string
	for _, name := range names {
		if !f.has(name) {
			missing = append(missing, name)
		}
	}
	if missing == nil {
		return true
	}
	f.refuse(f.at, "These fields are required: "+list(missing), "add what is missing")
	return false
}

// present are those of the fields that are there.
func (f fields) present(names []string) []string {
	var there []string
	for _, name := range names {
		if f.has(name) {
			there = append(there, name)
		}
	}
	return there
}

// exclusive reports fields of which more than one is present and answers with
// the first that is there, "" if none is.
func (f fields) exclusive(names ...string) string {
	there := f.present(names)
	if len(there) == 0 {
		return ""
	}
	if len(there) > 1 {
		f.refuse(f.at, "There should only be one of the following fields: "+list(names),
			"remove all but one of "+list(there))
	}
	return there[0]
}

// exactlyOne is exclusive, and reports as well if none is present.
func (f fields) exactlyOne(names ...string) string {
	name := f.exclusive(names...)
	if name == "" {
		f.refuse(f.at, "This object should have only one of the following fields: "+list(names), "it has none of them; add one")
	}
	return name
}

// comment reads the field that every object may have.
func (f fields) comment() string {
	s, _ := f.text("Comment")
	return s
}

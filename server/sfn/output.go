package sfn

import (
	"math"
	"strconv"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
)

// output writes a JSON object, member by member. Its zero value has not begun;
// newOutput begins the outermost one.
type output struct {
	b []byte
	// first: no member was written since the last opening.
	first bool
}

func newOutput() *output { return &output{b: append(make([]byte, 0, 512), '{'), first: true} }

// done ends the outermost object.
func (o *output) done() []byte { return append(o.b, '}') }

func (o *output) name(name string) {
	if !o.first {
		o.b = append(o.b, ',')
	}
	o.first = false
	o.b = append(o.b, '"')
	o.b = append(o.b, name...)
	o.b = append(o.b, '"', ':')
}

func (o *output) text(name, v string) {
	o.name(name)
	o.b = value.AppendString(o.b, v)
}

// optional leaves the member out if there is none.
func (o *output) optional(name string, v *string) {
	if v != nil {
		o.text(name, *v)
	}
}

// nonEmpty leaves the member out if it is empty.
func (o *output) nonEmpty(name, v string) {
	if v != "" {
		o.text(name, v)
	}
}

// bytes writes a text that is given as bytes.
func (o *output) bytes(name string, v []byte) {
	o.text(name, string(v))
}

func (o *output) flag(name string, v bool) {
	o.name(name)
	o.b = strconv.AppendBool(o.b, v)
}

func (o *output) integer(name string, v int64) {
	o.name(name)
	o.b = strconv.AppendInt(o.b, v, 10)
}

// decimal writes a number that may have a fraction.
func (o *output) decimal(name string, v float64) {
	o.name(name)
	text := strconv.AppendFloat(nil, v, 'f', -1, 32)
	if v == math.Trunc(v) {
		text = append(text, ".0"...)
	}
	o.b = append(o.b, text...)
}

// date writes an instant as seconds since the epoch, with milliseconds.
func (o *output) date(name string, t time.Time) {
	o.name(name)
	o.b = appendDate(o.b, t)
}

func appendDate(b []byte, t time.Time) []byte {
	ms := t.UnixMilli()
	if ms < 0 {
		return strconv.AppendFloat(b, float64(ms)/1000, 'f', 3, 64)
	}
	b = strconv.AppendInt(b, ms/1000, 10)
	if ms %= 1000; ms != 0 {
		b = append(b, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
	}
	return b
}

// object writes a nested object.
func (o *output) object(name string, members func()) {
	o.name(name)
	o.item(members)
	o.first = false
}

// array writes a list; each calls item for each of its objects, or string.
func (o *output) array(name string, items func()) {
	o.name(name)
	o.b = append(o.b, '[')
	o.first = true
	items()
	o.b = append(o.b, ']')
	o.first = false
}

// next begins an item of a list.
func (o *output) next() {
	if !o.first {
		o.b = append(o.b, ',')
	}
	o.first = false
}

// item writes an object that has no name.
func (o *output) item(members func()) {
	o.b = append(o.b, '{')
	o.first = true
	members()
	o.b = append(o.b, '}')
	o.first = false
}

// string writes an item of a list that is a text.
func (o *output) string(v string) {
	o.next()
	o.b = value.AppendString(o.b, v)
}

// anyName begins a member whose name may need escapes.
func (o *output) anyName(name string) {
	o.next()
	o.b = value.AppendString(o.b, name)
	o.b = append(o.b, ':')
}

// anyText writes a member whose name may need escapes.
func (o *output) anyText(name, v string) {
	o.anyName(name)
	o.b = value.AppendString(o.b, v)
}

package jsonata

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dlclark/regexp2"

	"github.com/fermata-dev/fermata/expr/value"
)

// regexTimeout is how long one search may take, and all searches of one
// evaluation together. Regular expressions with JavaScript's meaning can need
// exponential time, which no budget counts: an evaluation that is stopped ends
// with [CodeRegexTimeout], an incident that may end otherwise on a faster
// machine.
const regexTimeout = 2 * time.Second

// regex is a regular expression as JavaScript understands it: it sees strings
// as UTF-16 code units.
type regex struct {
	pattern string
	re      *regexp2.Regexp
}

// compileRegex compiles a pattern; asciiSpaces says that \s is the white space of
// ASCII only.
func compileRegex(pattern, flags string, asciiSpaces bool) (*regex, error) {
	options := regexp2.RegexOptions(regexp2.ECMAScript)
	if strings.Contains(flags, "i") {
		options |= regexp2.IgnoreCase
	}
	if strings.Contains(flags, "m") {
		options |= regexp2.Multiline
	}
	source := pattern
	if asciiSpaces {
		source = spelledSpaces(pattern)
	}
	var units strings.Builder
	for _, u := range unitsOf(source) {
		if u >= 0xD800 && u <= 0xDFFF {
			fmt.Fprintf(&units, `\u%04X`, u)
		} else {
			units.WriteRune(u)
		}
	}
	re, err := regexp2.Compile(units.String(), options)
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = regexTimeout
	return &regex{pattern: pattern, re: re}, nil
}

// The white space of ASCII and all other code units, as parts of a class.
const (
	spaceUnits = `\t\n\x0B\f\r\x20`
	otherUnits = `\x00-\x08\x0E-\x1F\x21-\uFFFF`
)

// spelledSpaces is a pattern with the white space of ASCII in place of each \s, and
// all else in place of each \S. A hyphen behind them in a class stands for itself.
func spelledSpaces(pattern string) string {
	var out strings.Builder
	inClass := false
	for i := 0; i < len(pattern); i++ {
		escape := pattern[i:min(i+2, len(pattern))]
		switch {
		case escape == `\s`:
			out.WriteString(class(spaceUnits, inClass))
		case escape == `\S`:
			out.WriteString(class(otherUnits, inClass))
		case pattern[i] == '\\':
			out.WriteString(escape)
		default:
			inClass = pattern[i] == '[' || inClass && pattern[i] != ']'
			out.WriteByte(pattern[i])
			continue
		}
		i++
		if inClass && strings.ContainsAny(escape, "sS") && strings.HasPrefix(pattern[i+1:], "-") {
			out.WriteString(`\-`)
			i++
		}
	}
	return out.String()
}

// class is the units as a class of their own, or as a part of the one around them.
func class(units string, inClass bool) string {
	if inClass {
		return units
	}
	return "[" + units + "]"
}

// units are the code units of s, of which a search has four bytes each.
func (c *call) units(s string) ([]rune, *Error) {
	if !c.r.spend(len(s)/64, len(s)) {
		return nil, c.r.spent
	}
	return unitsOf(s), nil
}

// found is one match: positions count UTF-16 code units.
type found struct {
	text       string
	start, end int
	groups     []any
	next       func() (*found, *Error)
}

// find looks for the first match in units from a position on. It costs what has been
// passed up to the end of the match, and the groups.
func (x *regex) find(r *run, units []rune, from int) (*found, *Error) {
	if r.spent != nil {
		return nil, r.spent
	}
	began := time.Now()
	m, err := x.re.FindRunesMatchStartingAt(units, from)
	r.searched += time.Since(began)
	if err != nil || r.searched > regexTimeout {
		return nil, &Error{Code: CodeRegexTimeout, Value: x.pattern}
	}
	if m == nil {
		r.spend(1+(len(units)-from)/16, 0)
		return nil, r.spent
	}
	if !r.spend(1+(m.Index+m.Length-from)/16+m.GroupCount()/4, 64+m.Length+64*m.GroupCount()) {
		return nil, r.spent
	}
	f := &found{text: textOf(units[m.Index : m.Index+m.Length]), start: m.Index, end: m.Index + m.Length}
	for _, g := range m.Groups()[1:] {
		if len(g.Captures) == 0 {
			f.groups = append(f.groups, undefined)
			continue
		}
		if !r.spend(0, g.Length) {
			return nil, r.spent
		}
		f.groups = append(f.groups, textOf(units[g.Index:g.Index+g.Length]))
	}
	f.next = func() (*found, *Error) {
		if f.end >= len(units) {
			return nil, nil
		}
		next, err := x.find(r, units, f.end)
		if err == nil && next != nil && next.text == "" {
			return nil, &Error{Code: "D1004", Value: x.pattern}
		}
		return next, err
	}
	return f, nil
}

// function is the regular expression as a function: of a string and the position
// to begin at, the first match, with a function next for the others. $map and its
// like give the number of an item for the position, as they do in JavaScript.
func (x *regex) function() *function {
	return &function{regex: x, arity: 2, native: func(c *call) (any, *Error) {
		s, ok := searchable(c.arg(0))
		if !ok {
			return undefined, nil
		}
		units, err := c.units(s)
		if err != nil {
			return undefined, err
		}
		from, _ := number(c.arg(1))
		if from > float64(len(units)) {
			return undefined, nil
		}
		f, err := x.find(c.r, units, max(int(from), 0))
		return f.object(), err
	}}
}

// searchable is the text that a regular expression looks at.
func searchable(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	}
	x, ok := number(v)
	return jsText(x), ok
}

func (f *found) object() any {
	if f == nil {
		return undefined
	}
	o := value.NewObject(5)
	o.Set("match", f.text)
	o.Set("start", float64(f.start))
	o.Set("end", float64(f.end))
	o.Set("groups", append([]any{}, f.groups...))
	o.Set("next", &function{native: func(*call) (any, *Error) {
		next, err := f.next()
		return next.object(), err
	}})
	return o
}

// matches looks for fn, a regular expression or a function that acts like one,
// in s.
func (c *call) matches(fn *function, s string, units []rune) (*found, *Error) {
	if fn.regex != nil {
		return fn.regex.find(c.r, units, 0)
	}
	return c.matcher(fn, []any{s})
}

// matcher calls a user's own matcher function. What it finds is paid for here: it may be the
// same again and again.
func (c *call) matcher(fn *function, args []any) (*found, *Error) {
	v, err := c.r.applyAt(fn, args, nil, c.frame)
	if err != nil || isUndefined(v) {
		return nil, err
	}
	o, ok := v.(*value.Object)
	if !ok {
		return nil, &Error{Code: "T1010"}
	}
	text, _ := member(o, "match").(string)
	start, isStart := number(member(o, "start"))
	end, _ := number(member(o, "end"))
	groups, isGroups := c.r.list(member(o, "groups"))
	next, isNext := member(o, "next").(*function)
	if !isStart && !isGroups && !isNext {
		return nil, &Error{Code: "T1010"}
	}
	if !c.r.spend(len(text)/64+len(groups)/constantsOfStep, len(text)+16*len(groups)) {
		return nil, c.r.spent
	}
	f := &found{text: text, start: int(start), end: int(end), groups: groups}
	f.next = func() (*found, *Error) {
		if next == nil {
			return nil, &Error{Code: "T1010"}
		}
		return c.matcher(next, nil)
	}
	return f, nil
}

func member(o *value.Object, key string) any {
	if v, ok := o.Get(key); ok {
		return v
	}
	return undefined
}

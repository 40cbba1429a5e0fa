// Package located reads files of our own formats (mock configurations, test
// cases) from a tree of JSON values, and reports everything that is wrong in
// them with file, line and place.
package located

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/project"
)

// File is a file that is being read. It is used by one goroutine.
type File struct {
	name     string
	text     string
	problems []problem
	lines    project.Lines // once read
	read     bool
}

type problem struct{ pointer, message string }

// NewFile is a file of that name with that text, in JSON or YAML.
func NewFile(name, text string) *File { return &File{name: name, text: text} }

// Root is the whole document, which holds the value v.
func (f *File) Root(v any) Node { return Node{Value: v, file: f} }

// Err lists all problems that were reported, as [project.Problems], in the order
// of their lines; nil if there are none.
func (f *File) Err() error {
	if len(f.problems) == 0 {
		return nil
	}
	all := make(project.Problems, len(f.problems))
	for i, p := range f.problems {
		all[i] = project.Problem{File: f.name, Line: f.lineOf(p.pointer), Message: p.message}
	}
	return all.Err()
}

func (f *File) lineOf(pointer string) int {
	if !f.read {
		f.lines, f.read = project.NewLines(f.text), true
	}
	return f.lines.Of(pointer)
}

// Node is a value at a place of a file. Its reading methods report what they
// do not find as it should be, and answer with the zero value then.
type Node struct {
	Value any

	file    *File
	pointer string // RFC 6901
	place   string // as people write it: tests[0].mocks.Pay
}

// Place is where the value stands, as people write it: "tests[0].name".
func (n Node) Place() string {
	if n.place == "" {
		return "the file"
	}
	return n.place
}

// Line is where the value stands in the text, from 1; 0 if that is not known.
func (n Node) Line() int { return n.file.lineOf(n.pointer) }

// Report says what is wrong here. The message begins with the place.
func (n Node) Report(format string, args ...any) {
	n.file.problems = append(n.file.problems, problem{n.pointer, n.Place() + " " + fmt.Sprintf(format, args...)})
}

func (n Node) below(key, place string, v any) Node {
	key = strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
	return Node{Value: v, file: n.file, pointer: n.pointer + "/" + key, place: place}
}

func (n Node) member(key string, v any) Node {
	place := key
	if n.place != "" {
		place = n.place + "." + key
	}
	return n.below(key, place, v)
}

// Get is the member of that name, and whether there is one. It reports nothing.
func (n Node) Get(key string) (Node, bool) {
	o, ok := n.Value.(*value.Object)
	if !ok {
		return Node{}, false
	}
	v, ok := o.Get(key)
	return n.member(key, v), ok
}

// Fields are the members of an object.
func (n Node) Fields() iter.Seq2[string, Node] {
	return func(yield func(string, Node) bool) {
		o, ok := n.Value.(*value.Object)
		if !ok {
			n.Report("is %s; it must be an object", article(n.Value))
			return
		}
		for key, v := range o.All() {
			if !yield(key, n.member(key, v)) {
				return
			}
		}
	}
}

// Items are the items of an array.
func (n Node) Items() iter.Seq2[int, Node] {
	return func(yield func(int, Node) bool) {
		items, ok := n.Value.([]any)
		if !ok {
			n.Report("is %s; it must be a list", article(n.Value))
			return
		}
		for i, v := range items {
			if !yield(i, n.below(strconv.Itoa(i), fmt.Sprintf("%s[%d]", n.place, i), v)) {
				return
			}
		}
	}
}

// Only reports members that are not among the known ones.
func (n Node) Only(known ...string) {
	for key, field := range n.Fields() {
		if !slices.Contains(known, key) {
			field.Report("is not known; there are %s", strings.Join(known, ", "))
		}
	}
}

// Text is a string that is not empty.
func (n Node) Text() string {
	if n.Value == "" {
		n.Report("is empty; it must be a text")
	}
	return n.AnyText()
}

// AnyText is a string, which may be empty.
func (n Node) AnyText() string {
	text, ok := n.Value.(string)
	if !ok {
		n.Report("is %s; it must be a text", article(n.Value))
	}
	return text
}

// Flag is true or false.
func (n Node) Flag() bool {
	flag, ok := n.Value.(bool)
	if !ok {
		n.Report("is %s; it must be true or false", article(n.Value))
	}
	return flag
}

// Count is a whole number from least on.
func (n Node) Count(least int) int {
	number, ok := n.Value.(value.Number)
	if ok {
		i, err := strconv.Atoi(string(number))
		if err == nil && i >= least && i <= math.MaxInt32 {
			return i
		}
	}
	n.Report("is %s; it must be a whole number of at least %d", shown(n.Value), least)
	return least
}

// Duration is a time span as [project.ParseDuration] reads it; a bare number is
// seconds.
func (n Node) Duration() time.Duration {
	var d time.Duration
	var err error
	switch v := n.Value.(type) {
	case value.Number:
		d, err = project.ParseDuration(string(v) + "s")
	case string:
		d, err = project.ParseDuration(v)
	default:
		n.Report("is %s; it must be a duration such as 30s, 1h30m or 365d", article(v))
		return 0
	}
	if err == nil && d < 0 {
		err = fmt.Errorf("%s is negative", d)
	}
	if err != nil {
		n.Report("is not right: %v", err)
		return 0
	}
	return d
}

// JSON is the value as JSON text.
func (n Node) JSON() []byte { return value.Append(nil, n.Value) }

// article names the type of a value: "a string".
func article(v any) string {
	switch name := value.TypeName(v); name {
	case "null":
		return name
	case "array", "object":
		return "an " + name
	default:
		return "a " + name
	}
}

// shown is the value itself where that is short.
func shown(v any) string {
	switch v.(type) {
	case value.Number, string, bool, nil:
		return string(value.Append(nil, v))
	default:
		return article(v)
	}
}

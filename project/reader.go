package project

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// reader walks the syntax tree of a project file and collects its problems.
// Its methods answer with the zero value where they reported one.
type reader struct {
	file, dir string
	problems  Problems
	anchors   map[string]ast.Node
}

// field is one entry of a mapping.
type field struct {
	key   string
	line  int
	value ast.Node
}

func (r *reader) report(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: line, Message: fmt.Sprintf(format, args...)})
}

// root parses the text and gives the document's body; nil with a problem
// reported if there is none.
func (r *reader) root(text []byte) ast.Node {
	file, err := parse(text)
	if err != nil {
		line, message := syntaxError(err)
		r.report(line, "not YAML: %s", message)
		return nil
	}
	if len(file.Docs) > 1 {
		r.report(lineOf(file.Docs[1].Body), "a project file is one YAML document, this begins another")
	}
	r.anchors = map[string]ast.Node{}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		r.report(0, "the project file is empty; there are the sections functions, stateMachines and mapRoots")
		return nil
	}
	return file.Docs[0].Body
}

// parse runs the YAML parser, a panic of which is an error like any other.
func parse(text []byte) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the text cannot be read: %v", p)
		}
	}()
	return parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
}

// syntaxError takes the first line and the message out of the parser's error.
func syntaxError(err error) (int, string) {
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) && syntax.Token != nil {
		return syntax.Token.Position.Line, syntax.Message
	}
	return 0, err.Error()
}

func lineOf(node ast.Node) int {
	if node == nil || node.GetToken() == nil || node.GetToken().Position == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// resolve follows aliases and takes off anchors and tags. An anchor stands
// before its aliases in the text, and the reader goes through the text in order.
func (r *reader) resolve(node ast.Node) ast.Node {
	for range 100 {
		switch n := node.(type) {
		case *ast.AnchorNode:
			r.anchors[n.Name.String()] = n.Value
			node = n.Value
		case *ast.TagNode:
			node = n.Value
		case *ast.AliasNode:
			target, ok := r.anchors[n.Value.String()]
			if !ok {
				r.report(lineOf(n), "*%s refers to no anchor; write &%s before the value that it stands for", n.Value, n.Value)
				return nil
			}
			node = target
		default:
			return node
		}
	}
	r.report(lineOf(node), "an alias refers to itself")
	return nil
}

// fields gives the entries of a mapping in order; what says whose it is. A key
// that is there twice is reported and counts once.
func (r *reader) fields(node ast.Node, what string) []field {
	var values []*ast.MappingValueNode
	switch n := r.resolve(node).(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.report(lineOf(node), "%s must be a mapping of names to values, not %s", what, kind(n))
		return nil
	}
	seen := map[string]int{}
	var fields []field
	for _, value := range values {
		key, line := keyText(value.Key), lineOf(value.Key)
		if value.Key.IsMergeKey() {
			r.report(line, "merge keys (<<) are not supported; write the fields out")
		} else if first, twice := seen[key]; twice {
			r.report(line, "%s has %q twice, first in line %d", what, key, first)
		} else {
			seen[key] = line
			fields = append(fields, field{key: key, line: line, value: value.Value})
		}
	}
	return fields
}

func keyText(key ast.MapKeyNode) string {
	if text, ok := key.(*ast.StringNode); ok {
		return text.Value
	}
	return key.GetToken().Value
}

// scalar gives the text of a value as it is written: 10, true and ten alike.
func (r *reader) scalar(f field, what string) (string, bool) {
	switch n := r.resolve(f.value).(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case nil, *ast.NullNode:
		r.report(f.line, "%s has no value", what)
	default:
		r.report(f.line, "%s must be a text, not %s", what, kind(n))
	}
	return "", false
}

// texts gives a list of texts.
func (r *reader) texts(f field, what string) []string {
	sequence, ok := r.resolve(f.value).(*ast.SequenceNode)
	if !ok {
		return nil
	}
	var texts []string
	for i, value := range sequence.Values {
		item := field{line: lineOf(value), value: value}
		if text, ok := r.scalar(item, fmt.Sprintf("%s[%d]", what, i)); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// table gives a mapping of names to texts.
func (r *reader) table(f field, what string, name *regexp.Regexp) map[string]string {
	table := map[string]string{}
	for _, entry := range r.fields(f.value, what) {
		if !name.MatchString(entry.key) {
			r.report(entry.line, "%s: %q is not a name; it must match %s", what, entry.key, name)
		}
		if text, ok := r.scalar(entry, what+"."+entry.key); ok {
			table[entry.key] = text
		}
	}
	return table
}

// duration gives a duration within bounds.
func (r *reader) duration(f field, what string, least, most time.Duration) time.Duration {
	text, ok := r.scalar(f, what)
	if !ok {
		return 0
	}
	d, err := ParseDuration(text)
	if err != nil {
		r.report(f.line, "%s: %v", what, err)
		return 0
	}
	if d < least || d > most {
		r.report(f.line, "%s is %s; it must be from %s to %s", what, text, least, most)
		return 0
	}
	return d
}

// count gives a whole number within bounds.
func (r *reader) count(f field, what string, least, most int) int {
	text, ok := r.scalar(f, what)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		r.report(f.line, "%s is %q; it must be a whole number from %d to %d", what, text, least, most)
		return 0
	}
	return n
}

// unknown reports a field that is not there to be set.
func (r *reader) unknown(f field, what string, known ...string) {
	r.report(f.line, "%s has no field %q; there are %s", what, f.key, strings.Join(known, ", "))
}

// kind names what a node is, for messages.
func kind(node ast.Node) string {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode, nil:
		return "nothing"
	default:
		return "a single value"
	}
}

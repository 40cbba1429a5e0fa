package definition

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/fermata-dev/fermata/expr/value"
)

// ParseYAML reads a state machine from YAML text: one document whose mappings
// have strings as keys. Anchors, aliases and merge keys are resolved. Order is
// kept, and so is the text of numbers that are also JSON numbers. A text may
// have 20,000 lines. For the rest see Parse.
func ParseYAML(text []byte, opts Options) (*Machine, []Diagnostic) {
	if d := checkLength(text); d != nil {
		return nil, d
	}
	file, tree, warnings, failure := yamlTree(text)
	if failure != nil {
		return nil, []Diagnostic{*failure}
	}
	machine, diagnostics := build(tree, string(text), warnings, opts)
	locateYAML(file, diagnostics)
	return machine, diagnostics
}

// ToJSON turns a definition in YAML into JSON text, compact and in the same
// order, for those who take nothing else. Text that ParseAny would read as JSON is
// returned as it is. It checks no more than that the text is YAML.
func ToJSON(text []byte) ([]byte, []Diagnostic) {
	if isJSON(text) {
		return text, nil
	}
	if d := checkLength(text); d != nil {
		return nil, d
	}
	_, tree, _, failure := yamlTree(text)
	if failure != nil {
		return nil, []Diagnostic{*failure}
	}
	return value.Append(nil, tree), nil
}

// yamlTree turns YAML text into a syntax tree and a value tree. failure is nil
// if it is one.
func yamlTree(text []byte) (file *ast.File, tree any, warnings []Diagnostic, failure *Diagnostic) {
	if reason := tooMuch(text); reason != "" {
		d := syntaxAt(string(text), reason, 1, 1)
		return nil, nil, nil, &d
	}
	file, err := readYAML(text)
	if err != nil {
		d := yamlDiagnostic(string(text), err)
		return nil, nil, nil, &d
	}
	r := yamlReader{anchors: map[string]ast.Node{}, budget: yamlBudget}
	tree, err = r.document(file)
	if err != nil {
		d := yamlDiagnostic(string(text), err)
		return nil, nil, nil, &d
	}
	return file, tree, r.warnings, nil
}

// readYAML runs the YAML parser. The parser is not ours and is fed with
// whatever people send, so a panic of it is an error like any other.
func readYAML(text []byte) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the text is not YAML that can be read: %v", p)
		}
	}()
	return parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
}

// yamlDiagnostic reports a text that is not YAML, or not such that it has a
// JSON form.
func yamlDiagnostic(text string, err error) Diagnostic {
	line, column, message := 1, 1, ""
	var syntax yaml.Error
	var misfit *yamlMisfit
	switch {
	case errors.As(err, &syntax):
		message = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			line, column = t.Position.Line, t.Position.Column
		}
	case errors.As(err, &misfit):
		message = misfit.message
		if t := misfit.node.GetToken(); t != nil && t.Position != nil {
			line, column = t.Position.Line, t.Position.Column
		}
	default: // only here: for a yaml.Error this would draw the whole text
		message = err.Error()
	}
	return syntaxAt(text, message, line, column)
}

// Limits that keep the YAML parser, which recurses and takes time in the square
// of the length of a mapping, from doing harm.
const (
	maxYAMLDepth = 500
	maxYAMLLines = 20_000
)

// tooMuch says why a text cannot be given to the parser, "" if it can. Depth
// shows in two ways in a short text: as brackets, and as indicators in a row on
// one line ("- - - a").
func tooMuch(text []byte) string {
	brackets, indicators, lines, previous := 0, 0, 0, byte('\n')
	for _, c := range text {
		startsWord := previous == ' ' || previous == '\t' || previous == '\n'
		switch {
		case c == '\n':
			lines++
			indicators = 0
		case c == '[' || c == '{':
			brackets++
		case c == ']' || c == '}':
			brackets = max(0, brackets-1)
		case startsWord && (c == '-' || c == '?' || c == '!' || c == '&'):
			indicators++
		case startsWord && c != ' ' && c != '\t':
			indicators = 0
		}
		previous = c
		if brackets > maxYAMLDepth || indicators > maxYAMLDepth {
			return "nested too deep"
		}
	}
	if lines > maxYAMLLines {
		return "a definition in YAML may have " + strconv.Itoa(maxYAMLLines) + " lines; write a bigger one in JSON"
	}
	return ""
}

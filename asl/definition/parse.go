package definition

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/jsonfault"
	"github.com/fermata-dev/fermata/expr/value"
)

// MaxLength is how long a definition may be, in characters.
const MaxLength = 1_048_576

// Parse reads a state machine from JSON text. The machine is nil if, and only
// if, one of the diagnostics has severity ERROR. All faults are reported, in
// the order of the document: first those of the fields, then those of the
// transitions.
func Parse(text []byte, opts Options) (*Machine, []Diagnostic) {
	if d := checkLength(text); d != nil {
		return nil, d
	}
	if len(text) == 0 {
		return nil, []Diagnostic{{
			Severity: Error, Code: MissingDescription, Message: "The definition is empty", Line: 1, Column: 1,
			Hint: `a state machine is an object with "StartAt" and "States"`,
		}}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, notAnObject()
	}
	tree, err := value.Parse(text)
	if err != nil {
		return nil, []Diagnostic{syntaxDiagnostic(text)}
	}
	machine, diagnostics := build(tree, string(text), duplicateKeys(string(text)), opts)
	locateJSON(string(text), diagnostics)
	return machine, diagnostics
}

// ParseAny reads a state machine from JSON text if its first character that
// is no white space is "{", and from YAML otherwise. See Parse and ParseYAML.
func ParseAny(text []byte, opts Options) (*Machine, []Diagnostic) {
	if isJSON(text) {
		return Parse(text, opts)
	}
	return ParseYAML(text, opts)
}

// isJSON tells JSON text from YAML, also where it is neither.
func isJSON(text []byte) bool {
	trimmed := bytes.TrimSpace(text)
	return len(trimmed) == 0 || trimmed[0] == '{'
}

// build makes the machine of a value tree, with the warnings found so far.
func build(tree any, source string, found []Diagnostic, opts Options) (*Machine, []Diagnostic) {
	root, ok := tree.(*value.Object)
	if !ok {
		return nil, notAnObject()
	}
	b := newBuilder(source, found, opts)
	b.machineFrom(root)
	return b.finish()
}

func newBuilder(source string, found []Diagnostic, opts Options) *builder {
	return &builder{
		opts: opts, machine: &Machine{Source: source}, diagnostics: found,
		names: map[string]string{}, labels: map[string]string{},
		faulty: map[*Scope]bool{}, places: map[*Scope]place{}, objects: map[*Scope]*value.Object{},
	}
}

// finish resolves the transitions and answers with what was found.
func (b *builder) finish() (*Machine, []Diagnostic) {
	b.connect()
	if b.errors > 0 {
		return nil, b.diagnostics
	}
	return b.machine, b.diagnostics
}

func checkLength(text []byte) []Diagnostic {
	if utf8.RuneCount(text) <= MaxLength {
		return nil
	}
	return []Diagnostic{{
		Severity: Error, Code: SchemaValidationFailed, Line: 1, Column: 1,
		Message: "The definition must have at most " + strconv.Itoa(MaxLength) + " characters",
	}}
}

func notAnObject() []Diagnostic {
	return []Diagnostic{{
		Severity: Error, Code: SchemaValidationFailed, Line: 1, Column: 1,
		Message: "Definition must be a valid JSON object",
		Hint:    `a state machine is an object with "StartAt" and "States"`,
	}}
}

// syntaxDiagnostic reports a text that is not JSON, as AWS words such reports.
func syntaxDiagnostic(text []byte) Diagnostic {
	fault := jsonfault.Find(text)
	return Diagnostic{
		Severity: Error, Code: InvalidJSONDescription,
		Message: fault.Error(), Location: fault.Place, Line: fault.Line, Column: fault.Column,
	}
}

// syntaxAt is a syntax error in another notation than JSON, at a line and column,
// both from 1.
func syntaxAt(text, message string, line, column int) Diagnostic {
	location := jsonfault.Place(text, line, column)
	return Diagnostic{
		Severity: Error, Code: InvalidJSONDescription,
		Message: message + "\n at " + location, Location: location, Line: line, Column: column,
	}
}

package definition

import (
	"strings"

	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/jsonpath"
)

// roots says where a path may start.
type roots uint8

const (
	anyRoot       roots = iota // the document, the context object, a variable
	noContextRoot              // the document or a variable
	documentRoot               // the document only
)

const (
	notAPath      = "Value must be a valid JSONPath."
	notAReference = "Value is not a Reference Path"
)

// pathTriple reads InputPath, OutputPath or ResultPath.
func (f fields) pathTriple(name string, reference bool) PathField {
	v, ok := f.object.Get(name)
	if !ok || f.lang == JSONata {
		return PathField{}
	}
	if v == nil {
		return PathField{Mode: PathNull}
	}
	at := f.at.field(name)
	text, ok := v.(string)
	if !ok {
		f.expectType(at, "String", v)
		return PathField{}
	}
	path := f.compilePath(text, at)
	if path == nil {
		return PathField{}
	}
	if reference && !f.isReference(path, documentRoot, at) {
		return PathField{}
	}
	return PathField{Mode: PathSet, Text: text, Path: path}
}

// compilePath compiles a JSONPath and reports it if it is none.
func (b *builder) compilePath(text string, at place) *jsonpath.Path {
	path, err := jsonpath.Compile(text)
	if err != nil {
		b.refuseValue(at, text, notAPath, err.Error())
		return nil
	}
	return path
}

// isReference reports a path that does not name a single node, or that starts
// where it may not.
func (b *builder) isReference(path *jsonpath.Path, from roots, at place) bool {
	root := path.Root()
	allowed := root == jsonpath.InputRoot || from == anyRoot ||
		from == noContextRoot && root == jsonpath.VariableRoot
	if allowed && path.IsReference() {
		return true
	}
	b.refuse(at, notAReference, `a reference path names one place, as "$.a.b[0]" does`)
	return false
}

// pathField reads a member that is a reference path; nil if it is absent.
func (f fields) pathField(name string, from roots) Template {
	text, ok := f.text(name)
	if !ok || f.lang == JSONata {
		return nil
	}
	at := f.at.field(name)
	path := f.compilePath(text, at)
	if path == nil || !f.isReference(path, from, at) {
		return nil
	}
	return &PathExpr{Field: name, Text: text, Path: path}
}

// amount reads a number that is written down, given as a path (the field with
// the suffix Path) or, in JSONata, computed. Nil if neither field is present.
func (f fields) amount(name string, limits bounds, from roots) Template {
	v, ok := f.object.Get(name)
	if !ok {
		return f.pathField(name+"Path", from)
	}
	at := f.at.field(name)
	if text, ok := v.(string); ok && f.lang == JSONata && strings.HasPrefix(text, "{%") {
		return f.templateOf(text, at, name)
	}
	if n, ok := f.numberValue(v, at, limits); ok {
		return &Constant{Value: n}
	}
	return nil
}

// textOrExpression reads a string; in JSONata it may be computed. Nil if the
// field is absent.
func (f fields) textOrExpression(name string) Template {
	text, ok := f.text(name)
	if !ok {
		return nil
	}
	if f.lang == JSONata {
		return f.templateOf(text, f.at.field(name), name)
	}
	return &Constant{Value: text}
}

// pathOrCall reads a member that is a reference path or an intrinsic call.
func (f fields) pathOrCall(name string) Template {
	text, ok := f.text(name)
	if !ok || f.lang == JSONata {
		return nil
	}
	t := f.pathOrCallText(name, text)
	if t == nil {
		f.refuseValue(f.at.field(name), text, notAPath,
			`write a path such as "$.reason" or a call such as "States.Format('{}', $.x)", without blanks around it`)
		return nil
	}
	if p, ok := t.(*PathExpr); ok && !f.isReference(p.Path, anyRoot, f.at.field(name)) {
		return nil
	}
	return t
}

// pathOrCallText compiles a path or an intrinsic call; nil if it is neither.
func (f fields) pathOrCallText(field, text string) Template {
	if strings.HasPrefix(text, "$") {
		path, err := jsonpath.Compile(text)
		if err != nil {
			return nil
		}
		return &PathExpr{Field: field, Text: text, Path: path}
	}
	call, err := intrinsic.Compile(text)
	if err != nil {
		return nil
	}
	return &IntrinsicExpr{Field: field, Text: text, Call: call}
}

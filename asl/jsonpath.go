package asl

import (
	"errors"
	"strings"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

// jsonPath is the query language JSONPath (section 3): InputPath, Parameters,
// the work, ResultSelector, ResultPath, OutputPath. Documents pass through as
// they are wherever a field is absent or "$".
type jsonPath struct{}

var _ language = jsonPath{}

func (jsonPath) effective(v *visit) *failure {
	doc, err := v.follow(&v.frame.state.Data.InputPath, v.input)
	v.input = doc
	return err
}

// follow applies InputPath or OutputPath to a document.
func (v *visit) follow(field *definition.PathField, to *value.Document) (*value.Document, *failure) {
	switch field.Mode {
	case definition.PathNull:
		return value.Of(&value.Object{}), nil
	case definition.PathAbsent:
		return to, nil
	}
	v = v.with(to)
	if doc := v.root(field.Path); doc != nil {
		return doc, nil
	}
	found, err := field.Path.EvalWithin(v, &v.turn.paths.Paths)
	if err != nil {
		return v.input, v.frame.runtime("%s", err)
	}
	return value.Of(found), nil
}

// root is the document that a path stands for as a whole, nil for any other
// path.
func (v *visit) root(path *jsonpath.Path) *value.Document {
	if !path.IsRoot() {
		return nil
	}
	switch path.Root() {
	case jsonpath.InputRoot:
		return v.input
	case jsonpath.VariableRoot:
		doc, _ := v.frame.variable(path.Variable())
		return doc
	default:
		return nil
	}
}

// output: ResultPath is applied to what the state was entered with, before
// InputPath.
func (l jsonPath) output(v *visit, result *value.Document) (*value.Document, *failure) {
	data := &v.frame.state.Data
	if data.ResultSelector != nil {
		selected, err := l.evaluate(v.with(result), data.ResultSelector)
		if err != nil {
			return nil, err
		}
		result = selected
	}
	seen := v.seen()
	if seen != nil {
		seen.ResultSelector = result
	}
	placed, err := v.place(&data.ResultPath, result)
	if err != nil {
		return nil, err
	}
	if seen != nil {
		seen.ResultPath = placed
	}
	return v.follow(&data.OutputPath, placed)
}

// place applies ResultPath.
func (v *visit) place(field *definition.PathField, result *value.Document) (*value.Document, *failure) {
	switch {
	case field.Mode == definition.PathNull:
		return v.frame.cur, nil
	case field.Mode == definition.PathAbsent, field.Path.IsRoot():
		return result, nil
	}
	placed, err := field.Path.Assign(v.frame.cur.Value(), result.Value())
	if err != nil {
		return nil, failed(errorReferencePath, err.Error())
	}
	return value.Of(placed), nil
}

// caught: OutputPath is not for what a catcher makes.
func (jsonPath) caught(v *visit, catcher *definition.Catcher, problem *value.Document) (*value.Document, *failure) {
	placed, err := v.place(&catcher.ResultPath, problem)
	if seen := v.seen(); seen != nil && err == nil {
		seen.ResultPath = placed
	}
	return placed, err
}

func (jsonPath) assign(v *visit, list []definition.Assignment, dollar *value.Document) ([]assignment, *failure) {
	if len(list) == 0 {
		return nil, nil
	}
	return v.with(dollar).assign(list)
}

func (jsonPath) evaluate(v *visit, template definition.Template) (*value.Document, *failure) {
	if path, ok := template.(*definition.PathExpr); ok {
		if doc := v.root(path.Path); doc != nil {
			return doc, nil
		}
	}
	found, err := v.template(template)
	if err != nil {
		return nil, err
	}
	return value.Of(found), nil
}

// path is the value of a path in a payload template, which AWS does not look for
// in null. An item behind the end of an array is null there, and nowhere else.
func (v *visit) path(expr *definition.PathExpr) (any, *failure) {
	if expr.Path.Root() == jsonpath.InputRoot && v.Input() == nil {
		return nil, v.frame.runtime("Unable to apply Path transformation to null or empty input.")
	}
	found, err := expr.Path.EvalWithin(v, &v.turn.paths.Paths)
	if err == nil {
		return found, nil
	}
	var missing *jsonpath.NotFoundError
	if errors.As(err, &missing) {
		if missing.PastTheEnd() {
			return nil, nil
		}
		return nil, v.frame.runtime("%s", missing.Template(expr.Field, v.searched(expr.Path)))
	}
	return nil, v.frame.runtime("%s", err)
}

func (v *visit) call(expr *definition.IntrinsicExpr) (any, *failure) {
	result, err := expr.Call.EvalWithin(v, dice{v.turn.env.Random}, &v.turn.paths)
	if err == nil {
		return result, nil
	}
	var problem *intrinsic.Error
	if errors.As(err, &problem) && problem.Name != errorRuntime {
		return nil, failed(problem.Name, problem.Cause)
	}
	return nil, v.frame.runtime("%s", strings.TrimPrefix(err.Error(), errorRuntime+": "))
}

package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// language is a query language: how the fields of a state shape its data and
// say what its work needs. All methods read the visit, whose input is the
// effective input once effective was called; a failure is that of the state.
type language interface {
	// effective sets the visit's input to the state's effective input.
	effective(v *visit) *failure
	// output is the output of the state, whose work gave result, or of the
	// visit's choice rule.
	output(v *visit, result *value.Document) (*value.Document, *failure)
	// caught is the output of the state when a catcher takes its failure.
	caught(v *visit, catcher *definition.Catcher, problem *value.Document) (*value.Document, *failure)
	// assign evaluates assignments, with dollar as what the language calls
	// the result.
	assign(v *visit, list []definition.Assignment, dollar *value.Document) ([]assignment, *failure)
	// evaluate is the value of a template.
	evaluate(v *visit, template definition.Template) (*value.Document, *failure)
	// holds says whether the condition of a choice rule holds.
	holds(v *visit, test definition.Test) (bool, *failure)
	// notText is the failure of a field that was to be a text and is something else.
	notText(v *visit, template definition.Template, found any) *failure
	// number is a field that must be an integer.
	number(v *visit, field string, template definition.Template) (int64, *failure)
	// due is when a Wait state is over, in milliseconds.
	due(v *visit, wait *definition.Wait) (int64, *failure)
	// items are the items of a Map state, and how many there are.
	items(v *visit, m *definition.Map) (*value.Document, int, *failure)
}

// flowOf is the language of a state.
func flowOf(state *definition.State) language {
	if state.QueryLanguage == definition.JSONata {
		return jsonataFlow{}
	}
	return jsonPath{}
}

// outOfRange is the failure of a field whose number is of no use. For a path
// it has a text of its own, which the path itself follows.
func (v *visit) outOfRange(template definition.Template, pathText, text string) *failure {
	if e, ok := template.(*definition.JSONataExpr); ok {
		return v.evaluationFailure(e.Location, text)
	}
	return v.frame.runtime("%s: %s", pathText, source(template))
}

// source is the text of a template that is one path, for messages.
func source(template definition.Template) string {
	if path, ok := template.(*definition.PathExpr); ok {
		return path.Text
	}
	return ""
}

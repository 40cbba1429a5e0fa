package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// What the query languages do alike.

// effective sets the input to the state's effective input.
func (v *visit) effective() *failure {
	err := v.flow.effective(v)
	if seen := v.seen(); seen != nil && err == nil {
		seen.InputPath = v.input
	}
	return err
}

// arguments is what the work of the state gets.
func (v *visit) arguments() (*value.Document, *failure) {
	doc := v.input
	if template := v.frame.state.Data.Arguments; template != nil {
		var err *failure
		if doc, err = v.flow.evaluate(v, template); err != nil {
			return nil, err
		}
	}
	if seen := v.seen(); seen != nil {
		seen.Arguments = doc
	}
	return doc, nil
}

// text is a field that must be a string, nil for an absent one.
func (v *visit) text(template definition.Template) (*string, *failure) {
	if template == nil {
		return nil, nil
	}
	found, err := v.template(template)
	if err != nil {
		return nil, err
	}
	text, ok := found.(string)
	if !ok {
		return nil, v.flow.notText(v, template, found)
	}
	return &text, nil
}

// template is the value of a template, whatever the query language of its
// expressions.
func (v *visit) template(template definition.Template) (any, *failure) {
	switch template := template.(type) {
	case *definition.Constant:
		return template.Value, nil
	case *definition.Object:
		object := value.NewObject(len(template.Members))
		for i := range template.Members {
			member, err := v.template(template.Members[i].Value)
			if err != nil {
				return nil, err
			}
			object.Set(template.Members[i].Name, member)
		}
		return object, nil
	case *definition.Array:
		array := make([]any, len(template.Items))
		for i := range template.Items {
			item, err := v.template(template.Items[i])
			if err != nil {
				return nil, err
			}
			array[i] = item
		}
		return array, nil
	case *definition.PathExpr:
		return v.path(template)
	case *definition.IntrinsicExpr:
		return v.call(template)
	case *definition.JSONataExpr:
		return v.express(template)
	default:
		panic("asl: a template of a kind that there is not")
	}
}

// assign evaluates assignments. Each sees the values that the variables had
// before.
func (v *visit) assign(list []definition.Assignment) ([]assignment, *failure) {
	vars := make([]assignment, len(list))
	used := 0
	for i := range list {
		doc, err := v.flow.evaluate(v, list[i].Value)
		if err == nil {
			vars[i], err = v.set(list[i].Name, doc, &used)
		}
		if err != nil {
			return nil, err
		}
	}
	return vars, nil
}

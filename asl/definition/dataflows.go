package definition

import (
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// dataFlow reads the fields that shape a state's data. Fields that the type
// of the state does not have were reported before.
func (f fields) dataFlow() DataFlow {
	d := DataFlow{
		InputPath:  f.pathTriple("InputPath", false),
		ResultPath: f.pathTriple("ResultPath", true),
		OutputPath: f.pathTriple("OutputPath", false),
	}
	if f.lang == JSONata {
		d.Arguments = f.arguments("Arguments")
		d.Output = f.template("Output")
		return d
	}
	if kind, _ := f.object.Get("Type"); kind != string(TypeMap) {
		d.Arguments = f.template("Parameters")
	}
	d.ResultSelector = f.selector("ResultSelector")
	return d
}

// arguments reads a field such as Arguments: an object, or an expression that
// yields one.
func (f fields) arguments(name string) Template {
	v, ok := f.object.Get(name)
	if !ok {
		return nil
	}
	t := f.template(name)
	_, isObject := v.(*value.Object)
	switch t.(type) {
	case *Constant:
		if !isObject {
			f.expectType(f.at.field(name), "Object", v)
		}
	case *Array:
		f.expectTypeLater(f.at.field(name), "Object", v)
	}
	return t
}

// selector reads a payload template that has to be an object.
func (f fields) selector(name string) Template {
	v, ok := f.object.Get(name)
	if !ok {
		return nil
	}
	if _, ok := v.(*value.Object); !ok {
		f.expectType(f.at.field(name), "Object", v)
		return nil
	}
	return f.template(name)
}

// assignments reads Assign.
func (f fields) assignments() []Assignment {
	v, ok := f.object.Get("Assign")
	if !ok {
		return nil
	}
	object, ok := f.nested("Assign")
	if !ok {
		return nil
	}
	var assign []Assignment
	switch t := f.templateOf(v, object.at, "Assign").(type) {
	case *Object:
		for _, m := range t.Members {
			assign = append(assign, Assignment(m))
		}
	case *Constant:
		all, _ := t.Value.(*value.Object)
		for name, v := range all.All() {
			assign = append(assign, Assignment{Name: name, Value: &Constant{Value: v}})
		}
	}
	for key := range object.object.All() {
		name := key
		if f.lang == JSONPath {
			name = strings.TrimSuffix(key, ".$")
		}
		f.checkVariable(name, object.at.field(key))
	}
	return assign
}

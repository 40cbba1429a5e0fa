package catalog

import (
	"reflect"
	"slices"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/jsonpath"
)

// variableReferences finds the workflow variables that the paths and intrinsic
// function calls of each state refer to, sorted. States that refer to none are
// left out. JSONata expressions are not looked into.
func variableReferences(m *definition.Machine) map[string][]string {
	references := map[string][]string{}
	for _, state := range m.All {
		var names []string
		collect(reflect.ValueOf(state).Elem(), func(p *jsonpath.Path) {
			if p.Root() == jsonpath.VariableRoot {
				names = append(names, p.Variable())
			}
		})
		if len(names) > 0 {
			slices.Sort(names)
			references[state.Name] = slices.Compact(names)
		}
	}
	return references
}

// collect yields the paths in a part of the model, wherever they are, and goes
// neither into other states nor into nested scopes. By reflection, so that a
// field that the model gets later is not forgotten here.
func collect(v reflect.Value, yield func(*jsonpath.Path)) {
	switch v.Kind() {
	case reflect.Interface:
		collect(v.Elem(), yield)
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), yield)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				collect(v.Field(i), yield)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			collectPointer(v, yield)
		}
	}
}

func collectPointer(v reflect.Value, yield func(*jsonpath.Path)) {
	switch p := v.Interface().(type) {
	case *jsonpath.Path:
		yield(p)
	case *intrinsic.Expr:
		for path := range p.Paths() {
			yield(path)
		}
	case *definition.State, *definition.Scope, *definition.Constant:
	default:
		collect(v.Elem(), yield)
	}
}

package catalog

import (
	"reflect"
	"slices"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonpath"
)

// variableReferences finds the workflow variables that the paths, intrinsic
// function calls and expressions of each state refer to, sorted. States that
// refer to none are left out.
func variableReferences(m *definition.Machine) map[string][]string {
	references := map[string][]string{}
	assigned := assignedNames(m)
	for _, state := range m.All {
		c := collector{assigned: assigned}
		c.collect(reflect.ValueOf(state).Elem())
		if len(c.names) > 0 {
			slices.Sort(c.names)
			references[state.Name] = slices.Compact(c.names)
		}
	}
	return references
}

// assignedNames are the variables that the machine assigns.
func assignedNames(m *definition.Machine) map[string]bool {
	names := map[string]bool{}
	note := func(list []definition.Assignment) {
		for _, a := range list {
			names[a.Name] = true
		}
	}
	for _, state := range m.All {
		note(state.Assign)
		for i := range state.Catch {
			note(state.Catch[i].Assign)
		}
		if choice, ok := state.Kind.(*definition.Choice); ok {
			for i := range choice.Rules {
				note(choice.Rules[i].Assign)
			}
		}
	}
	return names
}

// collector collects the variables that a state refers to.
type collector struct {
	assigned map[string]bool // by any state
	names    []string
}

func (c *collector) path(p *jsonpath.Path) {
	if p.Root() == jsonpath.VariableRoot {
		c.names = append(c.names, p.Variable())
	}
}

// expression: a name that is a function's means the variable only where one
// can have been assigned.
func (c *collector) expression(e *jsonata.Expr) {
	for _, v := range e.References().Variables {
		if v.Name != "states" && (!v.Function || c.assigned[v.Name]) {
			c.names = append(c.names, v.Name)
		}
	}
}

// collect looks into a part of the model for whatever refers to variables, and
// goes neither into other states nor into nested scopes. By reflection, so
// that a field that the model gets later is not forgotten here.
func (c *collector) collect(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		c.collect(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			c.collect(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.collect(v.Field(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			c.pointer(v)
		}
	}
}

func (c *collector) pointer(v reflect.Value) {
	switch p := v.Interface().(type) {
	case *jsonpath.Path:
		c.path(p)
	case *intrinsic.Expr:
		for path := range p.Paths() {
			c.path(path)
		}
	case *jsonata.Expr:
		c.expression(p)
	case *definition.State, *definition.Scope, *definition.Constant:
	default:
		c.collect(v.Elem())
	}
}

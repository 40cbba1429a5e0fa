package jsonata

// frame is a scope of variables. Looking one up goes outwards; setting one
// sets it here.
type frame struct {
	outer  *frame
	vars   []binding
	shared bool // vars belong to a tuple: copy before changing
}

type binding struct {
	name  string
	value any
}

func (f *frame) bind(name string, v any) {
	if f.shared {
		f.vars, f.shared = append([]binding(nil), f.vars...), false
	}
	for i := range f.vars {
		if f.vars[i].name == name {
			f.vars[i].value = v
			return
		}
	}
	f.vars = append(f.vars, binding{name, v})
}

func (f *frame) lookup(name string) (any, bool) {
	for ; f != nil; f = f.outer {
		for i := range f.vars {
			if f.vars[i].name == name {
				return f.vars[i].value, true
			}
		}
	}
	return nil, false
}

// frameOf is a scope with the variables of a tuple.
func frameOf(outer *frame, t *tuple) *frame {
	return &frame{outer: outer, vars: t.vars, shared: true}
}

// with is t's variables and one more.
func (t *tuple) with(name string, v any) []binding {
	return setBinding(append(make([]binding, 0, len(t.vars)+1), t.vars...), name, v)
}

func setBinding(vars []binding, name string, v any) []binding {
	for i := range vars {
		if vars[i].name == name {
			vars[i].value = v
			return vars
		}
	}
	return append(vars, binding{name, v})
}

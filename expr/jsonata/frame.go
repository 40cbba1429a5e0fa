package jsonata

// frame is a scope of variables. Looking one up goes outwards; setting one
// sets it here.
type frame struct {
	outer  *frame
	vars   []binding
	index  map[string]int // of vars by name, once there are many
	shared bool           // vars belong to a tuple: copy before changing
}

type binding struct {
	name  string
	value any
}

// fewVars is how many variables are found faster by looking at each of them.
const fewVars = 16

func (f *frame) bind(name string, v any) {
	if f.shared {
		f.vars, f.shared = append([]binding(nil), f.vars...), false
	}
	if i := f.find(name); i >= 0 {
		f.vars[i].value = v
		return
	}
	f.vars = append(f.vars, binding{name, v})
	switch {
	case f.index != nil:
		f.index[name] = len(f.vars) - 1
	case len(f.vars) > fewVars:
		f.index = make(map[string]int, 2*len(f.vars))
		for i := range f.vars {
			f.index[f.vars[i].name] = i
		}
	}
}

// find is the place of a variable in vars, -1 if it is not there.
func (f *frame) find(name string) int {
	if f.index != nil {
		if i, ok := f.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range f.vars {
		if f.vars[i].name == name {
			return i
		}
	}
	return -1
}

func (f *frame) lookup(name string) (any, bool) {
	for ; f != nil; f = f.outer {
		if i := f.find(name); i >= 0 {
			return f.vars[i].value, true
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

package jsonata

// References are what an expression reads from outside of itself.
type References struct {
	// Context are the names that it reads from the context of the whole
	// expression, each once and in the order in which they stand: "phone" for
	// phone.number, "$" for that context itself, "$$" for it from within.
	Context []string
	// Variables are those that it does not bind itself, in the same order.
	Variables []VariableReference
}

// VariableReference is a variable that an expression reads.
type VariableReference struct {
	Name string
	// Members are the names that stand directly behind it: "input" for
	// $states.input.a. Whole says that it is read otherwise as well.
	Members []string
	Whole   bool
	// Function says that a function of the language has the same name, which
	// is what the name means where nobody has set the variable.
	Function bool
}

// References finds what the expression refers to. A name in a string or a
// regular expression is none.
func (e *Expr) References() References {
	w := walker{seen: map[[2]string]bool{}, places: map[string]int{}}
	w.walk(e.root, scope{top: true, bound: &bindings{visible: map[string]int{}}})
	return w.found
}

// scope is where a part of an expression stands: whether its context is that
// of the whole expression, and which variables are bound around it.
type scope struct {
	top   bool
	bound *bindings
}

// bindings are the variables that one scope binds. All scopes share visible, which counts
// the scopes that are open and bind a name, so that how deep they are nested costs nothing.
type bindings struct {
	names   []string
	visible map[string]int
}

func (b *bindings) has(name string) bool { return b.visible[name] > 0 }

func (b *bindings) add(names ...string) {
	for _, name := range names {
		if name != "" {
			b.names = append(b.names, name)
			b.visible[name]++
		}
	}
}

// end closes the scope, when all that stands in it has been walked.
func (b *bindings) end() {
	for _, name := range b.names {
		b.visible[name]--
	}
}

// inner is the same place with a scope of variables of its own.
func (s scope) inner() scope {
	s.bound = &bindings{visible: s.bound.visible}
	return s
}

// below is a place whose context is a value that the expression has found.
func (s scope) below() scope {
	s.top = false
	return s
}

// walker goes through an expression. An expression can be long, so that what
// has been seen is looked up by its name.
type walker struct {
	found  References
	seen   map[[2]string]bool // names of the context, and members of variables
	places map[string]int     // of variables in found
}

// first says whether a name, or a member of the variable, is seen for the
// first time.
func (w *walker) first(variable, name string) bool {
	key := [2]string{variable, name}
	known := w.seen[key]
	w.seen[key] = true
	return !known
}

func (w *walker) context(name string) {
	if w.first("", name) {
		w.found.Context = append(w.found.Context, name)
	}
}

// variable notes a variable, with the name behind it or "" for none.
func (w *walker) variable(n *node, member string, s scope) {
	switch {
	case n.text == "$":
		w.context("$$")
		return
	case n.text == "":
		if s.top {
			w.context("$")
		}
		return
	case s.bound.has(n.text):
		return
	}
	at, known := w.places[n.text]
	if !known {
		at = len(w.found.Variables)
		w.places[n.text] = at
		w.found.Variables = append(w.found.Variables, VariableReference{Name: n.text, Function: n.builtin != nil})
	}
	v := &w.found.Variables[at]
	switch {
	case member == "":
		v.Whole = true
	case w.first(n.text, member):
		v.Members = append(v.Members, member)
	}
}

// walk looks at n, which may be nil, and then at what is attached to it.
func (w *walker) walk(n *node, s scope) {
	if n == nil {
		return
	}
	w.kind(n, s)
	w.attached(n, s)
}

func (w *walker) kind(n *node, s scope) {
	switch n.kind {
	case kindPath:
		inner := s.inner()
		w.path(n, inner)
		inner.bound.end()
	case kindName:
		if s.top {
			w.context(n.text)
		}
	case kindVariable:
		w.variable(n, "", s)
	case kindBlock:
		inner := s.inner()
		for _, part := range n.list {
			w.walk(part, inner)
		}
		inner.bound.end()
	case kindBind:
		w.bind(n, s)
	case kindLambda:
		inner := s.inner()
		inner.bound.add(n.params...)
		w.walk(n.rhs, inner)
		inner.bound.end()
	case kindTransform:
		w.each(s.below(), n.lhs, n.rhs, n.alt)
	case kindSort:
		for _, t := range n.terms {
			w.walk(t.expr, s.below())
		}
	default:
		w.each(s, n.lhs)
		w.each(s, n.list...)
		w.each(s, n.rhs, n.alt)
		w.pairs(n.pairs, s)
	}
}

func (w *walker) each(s scope, parts ...*node) {
	for _, part := range parts {
		w.walk(part, s)
	}
}

func (w *walker) pairs(pairs [][2]*node, s scope) {
	for _, pair := range pairs {
		w.each(s, pair[0], pair[1])
	}
}

// bind: a function may call itself by the name that it gets.
func (w *walker) bind(n *node, s scope) {
	if n.rhs.kind == kindLambda {
		s.bound.add(n.text)
	}
	w.walk(n.rhs, s)
	s.bound.add(n.text)
}

// path: only the first step has the context of the path.
func (w *walker) path(n *node, s scope) {
	steps := n.list
	if first := steps[0]; first.kind == kindVariable && first.bare() && len(steps) > 1 && steps[1].kind == kindName {
		w.variable(first, steps[1].text, s)
	} else {
		w.walk(first, s)
	}
	s.bound.add(steps[0].focus, steps[0].index)
	for _, step := range steps[1:] {
		w.walk(step, s.below())
		s.bound.add(step.focus, step.index)
	}
	if n.group != nil {
		w.pairs(n.group.pairs, s.below())
	}
}

// bare says whether nothing is attached to the step n of a path.
func (n *node) bare() bool {
	return n.filters == nil && n.stages == nil && n.group == nil && n.focus == "" && n.index == ""
}

// attached looks at the filters and groups behind n, whose context is what n
// has found. Those of a path belong to its scope.
func (w *walker) attached(n *node, s scope) {
	s = s.below()
	w.each(s, n.filters...)
	inner := s.inner()
	inner.bound.add(n.focus, n.index)
	for _, stage := range n.stages {
		inner.bound.add(stage.index)
		w.walk(stage.filter, inner)
	}
	inner.bound.end()
	if n.group != nil && n.kind != kindPath {
		w.pairs(n.group.pairs, s)
	}
}

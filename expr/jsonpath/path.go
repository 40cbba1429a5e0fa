package jsonpath

import (
	"strconv"
	"strings"
)

// Root is what a path starts from.
type Root uint8

// The roots of a path.
const (
	InputRoot    Root = iota // $: the input of whatever evaluates the path
	ContextRoot              // $$: the context object
	VariableRoot             // $name: a variable of the execution
)

// Path is a compiled path. It is immutable.
type Path struct {
	text      string
	root      Root
	variable  string
	steps     []step
	definite  bool
	reference bool
}

// String is the text that the path was compiled from.
func (p *Path) String() string { return p.text }

// Root is what the path starts from.
func (p *Path) Root() Root { return p.root }

// Variable is the name of the variable that a path with a VariableRoot starts
// from; otherwise "".
func (p *Path) Variable() string { return p.variable }

// IsRoot says whether the path is nothing but its root: "$", "$$" or "$name".
func (p *Path) IsRoot() bool { return len(p.steps) == 0 }

// IsDefinite says whether the path names at most one value. The result of an
// indefinite path is an array.
func (p *Path) IsDefinite() bool { return p.definite }

// cost is how many values a definite path looks at.
func (p *Path) cost() int {
	cost := len(p.steps)
	if last := cost - 1; last >= 0 {
		cost += len(p.steps[last].names)
	}
	return cost
}

// IsReference says whether the path is a reference path: members and single
// items that are not counted from the end.
func (p *Path) IsReference() bool { return p.reference }

// Canonical is the path as AWS writes it in messages: $['a'][0].
func (p *Path) Canonical() string { return render(p.steps) }

type stepKind uint8

const (
	memberStep   stepKind = iota // .name
	membersStep                  // ['a','b']
	itemStep                     // [0]
	itemsStep                    // [0,2]
	sliceStep                    // [1:2]
	wildcardStep                 // *
	scanStep                     // ..
	filterStep                   // [?(…)]
	functionStep                 // .length(), looked up as a member
)

// step is one part of a path; which fields count depends on the kind.
type step struct {
	kind     stepKind
	name     string   // memberStep, functionStep
	names    []string // membersStep
	index    int      // itemStep
	indexes  []int    // itemsStep
	from, to bound    // sliceStep
	filter   condition
}

// bound is one end of a slice, which may be left open.
type bound struct {
	at  int
	set bool
}

// render writes steps as Jayway does.
func render(steps []step) string {
	var b strings.Builder
	b.WriteByte('$')
	for i := range steps {
		steps[i].render(&b)
	}
	return b.String()
}

func (s *step) render(b *strings.Builder) {
	switch s.kind {
	case memberStep, functionStep:
		b.WriteString("['" + s.name + "']")
	case membersStep:
		b.WriteString("['" + strings.Join(s.names, "', '") + "']")
	case itemStep:
		b.WriteString("[" + strconv.Itoa(s.index) + "]")
	case itemsStep:
		b.WriteByte('[')
		for i, index := range s.indexes {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Itoa(index))
		}
		b.WriteByte(']')
	case sliceStep:
		b.WriteString("[" + s.from.String() + ":" + s.to.String() + "]")
	case wildcardStep:
		b.WriteString("[*]")
	case scanStep:
		b.WriteString("..")
	case filterStep:
		b.WriteString("[?]")
	}
}

func (b bound) String() string {
	if !b.set {
		return ""
	}
	return strconv.Itoa(b.at)
}

// isDefinite is the rule behind Path.IsDefinite: every step names one value.
// Several members at the end are put together into one object.
func isDefinite(steps []step) bool {
	for i := range steps {
		switch steps[i].kind {
		case memberStep, itemStep, functionStep:
		case membersStep:
			if i < len(steps)-1 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func isReference(steps []step) bool {
	for i := range steps {
		switch steps[i].kind {
		case memberStep:
		case itemStep:
			if steps[i].index < 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

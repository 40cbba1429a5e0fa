package jsonpath

import (
	"slices"

	"github.com/fermata-dev/fermata/expr/value"
)

// Assign is root with v in the place that the reference path names, as
// ResultPath does it. root stays as it is: the result shares with it all that
// is not on the way. Members that are missing on the way are made, as objects;
// a null on the way counts as missing. An item can only be replaced, not
// added. The error is an *AssignError if something else is in the way, and a
// *SyntaxError if the path is no reference path.
func (p *Path) Assign(root, v any) (any, error) {
	if !p.reference {
		return nil, &SyntaxError{Text: p.text, Msg: "not a reference path, nothing can be written to it"}
	}
	assigned, ok := p.assign(root, v, 0)
	if !ok {
		return nil, &AssignError{Path: p, Root: root}
	}
	return assigned, nil
}

// assign writes v below at, from the i-th step on. ok is false if something is in
// the way.
func (p *Path) assign(at, v any, i int) (assigned any, ok bool) {
	if i == len(p.steps) {
		return v, true
	}
	s := &p.steps[i]
	if s.kind == itemStep {
		return p.assignItem(at, v, i)
	}
	object, ok := at.(*value.Object)
	switch {
	case ok:
		object = object.Clone()
	case at == nil && i > 0:
		object = value.NewObject(1)
	default:
		return nil, false
	}
	child, _ := object.Get(s.name)
	if child, ok = p.assign(child, v, i+1); !ok {
		return nil, false
	}
	object.Set(s.name, child)
	return object, true
}

func (p *Path) assignItem(at, v any, i int) (assigned any, ok bool) {
	index := p.steps[i].index
	array, ok := at.([]any)
	if !ok || index >= len(array) {
		return nil, false
	}
	child, ok := p.assign(array[index], v, i+1)
	if !ok {
		return nil, false
	}
	array = slices.Clone(array)
	array[index] = child
	return array, true
}

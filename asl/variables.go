package asl

import (
	"slices"

	"github.com/fermata-dev/fermata/expr/value"
)

// scopeVars are the variables that one scope has assigned, in order of their
// names. Inner scopes read those of the scopes around them.
type scopeVars struct {
	names  []string
	values []*value.Document
}

func (s *scopeVars) get(name string) (*value.Document, bool) {
	if s == nil {
		return nil, false
	}
	i, found := slices.BinarySearch(s.names, name)
	if !found {
		return nil, false
	}
	return s.values[i], true
}

// set gives a variable a value and returns how many bytes of text the scope
// has grown by.
func (s *scopeVars) set(name string, doc *value.Document) int {
	i, found := slices.BinarySearch(s.names, name)
	if found {
		grown := doc.Size() - s.values[i].Size()
		s.values[i] = doc
		return grown
	}
	s.names = slices.Insert(s.names, i, name)
	s.values = slices.Insert(s.values, i, doc)
	return doc.Size()
}

// size is the text of all values together.
func (s *scopeVars) size() (n int) {
	if s != nil {
		for _, doc := range s.values {
			n += doc.Size()
		}
	}
	return n
}

// variable finds a variable in the frame or those around it.
func (f *frame) variable(name string) (*value.Document, bool) {
	for ; f != nil; f = f.parent {
		if doc, ok := f.vars.get(name); ok {
			return doc, true
		}
	}
	return nil, false
}

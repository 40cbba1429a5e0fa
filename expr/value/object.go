package value

import (
	"iter"
	"slices"
)

// Object is a JSON object that keeps the order in which its members were
// first set. The zero value is an empty object. It may be read by any number
// of goroutines while nobody changes it.
type Object struct {
	members []member
	index   map[string]int // position by key; nil while the object is small
}

type member struct {
	key   string
	value any
}

// smallObject is how many members are found faster by looking at each of
// them than by hashing.
const smallObject = 16

// NewObject is an empty object with room for capacity members.
func NewObject(capacity int) *Object {
	return &Object{members: make([]member, 0, max(capacity, 0))}
}

// Get is the value of key, and whether there is one.
func (o *Object) Get(key string) (any, bool) {
	if i := o.find(key); i >= 0 {
		return o.members[i].value, true
	}
	return nil, false
}

// Set gives key the value v: in its place if the object has the key, at the
// end if not.
func (o *Object) Set(key string, v any) {
	if i := o.find(key); i >= 0 {
		o.members[i].value = v
		return
	}
	o.members = append(o.members, member{key, v})
	switch {
	case o.index != nil:
		o.index[key] = len(o.members) - 1
	case len(o.members) > smallObject:
		o.reindex()
	}
}

// Delete removes key, if it is there; the others keep their order. It costs
// the size of the object.
func (o *Object) Delete(key string) {
	i := o.find(key)
	if i < 0 {
		return
	}
	o.members = slices.Delete(o.members, i, i+1)
	if o.index != nil {
		o.reindex()
	}
}

// Len is the number of members.
func (o *Object) Len() int { return len(o.members) }

// At is the i-th member, 0 <= i < Len().
func (o *Object) At(i int) (key string, v any) {
	return o.members[i].key, o.members[i].value
}

// All yields the members in order.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for i := range o.members {
			if !yield(o.members[i].key, o.members[i].value) {
				return
			}
		}
	}
}

// Clone is a copy whose members can be set without changing o; the values
// themselves are shared.
func (o *Object) Clone() *Object {
	clone := &Object{members: slices.Clone(o.members)}
	if o.index != nil {
		clone.reindex()
	}
	return clone
}

// find is the position of key, or -1.
func (o *Object) find(key string) int {
	if o.index != nil {
		if i, ok := o.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range o.members {
		if o.members[i].key == key {
			return i
		}
	}
	return -1
}

func (o *Object) reindex() {
	if len(o.members) <= smallObject {
		o.index = nil
		return
	}
	o.index = make(map[string]int, cap(o.members))
	for i := range o.members {
		o.index[o.members[i].key] = i
	}
}

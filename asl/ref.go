package asl

import "github.com/fermata-dev/fermata/expr/value"

// tag says where a value is. The numbers are durable.
type tag byte

const (
	tagCur    tag = 0 // the frame's register cur
	tagResult tag = 1 // the frame's register result
	tagEmpty  tag = 2 // {}
	tagItem   tag = 3 // the item of the iteration that starts
	tagInline tag = 4 // here
	tagMember tag = 5 // within one of the registers, where path leads to
)

// ref is a value in a fact. doc is set for tagInline when a fact is written or
// was read, and may be set for the others when a fact is made.
type ref struct {
	tag  tag
	of   tag      // tagMember: the register
	path []string // tagMember: the keys from its value on, at least one
	doc  *value.Document
}

func (r *ref) layout(c *codec) {
	c.Byte((*byte)(&r.tag))
	switch r.tag {
	case tagCur, tagResult, tagEmpty, tagItem:
	case tagInline:
		layoutDocument(c, &r.doc)
	case tagMember:
		r.layoutPath(c)
	default:
		c.Fail()
	}
}

func (r *ref) layoutPath(c *codec) {
	c.Byte((*byte)(&r.of))
	n := c.Length(len(r.path))
	if n == 0 || n > memberDepth {
		c.Fail()
		return
	}
	if c.Reading {
		r.path = make([]string, n)
	}
	for i := range r.path {
		c.Text(&r.path[i])
	}
}

// layoutDocument writes or reads the text of a document.
func layoutDocument(c *codec, p **value.Document) {
	var text []byte
	if !c.Reading {
		text = (*p).Text()
	}
	c.Bytes(&text)
	if c.Reading && !c.Bad {
		*p = value.Text(text)
	}
}

func inline(doc *value.Document) ref { return ref{tag: tagInline, doc: doc} }

// resolve is the value that a reference stands for.
func (f *frame) resolve(r *ref) (*value.Document, error) {
	switch r.tag {
	case tagCur:
		return f.cur, nil
	case tagResult:
		if f.result == nil {
			return nil, errImpossible
		}
		return f.result, nil
	case tagEmpty:
		return value.Of(&value.Object{}), nil
	case tagInline:
		return r.doc, nil
	case tagMember:
		return f.member(r)
	default:
		return nil, errImpossible
	}
}

// member is the value within a register.
func (f *frame) member(r *ref) (*value.Document, error) {
	if r.doc != nil {
		return r.doc, nil
	}
	register, err := f.resolve(&ref{tag: r.of})
	if err != nil || r.of > tagResult || !register.Parsed() && value.Valid(register.Text()) != nil {
		return nil, errImpossible
	}
	v := register.Value()
	for _, key := range r.path {
		o, ok := v.(*value.Object)
		if !ok {
			return nil, errImpossible
		}
		if v, ok = o.Get(key); !ok {
			return nil, errImpossible
		}
	}
	return value.Of(v), nil
}

// refer is the cheapest reference to a document. One that is not that of a
// register is a document of its own from here on, as it will be for whoever reads
// the fact, even if it is that of a variable as well.
func (f *frame) refer(doc *value.Document) ref {
	switch {
	case doc == f.cur:
		return ref{tag: tagCur}
	case doc == f.result:
		return ref{tag: tagResult}
	}
	large := len(doc.Text()) >= smallestMember
	own := *doc
	if large && doc.Parsed() {
		if path := pathTo(doc, f.cur); path != nil {
			return ref{tag: tagMember, of: tagCur, path: path, doc: &own}
		}
		if path := pathTo(doc, f.result); path != nil {
			return ref{tag: tagMember, of: tagResult, path: path, doc: &own}
		}
	}
	return inline(&own)
}

// What is looked for within a register: arrays and objects of at least
// smallestMember bytes, up to memberDepth objects deep and behind keys of at most
// longestKey bytes, so that the path is never much longer than the value, with
// membersSeen members looked at in all.
const (
	smallestMember = 64
	memberDepth    = 4
	longestKey     = 32
	membersSeen    = 64
)

// pathTo leads from a register's value to the very value of doc, nil if it is not
// found there.
func pathTo(doc, register *value.Document) []string {
	if register == nil || !register.Parsed() {
		return nil
	}
	var path [memberDepth]string
	left := membersSeen
	n := find(doc.Value(), register.Value(), path[:], &left)
	return append([]string(nil), path[:n]...)
}

// find fills in the keys that lead from v to what is wanted, and says how many
// they are; 0 if they do not lead there.
func find(wanted, v any, path []string, left *int) int {
	o, ok := v.(*value.Object)
	if !ok || len(path) == 0 {
		return 0
	}
	for i := 0; i < o.Len() && *left > 0; i++ {
		*left--
		key, member := o.At(i)
		if len(key) > longestKey {
			continue
		}
		n := 0
		if !identical(wanted, member) {
			if n = find(wanted, member, path[1:], left); n == 0 {
				continue
			}
		}
		path[0] = key
		return n + 1
	}
	return 0
}

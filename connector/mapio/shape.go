package mapio

import (
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/fermata-dev/fermata/expr/value"
)

// shape is a node of a Parquet schema, as it becomes JSON. Rows come as values of
// leaves with a definition level (how many of the optional and repeated nodes
// above are there) and a repetition level (at which of the repeated nodes above
// it begins a new element).
type shape struct {
	name               string
	optional, repeated bool
	kind               kind
	leaves             int // how many there are below, itself included
	// members of a group; the element of a list; key and value of a map.
	parts []*shape
	write func(dst []byte, v parquet.Value) []byte // of a leaf
}

type kind uint8

const (
	leaf       kind = iota
	group           // an object with the members
	list            // an array
	dictionary      // an object with any keys
)

// level is where in the schema an append has got to.
type level struct{ repetition, definition int }

func shapeOf(n *parquet.Column) *shape {
	s := &shape{name: n.Name(), optional: n.Optional(), repeated: n.Repeated()}
	if n.Leaf() {
		s.leaves, s.write = 1, writerOf(n.Type())
		return s
	}
	s.kind, s.parts = group, partsOf(n)
	for _, p := range s.parts {
		s.leaves += p.leaves
	}
	s.recognise(n)
	return s
}

func partsOf(n *parquet.Column) []*shape {
	columns := n.Columns()
	parts := make([]*shape, 0, len(columns))
	for _, c := range columns {
		parts = append(parts, shapeOf(c))
	}
	return parts
}

// recognise finds the forms in which lists and maps are written.
func (s *shape) recognise(n *parquet.Column) {
	logical := n.Type().LogicalType()
	if logical == nil || len(s.parts) != 1 || !s.parts[0].repeated {
		return
	}
	inner := s.parts[0]
	switch logical.Value.(type) {
	case *format.ListType:
		s.kind = list
		if inner.kind == group && len(inner.parts) == 1 && inner.name != "array" && inner.name != n.Name()+"_tuple" {
			s.parts = inner.parts
			return
		}
		element := *inner
		element.repeated = false
		s.parts = []*shape{&element}
	case *format.MapType:
		if inner.kind == group && len(inner.parts) == 2 {
			s.kind, s.parts = dictionary, inner.parts
		}
	}
}

// append appends what the node is in a row, given the values of its leaves.
func (s *shape) append(dst []byte, columns [][]parquet.Value, at level) []byte {
	if s.repeated {
		return s.array(dst, columns, at, (*shape).present)
	}
	if s.optional {
		at.definition++
		if columns[0][0].DefinitionLevel() < at.definition {
			return append(dst, "null"...)
		}
	}
	return s.present(dst, columns, at)
}

// present appends a node that is there.
func (s *shape) present(dst []byte, columns [][]parquet.Value, at level) []byte {
	switch s.kind {
	case leaf:
		return s.write(dst, columns[0][0])
	case list:
		return s.parts[0].array(dst, columns, at, (*shape).append)
	case dictionary:
		return s.entries(dst, columns, at)
	}
	dst = append(dst, '{')
	for i, p := range s.parts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(value.AppendString(dst, p.name), ':')
		dst = p.append(dst, columns[:p.leaves], at)
		columns = columns[p.leaves:]
	}
	return append(dst, '}')
}

// array appends the elements that the values of the leaves are, each by a
// function.
func (s *shape) array(dst []byte, columns [][]parquet.Value, at level, element func(*shape, []byte, [][]parquet.Value, level) []byte) []byte {
	dst = append(dst, '[')
	first := true
	eachElement(columns, at, func(one [][]parquet.Value, at level) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = element(s, dst, one, at)
	})
	return append(dst, ']')
}

// entries appends a map: its keys become the names of members.
func (s *shape) entries(dst []byte, columns [][]parquet.Value, at level) []byte {
	key, of := s.parts[0], s.parts[1]
	dst = append(dst, '{')
	first := true
	eachElement(columns, at, func(one [][]parquet.Value, at level) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = appendName(dst, key.append(nil, one[:key.leaves], at))
		dst = append(dst, ':')
		dst = of.append(dst, one[key.leaves:], at)
	})
	return append(dst, '}')
}

// appendName appends a JSON text as the name of a member.
func appendName(dst, key []byte) []byte {
	if len(key) > 0 && key[0] == '"' {
		return append(dst, key...)
	}
	return value.AppendString(dst, string(key))
}

// eachElement takes the values of a repeated node apart, element by element.
func eachElement(columns [][]parquet.Value, at level, do func(one [][]parquet.Value, at level)) {
	at.repetition++
	at.definition++
	if columns[0][0].DefinitionLevel() < at.definition {
		return
	}
	one, rest := make([][]parquet.Value, len(columns)), append([][]parquet.Value{}, columns...)
	for len(rest[0]) > 0 {
		for i, values := range rest {
			end := 1
			for end < len(values) && values[end].RepetitionLevel() > at.repetition {
				end++
			}
			one[i], rest[i] = values[:end], values[end:]
		}
		do(one, at)
	}
}

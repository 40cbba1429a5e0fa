package sfn

import "github.com/fermata-dev/fermata/expr/value"

// input is a structure of a request that was validated: every member that is
// there has the type that its shape says. A member that is null is absent.
type input struct{ object *value.Object }

func (in input) get(name string) any {
	v, _ := in.object.Get(name)
	return v
}

func (in input) has(name string) bool { return in.get(name) != nil }

// text is a string, "" for none.
func (in input) text(name string) string {
	s, _ := in.get(name).(string)
	return s
}

// optional is a string, nil for none.
func (in input) optional(name string) *string {
	if s, ok := in.get(name).(string); ok {
		return &s
	}
	return nil
}

func (in input) flag(name string) bool {
	b, _ := in.get(name).(bool)
	return b
}

// integer is an integer, or the default where there is none.
func (in input) integer(name string, otherwise int) int {
	if n, ok := in.get(name).(value.Number); ok {
		i, _ := n.Int64()
		return int(i)
	}
	return otherwise
}

// number is an integer, nil for none.
func (in input) number(name string) *int64 {
	if n, ok := in.get(name).(value.Number); ok {
		i, _ := n.Int64()
		return &i
	}
	return nil
}

// decimal is a number, nil for none.
func (in input) decimal(name string) *float64 {
	if n, ok := in.get(name).(value.Number); ok {
		x := n.Float64()
		return &x
	}
	return nil
}

// pageSize is the member maxResults, where 0 means the default.
func (in input) pageSize() int {
	if n := in.integer("maxResults", 0); n > 0 {
		return n
	}
	return 100
}

// structure is a nested structure, absent members throughout if it is absent.
func (in input) structure(name string) input {
	if o, ok := in.get(name).(*value.Object); ok {
		return input{o}
	}
	return input{value.NewObject(0)}
}

func (in input) list(name string) []any {
	items, _ := in.get(name).([]any)
	return items
}

// element is an item of a list of structures.
func (in input) element(name string, i int) input {
	if o, ok := in.list(name)[i].(*value.Object); ok {
		return input{o}
	}
	return input{value.NewObject(0)}
}

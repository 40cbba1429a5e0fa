// Package value holds JSON values as the expression languages see them.
//
// A value is an any whose dynamic type is one of
//
//	nil       null
//	bool      true, false
//	Number    a number, as the text it was written in
//	string    a string, valid UTF-8
//	[]any     an array
//	*Object   an object, in the order in which its members were set
//
// and nothing else. Values are immutable by convention once they are shared:
// whoever wants to change one copies it (Object.Clone, slices.Clone) and
// changes the copy before anybody else sees it. Reading a value that nobody
// changes is safe from any number of goroutines.
//
// Numbers keep their text because the systems that Fermata stands in for do:
// a payload that passes through a state comes out with "0.0" where "0.0" went
// in, and an integer of twenty digits loses none of them.
package value

import "fmt"

// MaxDepth is how deep arrays and objects may be nested in a text that Parse
// and Valid accept.
const MaxDepth = 1000

// TypeName says what v is, in JSON's words: "null", "boolean", "number",
// "string", "array" or "object".
func TypeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	case *Object:
		return "object"
	}
	panic(foreign(v))
}

// foreign is what we say when a Go value that is no JSON value has got in
// among the values: a fault of the program, never of a user's input.
func foreign(v any) string {
	return fmt.Sprintf("value: a %T is no JSON value: %v", v, v)
}

package sfn

import (
	"cmp"
	"slices"

	"github.com/fermata-dev/fermata/expr/value"
)

// The service framework of AWS keeps the values of an enumeration and the members
// of a structure in hash tables of 32 places, and names them in messages in the
// order of their places. So do all messages of AWS that are known which name
// several, this service's and others'. Only members are spread, as Java's HashMap
// does it.
const places = 32

// oneOf makes the shape of an enumeration.
func oneOf(values ...string) *shape {
	slices.SortStableFunc(values, func(a, b string) int { return cmp.Compare(valuePlace(a), valuePlace(b)) })
	return &shape{enum: values}
}

// valuePlace is the place of a value of an enumeration.
func valuePlace(text string) uint32 { return value.JavaHash(text) % places }

// memberPlace is the place of a member of a structure.
func memberPlace(name string) uint32 { return value.JavaPlace(value.JavaHash(name), places) }

// asChecked are the members in the order in which they are checked.
func asChecked(members []member) []member {
	return slices.SortedStableFunc(slices.Values(members), func(a, b member) int {
		return cmp.Compare(memberPlace(a.name), memberPlace(b.name))
	})
}

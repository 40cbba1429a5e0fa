package sfn

import (
	"cmp"
	"slices"
)

// The service framework of AWS keeps the values of an enumeration and the members
// of a structure in hash tables of 32 places, and names them in messages in the
// order of their places. So do all messages of AWS that are known which name
// several, this service's and others'. Only members are spread, as Java's HashMap
// does it.
const places = 32

// hashCode is Java's hash of a string of ASCII characters.
func hashCode(text string) uint32 {
	hash := uint32(0)
	for i := range len(text) {
		hash = 31*hash + uint32(text[i])
	}
	return hash
}

// valuePlace is the place of a value of an enumeration.
func valuePlace(text string) uint32 { return hashCode(text) % places }

// memberPlace is the place of a member of a structure.
func memberPlace(name string) uint32 {
	hash := hashCode(name)
	return (hash ^ hash>>16) % places
}

// asChecked are the members in the order in which they are checked.
func asChecked(members []member) []member {
	return slices.SortedStableFunc(slices.Values(members), func(a, b member) int {
		return cmp.Compare(memberPlace(a.name), memberPlace(b.name))
	})
}

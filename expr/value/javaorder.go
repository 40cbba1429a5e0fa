package value

import (
	"cmp"
	"slices"
)

// JavaOrder is the order in which a java.util.HashMap shows its keys, as indexes of
// them, if they were added one by one: that of their places in its table. AWS lays
// out some objects so.
func JavaOrder(keys []string) []int {
	places := javaTable(len(keys))
	order, place := make([]int, len(keys)), make([]uint32, len(keys))
	for i, key := range keys {
		order[i], place[i] = i, JavaPlace(JavaHash(key), places)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(place[a], place[b]) })
	return order
}

// JavaPlace is where a java.util.HashMap keeps a key of that hash in a table of so many
// places, a power of two: it goes by the lower bits, into which the upper ones are mixed.
func JavaPlace(hash, places uint32) uint32 { return (hash ^ hash>>16) & (places - 1) }

// javaTable is how many places the table of a java.util.HashMap has to which n keys
// were added: it begins with 16 and doubles when more than three quarters are used.
func javaTable(n int) uint32 {
	places := uint32(16)
	for uint64(n)*4 > uint64(places)*3 {
		places *= 2
	}
	return places
}

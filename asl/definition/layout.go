package definition

import (
	"slices"

	"github.com/fermata-dev/fermata/expr/value"
)

// layout is the order in which AWS writes the members of an object of a payload
// template: first those whose names lack the suffix ".$", as written, then the
// computed ones in the order of a java.util.HashMap of their names.
func layout(plain, computed []Member) []Member {
	buckets := bucketsOf(len(computed))
	bucket := func(m Member) int {
		h := value.JavaHash(m.Name)
		return int((h ^ h>>16) & (buckets - 1))
	}
	slices.SortStableFunc(computed, func(a, b Member) int { return bucket(a) - bucket(b) })
	return append(plain, computed...)
}

// bucketsOf is the size of the table of a map to which n names were added one
// by one: it begins with 16 and doubles when more than three quarters are used.
func bucketsOf(n int) uint32 {
	buckets := uint32(16)
	for n > int(buckets/4*3) {
		buckets *= 2
	}
	return buckets
}

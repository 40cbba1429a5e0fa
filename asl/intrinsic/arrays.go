package intrinsic

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/fermata-dev/fermata/expr/value"
)

// maxRange is how many items States.ArrayRange makes at most.
const maxRange = 1000

// array is States.Array(…).
func array(_ *evaluation, _ *call, arguments []any) (any, error) {
	return arguments, nil
}

// arrayPartition is States.ArrayPartition(array, size).
func arrayPartition(_ *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	size, okSize := whole(arguments[1])
	if !ok || !okSize || size < 1 {
		return nil, c.invalid()
	}
	parts := []any{}
	for part := range slices.Chunk(items, int(size)) {
		parts = append(parts, part)
	}
	return parts, nil
}

// arrayContains is States.ArrayContains(array, value). As on AWS, the texts are
// compared: true is "true", and objects have to have their members in the same
// order.
func arrayContains(e *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	if !ok {
		return nil, c.invalid()
	}
	if err := cmp.Or(e.charge(items), e.charge(arguments[1])); err != nil {
		return nil, err
	}
	wanted := value.AppendJava(nil, arguments[1])
	var text []byte
	return slices.ContainsFunc(items, func(item any) bool {
		text = value.AppendJava(text[:0], item)
		return bytes.Equal(text, wanted)
	}), nil
}

// arrayRange is States.ArrayRange(first, last, step): last is included if it is
// hit. Fractions are cut off.
func arrayRange(_ *evaluation, c *call, arguments []any) (any, error) {
	first, okFirst := whole(arguments[0])
	last, okLast := whole(arguments[1])
	step, okStep := whole(arguments[2])
	if !okFirst || !okLast || !okStep || step == 0 || (last-first)/step >= maxRange {
		return nil, c.invalid()
	}
	items := []any{}
	for at := first; step > 0 && at <= last || step < 0 && at >= last; at += step {
		items = append(items, value.IntNumber(at))
	}
	return items, nil
}

// arrayGetItem is States.ArrayGetItem(array, index). As on AWS, an empty array has
// null everywhere.
func arrayGetItem(_ *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	index, okIndex := whole(arguments[1])
	if ok && okIndex && len(items) == 0 {
		return nil, nil
	}
	if !ok || !okIndex || index < 0 || index >= int64(len(items)) {
		return nil, c.invalid()
	}
	return items[index], nil
}

// arrayLength is States.ArrayLength(array).
func arrayLength(_ *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	if !ok {
		return nil, c.invalid()
	}
	return value.IntNumber(int64(len(items))), nil
}

// arrayUnique is States.ArrayUnique(array): the first of all equal items stays.
// They come in the order of a Java HashSet, as on AWS, for which 1 and 1.0 are not
// equal.
func arrayUnique(e *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	if !ok {
		return nil, c.invalid()
	}
	if err := e.charge(items); err != nil {
		return nil, err
	}
	size := tableSize(len(items))
	buckets := map[uint32][]any{}
	seen := map[int32][]any{}
	for _, item := range items {
		hash := value.JavaHash(item)
		isItem := func(other any) bool { return value.Equal(item, other) }
		if slices.ContainsFunc(seen[hash], isItem) {
			continue
		}
		seen[hash] = append(seen[hash], item)
		spread := uint32(hash) ^ uint32(hash)>>16
		buckets[spread%size] = append(buckets[spread%size], item)
	}
	unique := []any{}
	for _, bucket := range slices.Sorted(maps.Keys(buckets)) {
		unique = append(unique, buckets[bucket]...)
	}
	return unique, nil
}

// tableSize is how many buckets a Java HashSet has that is made of a list of n
// items: a power of two of which they fill less than three quarters, and 16 at least.
func tableSize(n int) uint32 {
	size := uint32(16)
	for n*4 >= int(size)*3 {
		size *= 2
	}
	return size
}

package intrinsic

import (
	"slices"
	"strconv"

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

// arrayContains is States.ArrayContains(array, value).
func arrayContains(e *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	if !ok {
		return nil, c.invalid()
	}
	if err := e.charge(items); err != nil {
		return nil, err
	}
	return slices.ContainsFunc(items, func(item any) bool { return value.Equal(item, arguments[1]) }), nil
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

// arrayGetItem is States.ArrayGetItem(array, index).
func arrayGetItem(_ *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	index, okIndex := whole(arguments[1])
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
func arrayUnique(e *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	if !ok {
		return nil, c.invalid()
	}
	if err := e.charge(items); err != nil {
		return nil, err
	}
	unique := []any{}
	seen := map[string][]any{} // by a key that equal values share
	var key []byte
	for _, item := range items {
		key = appendKey(key[:0], item)
		isItem := func(other any) bool { return value.Equal(item, other) }
		if alike := seen[string(key)]; !slices.ContainsFunc(alike, isItem) {
			seen[string(key)] = append(alike, item)
			unique = append(unique, item)
		}
	}
	return unique, nil
}

// appendKey appends a text that is the same for equal values, and rarely for
// others.
func appendKey(dst []byte, v any) []byte {
	switch v := v.(type) {
	case value.Number:
		return strconv.AppendFloat(dst, v.Float64()+0, 'g', -1, 64) // -0 + 0 is 0
	case []any:
		dst = append(dst, '[')
		for _, item := range v {
			dst = append(appendKey(dst, item), ',')
		}
		return append(dst, ']')
	case *value.Object:
		names := make([]string, 0, v.Len())
		for name := range v.All() {
			names = append(names, name)
		}
		slices.Sort(names)
		dst = append(dst, '{')
		for _, name := range names {
			member, _ := v.Get(name)
			dst = append(value.AppendString(dst, name), ':')
			dst = append(appendKey(dst, member), ',')
		}
		return append(dst, '}')
	}
	return value.Append(dst, v)
}

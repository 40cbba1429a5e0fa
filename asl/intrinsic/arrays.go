package intrinsic

import (
	"bytes"
	"cmp"
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

// arrayContains is States.ArrayContains(array, value). What is compared are the
// texts that Java prints, so that 1 equals "1" and the order of members counts.
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
	for _, item := range items {
		if text = value.AppendJava(text[:0], item); bytes.Equal(text, wanted) {
			return true, nil
		}
	}
	return false, nil
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

// arrayGetItem is States.ArrayGetItem(array, index). An empty array has null at
// every index.
func arrayGetItem(_ *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	index, okIndex := whole(arguments[1])
	switch {
	case !ok || !okIndex:
		return nil, c.invalid()
	case len(items) == 0:
		return nil, nil
	case index < 0 || index >= int64(len(items)):
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

// arrayUnique is States.ArrayUnique(array).
func arrayUnique(e *evaluation, c *call, arguments []any) (any, error) {
	items, ok := arguments[0].([]any)
	if !ok {
		return nil, c.invalid()
	}
	if err := e.charge(items); err != nil {
		return nil, err
	}
	return unique(items), nil
}

package mapio

import (
	"cmp"
	"slices"
	"unicode/utf16"

	"github.com/fermata-dev/fermata/expr/value"
)

// column is a member of the objects that rows become.
type column struct {
	index  int    // of the cell
	before []byte // what stands before its value: `{"name":` or `,"name":`
}

// columnsOf are the columns in the order in which they stand in an item.
func columnsOf(headers []string) ([]column, error) {
	seen := make(map[string]bool, len(headers))
	for _, h := range headers {
		if seen[h] {
			return nil, fault("CSV headers cannot contain duplicates.")
		}
		seen[h] = true
	}
	columns := make([]column, 0, len(headers))
	for _, i := range memberOrder(headers) {
		before := []byte{','}
		if len(columns) == 0 {
			before[0] = '{'
		}
		columns = append(columns, column{i, append(value.AppendString(before, headers[i]), ':')})
	}
	return columns, nil
}

// memberOrder is the order in which AWS writes the members of an item that was
// made of a CSV row, as indexes of the headers. It is the order of a java.util.HashMap: by
// the lower bits of the hash, of which there are as many as make room for the
// members, three quarters full.
func memberOrder(headers []string) []int {
	buckets := uint32(16)
	for uint64(len(headers))*4 > uint64(buckets)*3 {
		buckets *= 2
	}
	order, bucket := make([]int, len(headers)), make([]uint32, len(headers))
	for i, h := range headers {
		order[i], bucket[i] = i, spread(h)&(buckets-1)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(bucket[a], bucket[b]) })
	return order
}

// spread is the hash of a key in a java.util.HashMap.
func spread(s string) uint32 {
	var h uint32
	for _, unit := range utf16.Encode([]rune(s)) {
		h = 31*h + uint32(unit)
	}
	return h ^ h>>16
}

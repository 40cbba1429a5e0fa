package intrinsic

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// unique is the items without those that equal an earlier one, in the order in
// which AWS was seen to give them: that of java.util.HashSet made of a
// collection, which goes by the hashes of the items. 1 and 1.0 differ there.
func unique(items []any) []any {
	type placed struct {
		item  any
		place uint32
	}
	var kept []placed
	seen := map[string]bool{}
	places := setTable(len(items))
	var key []byte
	for _, item := range items {
		key = appendIdentity(key[:0], item)
		if !seen[string(key)] {
			seen[string(key)] = true
			kept = append(kept, placed{item, value.JavaPlace(javaHash(item), places)})
		}
	}
	slices.SortStableFunc(kept, func(a, b placed) int { return cmp.Compare(a.place, b.place) })
	set := make([]any, len(kept))
	for i := range kept {
		set[i] = kept[i].item
	}
	return set
}

// setTable is how many places the table of a set has that is made of n items: a power
// of two.
func setTable(n int) uint32 {
	wanted := max(int(float32(n)/0.75)+1, 16)
	return 1 << bits.Len(uint(wanted-1))
}

// javaHash is the hashCode of the Java object that stands for v.
func javaHash(v any) uint32 {
	switch v := v.(type) {
	case bool:
		if v {
			return 1231
		}
		return 1237
	case string:
		return value.JavaHash(v)
	case value.Number:
		return numberHash(v)
	case []any:
		h := uint32(1)
		for _, item := range v {
			h = 31*h + javaHash(item)
		}
		return h
	case *value.Object:
		var h uint32
		for name, member := range v.All() {
			h += value.JavaHash(name) ^ javaHash(member)
		}
		return h
	}
	return 0 // null
}

// isInteger says whether a number is an Integer, Long or BigInteger rather than
// a Double: it is so by the way it is written.
func isInteger(n value.Number) bool { return !strings.ContainsAny(string(n), ".eE") }

// maxBigInteger is how many digits a number has whose hash is that of a BigInteger. What
// has more is taken for its text: Java's JSON parsers read no more than 1,000 either.
const maxBigInteger = 1000

func numberHash(n value.Number) uint32 {
	if !isInteger(n) {
		return fold(math.Float64bits(n.Float64()))
	}
	if i, ok := n.Int64(); ok {
		if int64(int32(i)) == i {
			return uint32(int32(i))
		}
		return fold(uint64(i))
	}
	if len(n) > maxBigInteger {
		return value.JavaHash(string(n))
	}
	i, _ := new(big.Int).SetString(string(n), 10)
	var h uint32
	magnitude := i.Bytes()
	magnitude = append(make([]byte, -len(magnitude)&3), magnitude...)
	for ; len(magnitude) > 0; magnitude = magnitude[4:] {
		h = 31*h + binary.BigEndian.Uint32(magnitude)
	}
	return h * uint32(i.Sign())
}

func fold(v uint64) uint32 { return uint32(v ^ v>>32) }

// appendIdentity appends a text that two values share if they are equal in
// Java, and only then.
func appendIdentity(dst []byte, v any) []byte {
	switch v := v.(type) {
	case value.Number:
		if isInteger(v) {
			return append(dst, v...)
		}
		return strconv.AppendFloat(append(dst, 'd'), v.Float64(), 'g', -1, 64)
	case []any:
		dst = append(dst, '[')
		for _, item := range v {
			dst = append(appendIdentity(dst, item), ',')
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
			dst = append(appendIdentity(dst, member), ',')
		}
		return append(dst, '}')
	}
	return value.Append(dst, v)
}

package value

import (
	"math"
	"strconv"
	"unicode/utf16"
)

// AppendJava appends v the way Java prints collections: strings without
// quotes, objects as {a=1, b=[x, null]}. AWS shows values so in some texts
// (the arguments of States.Format, some causes). It cannot be read back.
func AppendJava(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(dst, v...)
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = AppendJava(dst, item)
		}
		return append(dst, ']')
	case *Object:
		dst = append(dst, '{')
		for i := range v.members {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(dst, v.members[i].key...)
			dst = append(dst, '=')
			dst = AppendJava(dst, v.members[i].value)
		}
		return append(dst, '}')
	}
	return Append(dst, v)
}

// JavaHash is what hashCode gives in Java for v: for an Integer, Long or Double,
// a String, a List, a Map, a Boolean, or null.
func JavaHash(v any) int32 {
	switch v := v.(type) {
	case nil:
		return 0
	case bool:
		if v {
			return 1231
		}
		return 1237
	case Number:
		return numberHash(v)
	case string:
		return stringHash(v)
	case []any:
		hash := int32(1)
		for _, item := range v {
			hash = 31*hash + JavaHash(item)
		}
		return hash
	case *Object:
		var hash int32
		for i := range v.members {
			hash += stringHash(v.members[i].key) ^ JavaHash(v.members[i].value)
		}
		return hash
	}
	panic(foreign(v))
}

func numberHash(n Number) int32 {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		if i == int64(int32(i)) {
			return int32(i)
		}
		return int32(i ^ int64(uint64(i)>>32))
	}
	bits := math.Float64bits(n.Float64())
	return int32(bits ^ bits>>32)
}

func stringHash(s string) (hash int32) {
	for _, r := range s {
		if first, second := utf16.EncodeRune(r); r > 0xFFFF {
			hash = 31*(31*hash+first) + second
			continue
		}
		hash = 31*hash + r
	}
	return hash
}

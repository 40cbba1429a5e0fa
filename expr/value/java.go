package value

import "unicode/utf16"

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

// JavaHash is the hash that Java gives a string, which goes by its UTF-16
// units. AWS lays out some of its results by it.
func JavaHash(s string) (h uint32) {
	for _, unit := range utf16.Encode([]rune(s)) {
		h = 31*h + uint32(unit)
	}
	return h
}

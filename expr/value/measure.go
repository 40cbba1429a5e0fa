package value

import "unicode/utf8"

// Measure is the length of Append(nil, v), found without writing it. ok is
// false, and the length unknown, if it is over limit bytes or v is nested
// deeper than MaxDepth, so that its text could not be read again. It stops as
// soon as it knows: a small value may stand for a very long text, because its
// parts are shared.
func Measure(v any, limit int) (size int, ok bool) {
	left := limit
	if !measure(v, &left, 0) {
		return 0, false
	}
	return limit - left, true
}

// measure takes the length of v from left; it is false when there is too
// little left.
func measure(v any, left *int, depth int) bool {
	switch v := v.(type) {
	case nil:
		*left -= len("null")
	case bool:
		*left -= len("true")
		if !v {
			*left--
		}
	case Number:
		*left -= len(v)
	case string:
		*left -= quotedLen(v)
	case []any:
		*left -= 2 + max(len(v)-1, 0)
		if depth++; *left < 0 || depth > MaxDepth {
			return false
		}
		for _, item := range v {
			if !measure(item, left, depth) {
				return false
			}
		}
	case *Object:
		*left -= 2 + len(v.members) + max(len(v.members)-1, 0)
		if depth++; *left < 0 || depth > MaxDepth {
			return false
		}
		for i := range v.members {
			*left -= quotedLen(v.members[i].key)
			if !measure(v.members[i].value, left, depth) {
				return false
			}
		}
	default:
		panic(foreign(v))
	}
	return *left >= 0
}

// quotedLen is the length of what AppendString writes.
func quotedLen(s string) int {
	size := len(s) + 2
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case safe[c]:
			i++
		case c >= utf8.RuneSelf:
			r, width := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && width == 1 {
				size += len("\ufffd") - 1
			}
			i += width
		default:
			var escape [6]byte
			size += len(appendEscape(escape[:0], c)) - 1
			i++
		}
	}
	return size
}

package jsonata

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// JavaScript's strings are UTF-16 code units, and half of a surrogate pair is
// a string too. Here strings are UTF-8, and half of a pair is the three bytes
// that UTF-8 would have for it. Such halves meet again when strings are
// joined, and become U+FFFD when they leave the evaluation.

// appendUnit appends a code unit; the second half of a pair joins the first.
func appendUnit(out []byte, u uint16) []byte {
	if n := len(out); u >= 0xDC00 && u <= 0xDFFF && n >= 3 {
		if high, ok := half(string(out[n-3:])); ok && high < 0xDC00 {
			return utf8.AppendRune(out[:n-3], utf16.DecodeRune(high, rune(u)))
		}
	}
	if u >= 0xD800 && u <= 0xDFFF {
		return append(out, 0xED, 0x80|byte(u>>6)&0x3F, 0x80|byte(u)&0x3F)
	}
	return utf8.AppendRune(out, rune(u))
}

// half is the half of a surrogate pair that s begins with.
func half(s string) (rune, bool) {
	if len(s) < 3 || s[0] != 0xED || s[1] < 0xA0 || s[1] > 0xBF || s[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
}

// decode is the first character of s, which may be half of a pair.
func decode(s string) (rune, int) {
	if u, ok := half(s); ok {
		return u, 3
	}
	return utf8.DecodeRuneInString(s)
}

// hasHalves says whether s contains half of a surrogate pair.
func hasHalves(s string) bool {
	for i := strings.IndexByte(s, 0xED); i >= 0 && i < len(s); i++ {
		if _, ok := half(s[i:]); ok {
			return true
		}
	}
	return false
}

// joinUnits is a and b as one string.
func joinUnits(a, b string) string {
	if low, ok := half(b); ok && low >= 0xDC00 && len(a) >= 3 {
		return string(appendUnit([]byte(a), uint16(low))) + b[3:]
	}
	return a + b
}

// unitsOf is the code units of s.
func unitsOf(s string) []rune {
	units := make([]rune, 0, len(s))
	for len(s) > 0 {
		c, size := decode(s)
		s = s[size:]
		if c > 0xFFFF {
			high, low := utf16.EncodeRune(c)
			units = append(units, high, low)
		} else {
			units = append(units, c)
		}
	}
	return units
}

// textOf is the string of these code units.
func textOf(units []rune) string {
	out := make([]byte, 0, len(units))
	for _, u := range units {
		out = appendUnit(out, uint16(u))
	}
	return string(out)
}

// halved is s with two halves for each pair, so that a text with a half in it can be
// looked for; whole undoes that.
func halved(s string) string {
	var out strings.Builder
	for _, u := range unitsOf(s) {
		out.Write(appendUnit(nil, uint16(u)))
	}
	return out.String()
}

func whole(s string) string {
	if !hasHalves(s) {
		return s
	}
	return textOf(unitsOf(s))
}

// charsOf is the characters of s, as JavaScript iterates over them.
func charsOf(s string) []string {
	chars := make([]string, 0, len(s))
	for len(s) > 0 {
		_, size := decode(s)
		chars = append(chars, s[:size])
		s = s[size:]
	}
	return chars
}

// charCount is len(charsOf(s)).
func charCount(s string) int {
	if !hasHalves(s) {
		return utf8.RuneCountInString(s)
	}
	return len(charsOf(s))
}

// compareStrings orders strings by their code units.
func compareStrings(a, b string) int {
	if !hasHalves(a) && !hasHalves(b) {
		return value.CompareStrings(a, b)
	}
	differ := value.CommonPrefix(a, b)
	if differ == len(a) || differ == len(b) {
		return cmp.Compare(len(a), len(b))
	}
	for !utf8.RuneStart(a[differ]) || !utf8.RuneStart(b[differ]) {
		differ--
	}
	return slices.Compare(unitsOf(firstTwo(a[differ:])), unitsOf(firstTwo(b[differ:])))
}

// firstTwo is the first two characters of s: where the first ones of two strings differ,
// these differ in their code units.
func firstTwo(s string) string {
	_, first := decode(s)
	_, second := decode(s[first:])
	return s[:first+second]
}

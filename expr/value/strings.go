package value

import "strings"

// CompareStrings orders strings by their UTF-16 code units, as Java and JavaScript do, and
// with them Step Functions. It is the order of their bytes but for characters above
// U+FFFF: they begin with a unit below U+E000, and so stand before those from U+E000 on.
func CompareStrings(a, b string) int {
	i := CommonPrefix(a, b)
	a, b = a[i:], b[i:]
	const fromE000, above = 0xEE, 0xF0 // what the bytes of such characters begin with
	if a == "" || b == "" || a[0] < fromE000 || b[0] < fromE000 || (a[0] >= above) == (b[0] >= above) {
		return strings.Compare(a, b)
	}
	return -strings.Compare(a, b)
}

// CommonPrefix is how many bytes a and b have in common at their beginning. Blocks are
// faster to compare than bytes.
func CommonPrefix(a, b string) int {
	const block = 64
	i := 0
	for i+block <= len(a) && i+block <= len(b) && a[i:i+block] == b[i:i+block] {
		i += block
	}
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}

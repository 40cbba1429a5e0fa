package value

import "cmp"

// decimal is the exact value of a number's text without building a big
// number: sign, significant digits (no zeros at either end) and the power of
// ten that the last digit stands for. Zero has no digits.
type decimal struct {
	negative    bool
	whole, frac string // the digits around the point, as written
	first       int    // index of the first significant digit in whole+frac
	digits      int    // how many significant digits
	exponent    int    // saturated; see maxExponent
}

// maxExponent bounds what is told apart: numbers with larger exponents in
// their text are equal if their digits are.
const maxExponent = 1 << 40

// decimalOf reads text, which should be a JSON number; ok is false if it has
// characters that no number has.
func decimalOf(text string) (d decimal, ok bool) {
	rest := text
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		d.negative = rest[0] == '-'
		rest = rest[1:]
	}
	d.whole, rest = leadingDigits(rest)
	if rest != "" && rest[0] == '.' {
		d.frac, rest = leadingDigits(rest[1:])
	}
	exponent, ok := exponentOf(rest)
	if !ok || len(d.whole)+len(d.frac) == 0 {
		return decimal{}, false
	}
	d.trim(exponent)
	return d, true
}

// trim finds the significant digits.
func (d *decimal) trim(exponent int) {
	end := len(d.whole) + len(d.frac)
	for d.first < end && d.digit(0) == '0' {
		d.first++
	}
	if d.first == end {
		*d = decimal{} // zero, and -0 is zero
		return
	}
	d.digits = end - d.first
	d.exponent = exponent - len(d.frac)
	for d.digit(d.digits-1) == '0' {
		d.digits--
		d.exponent++
	}
}

// digit is the i-th significant digit, as a character.
func (d *decimal) digit(i int) byte {
	if i += d.first; i < len(d.whole) {
		return d.whole[i]
	}
	return d.frac[i-len(d.whole)]
}

// equal says whether two decimals are the same number.
func (d *decimal) equal(other *decimal) bool {
	if d.digits != other.digits || d.exponent != other.exponent || d.negative != other.negative {
		return false
	}
	for i := range d.digits {
		if d.digit(i) != other.digit(i) {
			return false
		}
	}
	return true
}

func leadingDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

// exponentOf reads "", "e5", "E+5" or "e-5".
func exponentOf(s string) (exponent int, ok bool) {
	if s == "" {
		return 0, true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return 0, false
	}
	s = s[1:]
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	digits, rest := leadingDigits(s)
	if digits == "" || rest != "" {
		return 0, false
	}
	for i := range len(digits) {
		exponent = min(exponent*10+int(digits[i]-'0'), maxExponent)
	}
	if negative {
		exponent = -exponent
	}
	return exponent, true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// compare orders two decimals: -1, 0 or 1.
func (d *decimal) compare(other *decimal) int {
	switch {
	case d.sign() != other.sign():
		return cmp.Compare(d.sign(), other.sign())
	case d.negative:
		return -d.compareMagnitude(other)
	}
	return d.compareMagnitude(other)
}

func (d *decimal) sign() int {
	switch {
	case d.digits == 0:
		return 0
	case d.negative:
		return -1
	}
	return 1
}

func (d *decimal) compareMagnitude(other *decimal) int {
	if c := cmp.Compare(d.digits+d.exponent, other.digits+other.exponent); c != 0 {
		return c
	}
	for i := range min(d.digits, other.digits) {
		if c := cmp.Compare(d.digit(i), other.digit(i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(d.digits, other.digits)
}

package java

import (
	"bytes"
	"strconv"
	"strings"
)

// decimalDigits is how many digits Decimal leaves a number.
const decimalDigits = 15

// Decimal is the text that Java's BigDecimal gives a finite double which was rounded
// down (a negative one away from zero) to 15 significant digits, of the fewest that
// tell it from others, and rid of its trailing zeros: with an exponent below a
// millionth, and where zeros before the point were among those.
func Decimal(x float64) string {
	text := strconv.FormatFloat(x, 'e', -1, 64)
	text, isNegative := strings.CutPrefix(text, "-")
	mantissa, power, _ := strings.Cut(text, "e")
	exponent, _ := strconv.Atoi(power)
	digits := []byte(strings.Replace(mantissa, ".", "", 1))
	if len(digits) > decimalDigits {
		digits = digits[:decimalDigits]
		if isNegative && addOne(digits) {
			exponent++
		}
	}
	sign := ""
	if isNegative {
		sign = "-"
	}
	return sign + placed(string(bytes.TrimRight(digits, "0")), exponent)
}

// addOne adds one to digits. If that makes one more of them, it leaves the last
// one out, a zero, and says so.
func addOne(digits []byte) (carried bool) {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i]++; digits[i] <= '9' {
			return false
		}
		digits[i] = '0'
	}
	digits[0] = '1'
	return true
}

// placed is the digits with the point where the exponent of the first one puts it.
func placed(digits string, exponent int) string {
	switch {
	case digits == "":
		return "0"
	case exponent < -6 || exponent >= len(digits):
		if len(digits) > 1 {
			digits = digits[:1] + "." + digits[1:]
		}
		sign := ""
		if exponent >= 0 {
			sign = "+"
		}
		return digits + "e" + sign + strconv.Itoa(exponent)
	case exponent < 0:
		return "0." + strings.Repeat("0", -exponent-1) + digits
	case exponent == len(digits)-1:
		return digits
	}
	return digits[:exponent+1] + "." + digits[exponent+1:]
}

package java

import (
	"math"
	"strconv"
	"strings"
)

// Double is the text that Java gives a finite double: with a fraction always, and
// with an exponent from ten million on and below a thousandth.
func Double(x float64) string {
	format := byte('e')
	if size := math.Abs(x); size == 0 || size >= 1e-3 && size < 1e7 {
		format = 'f'
	}
	digits, exponent, scientific := strings.Cut(strconv.FormatFloat(x, format, -1, 64), "e")
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	if !scientific {
		return digits
	}
	power, _ := strconv.Atoi(exponent)
	return digits + "E" + strconv.Itoa(power)
}

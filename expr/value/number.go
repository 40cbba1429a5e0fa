package value

import (
	"math"
	"strconv"
)

// Number is the literal text of a JSON number, kept as it was written: "0.0"
// stays "0.0" and "1E2" stays "1E2". Compare numbers with Equal, not with ==.
type Number string

// IntNumber is the number i.
func IntNumber(i int64) Number {
	return Number(strconv.FormatInt(i, 10))
}

// FloatNumber is the shortest text that reads back as f: integral values
// without a fraction up to 1e21, with an exponent from there on and below
// 1e-6, as JavaScript writes them. JSON has no text for what is not finite:
// callers refuse such results before they get here; an infinity becomes the
// largest finite number of its sign, and NaN becomes 0.
func FloatNumber(f float64) Number {
	switch {
	case math.IsNaN(f) || f == 0:
		return "0"
	case math.IsInf(f, 0):
		f = math.Copysign(math.MaxFloat64, f)
	}
	if abs := math.Abs(f); abs >= 1e-6 && abs < 1e21 {
		return Number(strconv.FormatFloat(f, 'f', -1, 64))
	}
	text := strconv.FormatFloat(f, 'e', -1, 64)
	if n := len(text); text[n-2] == '0' && (text[n-3] == '-' || text[n-3] == '+') {
		text = text[:n-2] + text[n-1:] // 1e-09 is written 1e-9
	}
	return Number(text)
}

// Float64 is the nearest float64; ±Inf if the number is too large for one,
// and 0 if the text is no number.
func (n Number) Float64() float64 {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0
	}
	return f
}

// Int64 is the exact value of a number that is integral, however it is
// written: "1", "1.0" and "1e2" are. It is false if the number has a fraction
// or does not fit.
func (n Number) Int64() (int64, bool) {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i, true
	}
	d, ok := decimalOf(string(n))
	if !ok || d.exponent < 0 || d.digits+d.exponent > 19 {
		return 0, false
	}
	var magnitude uint64
	for i := range d.digits {
		magnitude = magnitude*10 + uint64(d.digit(i)-'0')
	}
	for range d.exponent {
		magnitude *= 10 // at most 19 digits, which a uint64 holds
	}
	if d.negative {
		if magnitude > 1<<63 {
			return 0, false
		}
		return int64(-magnitude), true
	}
	return int64(magnitude), magnitude <= math.MaxInt64
}

// Compare orders two numbers by their exact values: -1 if n is less than
// other, 0 if they are equal, 1 if it is greater. A text that is no number
// counts as 0.
func (n Number) Compare(other Number) int {
	a, _ := decimalOf(string(n))
	b, _ := decimalOf(string(other))
	return a.compare(&b)
}

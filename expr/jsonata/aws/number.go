package aws

import (
	"math"
	"strings"

	"github.com/fermata-dev/fermata/expr/java"
	"github.com/fermata-dev/fermata/expr/value"
)

// Number is how Step Functions writes a number in a result: an integer of 64
// bits with all its digits, whatever was written (1.0 and 1e0 are 1), every
// other number as Java writes a double, and what is no number by its name.
func Number(v any) any {
	switch v := v.(type) {
	case float64:
		return double(v)
	case value.Number:
		if isPlain(string(v)) {
			return v
		}
		if i, ok := v.Int64(); ok {
			if text := value.IntNumber(i); text != v {
				return text
			}
			return v
		}
		if text := double(v.Float64()); text != any(v) {
			return text
		}
	}
	return v
}

// NumberText is how $string and & write a number: a whole one as JavaScript does, an
// integer of 64 bits that was not computed with all its digits, and every other one
// with the first 15 digits of its decimal, rounded down.
func NumberText(v any) string {
	if n, ok := v.(value.Number); ok {
		if i, ok := n.Int64(); ok {
			return string(value.IntNumber(i))
		}
	}
	x, ok := v.(float64)
	if !ok {
		x = number(v)
	}
	if x == math.Trunc(x) {
		return string(value.FloatNumber(x))
	}
	return java.Decimal(x)
}

// isPlain says whether a number is written as Number writes it. It is not for
// all that are: it is for the usual ones, at little cost.
func isPlain(text string) bool {
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	switch {
	case !onlyDigits(whole):
		return false
	case !dotted:
		return len(whole) <= 18 && !(negative && whole == "0")
	case !onlyDigits(fraction) || len(whole) > 7 || len(whole)+len(fraction) > 15 || strings.HasSuffix(fraction, "0"):
		return false
	}
	return whole != "0" || strings.ContainsAny(fraction[:min(len(fraction), 3)], "123456789")
}

func onlyDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// double is a number that was computed, or has a fraction.
func double(x float64) any {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	case x == math.Trunc(x) && math.Abs(x) < 1<<63:
		return value.IntNumber(int64(x))
	}
	return value.Number(java.Double(x))
}

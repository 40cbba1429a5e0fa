package java_test

import (
	"math"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/java"
)

// FuzzDecoding: what is decoded is text, or refused.
func FuzzDecoding(f *testing.F) {
	for _, seed := range []string{"", "YQ==", "a+%2B%e6", "%", "\xed\xa0\x80", "\xf4\x90"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := java.Text([]byte(s))
		if !utf8.ValidString(text) || utf8.ValidString(s) && text != s {
			t.Errorf("%q becomes %q", s, text)
		}
		if decoded, ok := java.DecodeURL(text); ok && !utf8.ValidString(decoded) {
			t.Errorf("%q becomes %q", text, decoded)
		}
		if octets, ok := java.Base64(s); ok && len(octets) > len(s)*3/4 {
			t.Errorf("%q becomes %d bytes", s, len(octets))
		}
	})
}

// FuzzDecimal: the text of a number is at most the number, and less than one in its
// 15th digit below it.
func FuzzDecimal(f *testing.F) {
	for _, seed := range []float64{0, 0.1, -2.0 / 3, 1e300, 5e-324, -0.09999999999999999} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, x float64) {
		if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) < 1e-300 || math.Abs(x) > 1e300 {
			return
		}
		text := java.Decimal(x)
		got, err := strconv.ParseFloat(text, 64)
		if err != nil || got > x || x-got > 1e-14*math.Abs(x) {
			t.Errorf("%v becomes %s", x, text)
		}
	})
}

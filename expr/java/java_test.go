package java_test

import (
	"math"
	"testing"

	"github.com/fermata-dev/fermata/expr/java"
)

// TestRandom: what java.util.Random gives for these seeds.
func TestRandom(t *testing.T) {
	if got := java.NewRandom(42).Float64(); got != 0.7275636800328681 {
		t.Errorf("nextDouble of 42 is %v", got)
	}
	for _, c := range []struct{ seed, start, end, want int64 }{
		{42, 0, 10, 0}, {42, 0, 100, 30}, {0, 0, 16, 11}, {-7, 5, 6, 5},
	} {
		if got := java.NewRandom(c.seed).Between(c.start, c.end); got != c.want {
			t.Errorf("%d: between %d and %d is %d, not %d", c.seed, c.start, c.end, got, c.want)
		}
	}
	r := java.NewRandom(1)
	for range 1000 {
		if n := r.Between(-1<<31, 1<<31-1); n < -1<<31 || n >= 1<<31-1 {
			t.Fatalf("%d is not in the range", n)
		}
	}
}

func TestDigest(t *testing.T) {
	for algorithm, want := range map[string]string{
		"MD5":     "900150983cd24fb0d6963f7d28e17f72",
		"SHA-1":   "a9993e364706816aba3e25717850c26c9cd0d89d",
		"SHA-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"SHA-384": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
		"SHA-512": "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	} {
		if got, ok := java.Digest(algorithm, "abc"); !ok || got != want {
			t.Errorf("%s: %s, %v", algorithm, got, ok)
		}
	}
	for _, algorithm := range []string{"", "md5", "SHA256", "SHA-224"} {
		if _, ok := java.Digest(algorithm, "abc"); ok {
			t.Errorf("there is %q", algorithm)
		}
	}
}

// TestDouble: the texts of Double.toString.
func TestDouble(t *testing.T) {
	for x, want := range map[float64]string{
		1: "1.0", -2.5: "-2.5", 0: "0.0", math.Copysign(0, -1): "-0.0", 200: "200.0", 9999999: "9999999.0", 1e7: "1.0E7", 12345678.5: "1.23456785E7",
		0.001: "0.001", 0.00099: "9.9E-4", 1e-5: "1.0E-5", 1e21: "1.0E21", 0.30000000000000004: "0.30000000000000004",
	} {
		if got := java.Double(x); got != want {
			t.Errorf("%g: got %s, want %s", x, got, want)
		}
	}
}

// TestDecimal: what BigDecimal shows of a number rounded down to 15 digits.
func TestDecimal(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 1.5: "1.5", -1.5: "-1.5", 0.3: "0.3", 100: "1e+2", 120: "1.2e+2", 123: "123", 5e-324: "5e-324",
		0.6666666666666666: "0.666666666666666", -0.6666666666666666: "-0.666666666666667",
		1234567890123456.7: "1.23456789012345e+15", 123456789012345.5: "123456789012345",
		0.0000015: "0.0000015", 0.00000015: "1.5e-7", -0.09999999999999999: "-0.1", -999.9999999999999: "-1e+3",
		12.25: "12.25", 0.001234: "0.001234",
	} {
		if got := java.Decimal(x); got != want {
			t.Errorf("%v is %s, want %s", x, got, want)
		}
	}
}

func TestBase64(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "YQ==": "a", "YQ": "a", "YWI=": "ab", "YWI": "ab", "YWJj": "abc", "YR": "a", "+/+/": "\xfb\xff\xbf",
	} {
		if got, ok := java.Base64(text); !ok || string(got) != want {
			t.Errorf("%q is %q (%v), want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"!", "Y", "YQ=", "YQ===", "YWI==", "YWJj=", "=", "====", "YWJj\n", "Y\nWJj", "YWJjZ", "-_-_", "YQ==YQ==", "é"} {
		if got, ok := java.Base64(text); ok {
			t.Errorf("%q is %q and not refused", text, got)
		}
	}
}

// TestText: how many characters bytes become that are not UTF-8.
func TestText(t *testing.T) {
	for octets, want := range map[string]string{
		"":                 "",
		"é😀":               "é😀",
		"\xff\xfe":         "\uFFFD\uFFFD",
		"\xe6\x97":         "\uFFFD",
		"\xe6\x97a":        "\uFFFDa",
		"\xe6a\x97":        "\uFFFDa\uFFFD",
		"\xf0\x9f\x98":     "\uFFFD",
		"\xed\xa0\x80":     "\uFFFD",
		"\xc0\x80":         "\uFFFD\uFFFD",
		"\xe0\x80\x80":     "\uFFFD\uFFFD\uFFFD",
		"\xf4\x90\x80\x80": "\uFFFD\uFFFD\uFFFD\uFFFD",
	} {
		if got := java.Text([]byte(octets)); got != want {
			t.Errorf("%q is %q, want %q", octets, got, want)
		}
	}
}

func TestDecodeURL(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a+b%2Bc%20d": "a b+c d", "%e6%97%a5é": "日é", "%E6+%97": "\uFFFD \uFFFD", "100%25": "100%",
	} {
		if got, ok := java.DecodeURL(text); !ok || got != want {
			t.Errorf("%q is %q (%v), want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"%", "%2", "%zz", "a%2", "%+1", "%\x11\x12"} {
		if got, ok := java.DecodeURL(text); ok {
			t.Errorf("%q is %q and not refused", text, got)
		}
	}
}

package aws_test

import "testing"

// TestJava: where what AWS answers is what Java's library does, not JavaScript's.
func TestJava(t *testing.T) {
	const noBase64 = "D3137: the argument of $base64decode is not Base64: " +
		"digits A-Z, a-z, 0-9, + and /, with = at the end where they make no full group of four"
	for _, c := range []struct{ expr, want string }{
		{`$count(null)`, `0`},
		{`$count($nothing)`, `0`},
		{`$count([null, null])`, `2`},
		{`$count({})`, `1`},
		{`$count([1/0])`, `1`},
		{`$base64encode("é😀")`, `"w6nwn5iA"`},
		{`$base64decode("w6nwn5iA")`, `"é😀"`},
		{`$base64decode("YQ")`, `"a"`},
		{`$base64decode("/w==")`, `"�"`},
		{`$base64decode("")`, `""`},
		{`$base64decode($nothing)`, `undefined`},
		{`$base64decode("!!")`, noBase64},
		{`$base64decode("_w==")`, noBase64},
		{`$base64decode("YQ=")`, noBase64},
		{`$base64decode(1)`, `T0410: Argument 1 of function "base64decode" does not match function signature`},
		{`("YQ==").$base64decode()`, `"a"`},
		{`$decodeUrlComponent("a+b%2Bc%20d%c3%A9é")`, `"a b+c déé"`},
		{`$decodeUrlComponent("%E6x%e6%97")`, `"�x�"`},
		{`$decodeUrl("a+b%2Fc")`, `"a b/c"`},
		{`$decodeUrlComponent("%zz")`, `D3140: Malformed URL passed to $decodeUrlComponent(): "%zz"`},
		{`$decodeUrl("%2")`, `D3140: Malformed URL passed to $decodeUrl(): "%2"`},
		{`$replace("aaa", "a", "b", 2.5)`, `"bba"`},
		{`$replace("aaa", /a/, "b", 2.5)`, `"bba"`},
		{`$replace("aaa", "a", "b", 0.9)`, `"aaa"`},
		{`$replace("aaa", "a", "b", -1)`, `D3011: Fourth argument of replace function must evaluate to a positive number`},
		{`$count($split("a b c", / /, 2.5))`, `2`},
		{`$count($match("aaa", /a/, 1.5))`, `1`},
	} {
		if got := show(eval(t, c.expr)); got != c.want {
			t.Errorf("%s = %s, want %s", c.expr, got, c.want)
		}
	}
}

// TestSpaces: the white space of regular expressions is that of ASCII.
func TestSpaces(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`$replace("\u00A0\u3000\uFEFF\t\n\r\f ", /\s/, "")`, `"\u00A0\u3000\uFEFF"`},
		{`$replace("a\u00A0😀 \t", /\S/, "")`, `" \t"`},
		{`$replace("a-b c", /[\s-b]/, "")`, `"ac"`},
		{`$replace("a-b c", /[\sa-b]/, "")`, `"-c"`},
		{`$replace("a-b c\u00A0", /[^\s]/, "")`, `" "`},
		{`$replace("a-b c\u00A0", /[^\S]/, "")`, `"a-bc\u00A0"`},
		{`$replace("a-b c\u00A0", /[\S]+/, ".")`, `". ."`},
		{`$replace("\\s s", /\\s/, "")`, `" s"`},
		{`$replace("\\ s", /[\\s]/, "")`, `" "`},
		{`$replace("] s", /[\]\s]/, "")`, `"s"`},
	} {
		want, _, _ := eval(t, c.want)
		if got, _, err := eval(t, c.expr); err != nil || got != want {
			t.Errorf("%s = %q (%v), want %q", c.expr, got, err, want)
		}
	}
}

// TestStrings: the texts of $string and &.
func TestStrings(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`2/3`, `0.666666666666666`},
		{`-2/3`, `-0.666666666666667`},
		{`0.3`, `0.3`},
		{`0.1 + 0.2`, `0.3`},
		{`0.1 + 0.7`, `0.799999999999999`},
		{`-9.999999999999999`, `-1e+1`},
		{`-0.09999999999999999`, `-0.1`},
		{`1234567890123456.7`, `1.23456789012345e+15`},
		{`123456789012345.5`, `123456789012345`},
		{`100.0000000000001`, `1e+2`},
		{`1200.000000000001`, `1.2e+3`},
		{`0.0000015`, `0.0000015`},
		{`0.00000015`, `1.5e-7`},
		{`3e-9`, `3e-9`},
		{`100`, `100`},
		{`15e15`, `15000000000000000`},
		{`15e20`, `1.5e+21`},
		{`17976931348623157e292`, `1.7976931348623157e+308`},
		{`$parse("9007199254740993")`, `9007199254740993`},
		{`9007199254740993 + 0`, `9007199254740992`},
		{`$parse("9223372036854775808")`, `9223372036854776000`},
		{`[1.0, {"a": [2/3, null, $sum]}]`, `[1,{"a":[0.666666666666666,null,""]}]`},
		{`["\u0001\u007f\"\\\b\f\n\r\t/\u2028é😀"]`, "[\"\x01\x7f\\\"\\\\\\b\\f\\n\\r\\t/\u2028é😀\"]"},
		{`{"\u0001": 1}`, "{\"\x01\":1}"},
	} {
		for _, expr := range []string{`$string(` + c.expr + `)`, `"" & (` + c.expr + `)`} {
			if got, _, err := eval(t, expr); err != nil || got != c.want {
				t.Errorf("%s = %q (%v), want %q", expr, got, err, c.want)
			}
		}
	}
}

package jsonata_test

import (
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

// TestFoundByComparison are cases in which this package once differed from the
// reference implementation.
func TestFoundByComparison(t *testing.T) {
	input, err := value.Parse([]byte(`{"words": ["pear", "Apple", "fig", "apple"], "lines": [{}, {}, {"options": ["a", "a"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, expr, want string }{
		{"an item's number is where a regular expression begins", `$filter(words, /(\w)(\w+)/)`, `["pear","Apple","apple"]`},
		{"predicates behind a call that ~> makes do not count", `"X" ~> $join("-")[$ = 1]`, `"X"`},
		{"nothing is before no text", `$substringBefore("hello", $nothing)`, `"hello"`},
		{"nothing is after no text", `$substringAfter("hello", $nothing)`, `"hello"`},
		{"two undefined items are the same", `lines.options[true] ~> $distinct`, `[null,"a"]`},
		{"steps behind one item of an array at the beginning of a path", `[[{"a": 1}][0].a, [1][0].a, [[1, 2]][0].($ + 1)]`, `[2,3]`},
		{"the width of a marker is the number that it begins with", `$fromMillis(0, "[Y,6*]")`, `"001970"`},
		{"a word that is no day of the week", `$toMillis("Noday 3 May 2018", "[FNn] [D] [MNn] [Y]") ~> $fromMillis("[D].[M].[Y]")`, `"3.5.2018"`},
		{"a word that is neither am nor pm", `$toMillis("2018-05-03 xm", "[Y]-[M01]-[D01] [PN]") ~> $fromMillis("[H]:[m]")`, `"0:00"`},
		{"an upper case picture counts from A", `$parseInteger("b", "A")`, `34`},
		{"a lower case one from a", `$parseInteger("12", "a")`, `-1268`},
		{"Roman numerals of the other case are not a number", `$exists($parseInteger("xiv", "I")) and $parseInteger("XIV", "i") = 14`, `true`},
		{"what is cut off at no number is cut off at the beginning", `$substring("pear", $parseInteger("x", "0"), 2) & $formatBase($parseInteger("x", "0"), 5)`, `"NaN"`},
		{"nothing is before or behind no number", `[42 >= $parseInteger("third", "#0"), $parseInteger("third", "#0") <= 42]`, `[false,false]`},
		{"nor is a text without digits", `$exists($parseInteger("abc", "0"))`, `true`},
		{"undefined items leave nothing to spread", `$exists($spread(lines.options.x[$string("a", true)]))`, `false`},
		{"separators at the end of a picture", `$formatInteger(1234, "0!00!")`, `"12!34!"`},
	} {
		got, _, err := evaluate(c.expr, jsonata.Options{}, jsonata.Env{Input: input})
		if err != nil || show(got) != c.want {
			t.Errorf("%s: %s: got %s%s, want %s", c.name, c.expr, show(got), errorText(err), c.want)
		}
	}
	for _, c := range []struct{ name, expr, code string }{
		{"an exponent without digits", `$formatNumber(42, "0e")`, "D3093"},
		{"an exponent without digits before a percent sign", `$formatNumber(42, "#0.0e%")`, "D3093"},
		{"a word that is no month is as good as missing", `$toMillis("3 Mai 2018", "[D] [MNn] [Y]")`, "D3136"},
		{"a marker that is none", `$toMillis("2018", "[q]")`, "D3132"},
		{"a marker that is none with a name", `$toMillis("2018-03-23", "[D1o] [MNn],[ [Y]")`, "D3133"},
		{"a base that is no number", `$formatBase(5, $parseInteger("x", "0"))`, "D3100"},
		{"an array typed with nothing takes no item", `λ($items)<a<>>{$items}(["f"])`, "T0412"},
		{"as is one that is no half of the day", `$toMillis("2018-05-03 5 xm", "[Y]-[M01]-[D01] [h] [PN]")`, "D3136"},
	} {
		_, _, err := evaluate(c.expr, jsonata.Options{}, jsonata.Env{Input: input})
		if failure, _ := err.(*jsonata.Error); failure == nil || failure.Code != c.code {
			t.Errorf("%s: %s: got%s, want %s", c.name, c.expr, errorText(err), c.code)
		}
	}
	expr, err := jsonata.Compile(`1 = 1 and $uppercase(2)`, jsonata.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = expr.Eval(jsonata.Env{Input: input})
	failure, _ := err.(*jsonata.Error)
	if failure == nil || failure.Position != 9 || failure.Token != "and" {
		t.Errorf("an error on the right of and is at %+v, want the operator at 9", err)
	}
}

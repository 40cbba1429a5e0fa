package jsonata_test

import (
	"errors"
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
		{"half of a pair that is replaced by itself", `$replace("😀x", /\W/, "-$0", 1)`, `"-😀x"`},
		{"two undefined items are the same", `lines.options[true] ~> $distinct`, `[null,"a"]`},
		{"steps behind one item of an array at the beginning of a path", `[[{"a": 1}][0].a, [1][0].a, [[1, 2]][0].($ + 1)]`, `[2,3]`},
		{"what two functions made one end with has the context of their call", `($abs ~> function(){(λ($a)<x-:x>{$type($a)})()})(1)`, `"object"`},
		{"what is no number is shown as negative ones are", `($n := $parseInteger("x", "0"); $formatNumber($n, "0") & $formatNumber($n, "x0") & $formatNumber($n, "0;y0"))`, `"-NaN-xNaNyNaN"`},
		{"a least width cuts no years in words or letters", `$fromMillis(0, "[YI,2] [Yw,2] [Ya,2-3]")`, `"MCMLXX one thousand, nine hundred and seventy akh"`},
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
		{"a picture with several semicolons is what stands before the last one", `$parseInteger("1,234", ";1;o")`, `12`},
		{"text is read without commas, whatever the picture's separator is", `[$parseInteger("1,234", "#.##1"), $parseInteger("1.234", "#.##1")]`, `[1234,1]`},
		{"hexadecimal digits", `$parseInteger("0x1F", "0")`, `31`},
		{"filters behind several sorted tuples are asked about the tuples", `$exists(words#$i.{"i": $i}^(i)[$i > 0])`, `false`},
		{"so are the keys of groups", `words#$i^($){$type($): $count($)}`, `{"object":4}`},
		{"and further sorts", `words#$i^($)^(>` + "`@`" + `).$`, `["pear","fig","apple","Apple"]`},
		{"one sorted tuple stays what it is", `words[0]#$i^($)[$i = 0]`, `"pear"`},
		{"a call that stands before a group is made before the function ends", `(function($x){($sum([1, 2])){"a": $}})(5)`, `{"a":3}`},
		{"and before a predicate", `(function($x){($sum([1, 2]))[$ = 3]})(5)`, `3`},
		{"a text that is taken out of an array is walked over", `["abc"][0].$uppercase($)`, `["A","B","C"]`},
		{"1 to the power of nothing is no number", `$exists(words[$string($) = "x"].$power(1, 2))`, `false`},
		{"powers of the smallest numbers", `$power(5e-324, 1/3) < 2e-108`, `true`},
		{"functions that are chained hand on values", `$exists(([1] ~> ($map(?, function($x){$x.y}) ~> $sum)))`, `false`},
		{"an array is itself, also with NaN in it", `($x := [$parseInteger("x", "0")]; [$x = $x, $x = [$parseInteger("x", "0")]])`, `[true,false]`},
		{"a name in quotes that binds a variable", `lines[2]."options"@$o.$o`, `["a","a"]`},
		{"NaN is an object", `$type($parseInteger("x", "0"))`, `"object"`},
		{"NaN within a value is null", `$string([$parseInteger("x", "0")])`, `"[null]"`},
		{"a month has 31 days", `$toMillis("2018-02-30") ~> $fromMillis("[M]-[D]")`, `"3-2"`},
		{"years before 100 are of the 20th century", `$toMillis("18-03-01", "[Y]-[M]-[D]") ~> $fromMillis("[Y]")`, `"1918"`},
		{"the separators of a fraction are written behind its end", `$formatNumber(1.5, "0.0#,###")`, `"1.5,"`},
		{"an exponent with no place for a decimal", `[$formatNumber(1, "#e0"), $formatNumber(0.123, "#e9"), $formatNumber(12, "0e0")]`, `["1.e0","0.e0","1e1"]`},
		{"a transform makes null of what is no number", `{"n": $parseInteger("x", "0")} ~> |nothing|{}|`, `{"n":null}`},
		{"large numbers in a number picture", `$formatNumber(1e22, "0.0")`, `"1e+22.0"`},
		{"the ending of a number goes by its last two characters", `$formatInteger(11, "0,0;o")`, `"1,1st"`},
		{"upper case by all of Unicode's rules", `$uppercase("stra\u00dfe \ufb01n \u0390")`, `"STRASSE FIN \u0399\u0308\u0301"`},
		{"lower case with the final sigma", `$lowercase("\u0391\u03a3 \u0130")`, `"\u03b1\u03c2 i\u0307"`},
		{"strings are ordered by code units", `["\uffff", "\ud83d\ude00", "a"]^($)`, `["a","\ud83d\ude00","\uffff"]`},
		{"so are they where they are compared", `["\ud83d\ude00" < "\ue000", "\ud83d" < "\ud83d\ude00", "\ude00" < "\ud83d\ude00"]`, `[true,true,false]`},
		{"and sorted by a function", `$sort(["\uffff", "\ud83d\ude00"])`, `["\ud83d\ude00","\uffff"]`},
		{"halves of pairs meet where strings are joined", `$join(["\ud83d", "\ude00"])`, `"\ud83d\ude00"`},
		{"and part where they are looked for", `$split("x\ud83d\ude00y", "\ud83d")[0]`, `"x"`},
		{"each half that is left is U+FFFD", `"\ud83d\ud83d"`, `"\ufffd\ufffd"`},
		{"a regular expression looks at numbers too", `$filter([25, 15, 1], /5/)`, `[25,15]`},
		{"a function that compares is believed by JavaScript's rules", `$sort(["a", "b"], function($l, $r){{}})`, `["b","a"]`},
		{"base64 goes by the low byte of each code unit", `$base64decode("YWJ\u0141YWJj")`, `"ab@abc"`},
		{"a transform changes nothing but its copy", `($x := {"a": 1}; $ ~> |$x|{"a": 2}|; $x.a)`, `1`},
		{"also if the user has another $clone", `($x := {"a": 1}; $clone := function($v){$v}; [($x ~> |$|{"a": 2}|).a, $x.a])`, `[2,1]`},
		{"separators at the end of a picture", `$formatInteger(1234, "0!00!")`, `"12!34!"`},
	} {
		got, _, err := evaluate(c.expr, jsonata.Options{}, jsonata.Env{Input: input})
		if err != nil || show(got) != show(parsed(t, c.want)) {
			t.Errorf("%s: %s: got %s%s, want %s", c.name, c.expr, show(got), errorText(err), c.want)
		}
	}
	for _, c := range []struct{ name, expr, code string }{
		{"a transform refuses what is beyond all numbers", `{"n": 1/0} ~> |nothing|{}|`, "D1001"},
		{"an exponent without digits", `$formatNumber(42, "0e")`, "D3093"},
		{"an exponent without digits before a percent sign", `$formatNumber(42, "#0.0e%")`, "D3093"},
		{"a word that is no month is as good as missing", `$toMillis("3 Mai 2018", "[D] [MNn] [Y]")`, "D3136"},
		{"a marker that is none", `$toMillis("2018", "[q]")`, "D3132"},
		{"a marker that is none with a name", `$toMillis("2018-03-23", "[D1o] [MNn],[ [Y]")`, "D3133"},
		{"a base that is no number", `$formatBase(5, $parseInteger("x", "0"))`, "D3100"},
		{"an array typed with nothing takes no item", `λ($items)<a<>>{$items}(["f"])`, "T0412"},
		{"the place of an exponent counts from the beginning of a picture", `$formatNumber(12, "$0.0e0")`, "D3093"},
		{"a month that there is not, in a date that looks right", `$toMillis("2018-13-01")`, "D1001"},
		{"1 to the power of what is no number", `$power(1, $parseInteger("x", "0"))`, "D3061"},
		{"an infinite number among others", `[true, 1/0] ? 1 : 2`, "D1001"},
		{"sorting what is no number", `$sort([1, $parseInteger("x", "0")])`, "D3070"},
		{"as is one that is no half of the day", `$toMillis("2018-05-03 5 xm", "[Y]-[M01]-[D01] [h] [PN]")`, "D3136"},
	} {
		_, _, err := evaluate(c.expr, jsonata.Options{}, jsonata.Env{Input: input})
		if failure, _ := err.(*jsonata.Error); failure == nil || failure.Code != c.code {
			t.Errorf("%s: %s: got%s, want %s", c.name, c.expr, errorText(err), c.code)
		}
	}
	for expr, want := range map[string]string{
		`(1e3 true`:                           `Expected ")", got true`,
		`1 2.50`:                              `Syntax error: 2.5`,
		`[1 "x"]`:                             `Expected "]", got "x"`,
		`(function($x)<n:n>{$x})("a")`:        `Argument 1 of function undefined does not match function signature`,
		`$length(5)`:                          `Argument 1 of function "length" does not match function signature`,
		`words[0].$power(1, $toMillis(date))`: `The power function has resulted in a value that cannot be represented as a JSON number: base=1, exponent=undefined`,
	} {
		_, _, err := evaluate(expr, jsonata.Options{}, jsonata.Env{Input: input})
		if failure, _ := err.(*jsonata.Error); failure == nil || failure.Message != want {
			t.Errorf("%s: got%s, want %s", expr, errorText(err), want)
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

func parsed(t *testing.T, text string) any {
	t.Helper()
	v, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestZoneOfNoHours: also one that is written as Z has its digits looked at.
func TestZoneOfNoHours(t *testing.T) {
	for text, want := range map[string]string{
		`$fromMillis(0, "[Z0101t]")`:            "Z",
		`$fromMillis(0, "[Z01:01t]", "+0530")`:  "+05:30",
		`$fromMillis(0, "[Z010101t]")`:          "D3134",
		`$fromMillis(0, "[Z010101t]", "+0530")`: "D3134",
		`$fromMillis(0, "[Z010101]", "+0000")`:  "D3134",
	} {
		e, err := jsonata.Compile(text, jsonata.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := e.Eval(jsonata.Env{})
		var failure *jsonata.Error
		if errors.As(err, &failure) {
			got = failure.Code
		}
		if got != want {
			t.Errorf("%s: %v, %v; want %s", text, got, err, want)
		}
	}
}

package aws_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonata/aws"
	"github.com/fermata-dev/fermata/expr/value"
)

// many is a text for each number below n, one behind the other.
func many(n int, text func(i int) string) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(text(i))
	}
	return out.String()
}

// again evaluates a body 100,000 times, if the budget lets it: a body that is not charged
// leaves half of it.
func again(body string) string { return "($map([1..100000], function($i){" + body + "}); 1)" }

// TestGrowth evaluates what took minutes, hours or all memory whatever the budgets were:
// each ends with the error of one of them, or has become fast. A line that does neither
// runs into the timeout of the tests. The budgets are a part of the dialect's.
func TestGrowth(t *testing.T) {
	const fast, spent = true, false
	ones := strings.Repeat("1,", 100_000) + "1"
	for _, c := range []struct {
		expr string
		fast bool
	}{
		// constants beside each other, which cost nothing alone
		{again("(" + strings.Repeat("1;", 100_000) + "1)"), spent},
		{`$count([1..100000]^(` + ones + `))`, spent},
		{`($b := [1..300000]; ` + again("$b[false]") + ")", spent},
		{`($b := [1..100000]; $b{` + many(10_000, func(i int) string { return fmt.Sprintf("'a%d':1,", i) }) + `'z':1})`, spent},
		{`($f := function(){1}; ` + again("$f("+strings.Repeat("?,", 100_000)+"1)") + ")", spent},
		{`($f := function(){1}; $p := $f(?` + strings.Repeat(",1", 100_000) + `); ` + again("$p(1)") + ")", spent},
		{`($f := function($x` + many(50_000, func(i int) string { return fmt.Sprintf(",$p%d", i) }) + `){1}; ` + again("$f(1)") + ")", spent},
		// long texts and numbers that are looked at again and again
		{again(`$text = $same`), spent},
		{again(`$text < $same`), spent},
		{again(`$contains($text, "zz")`), spent},
		{"($b := [$same]; " + again("$text in $b") + ")", spent},
		{"($a := [$text]; $b := [$same]; " + again("$a = $b") + ")", spent},
		{`($a := {"a": $text}; $b := {"a": $same}; ` + again("$a = $b") + ")", spent},
		{`($a := {$text: 1}; $b := {$same: 1}; ` + again("$a = $b") + ")", spent},
		{`($map([1..30000], function(){[$text][0].a}); 1)`, spent},
		{again(`$fromMillis(1, $text)`), spent},
		{again(`[1, 2][[$long]]`), spent},
		{again(`[$long] ? 1 : 2`), spent},
		{again(`$lookup({$text: 1}, $same)`), spent},
		{`$count($sort($map([1..100000], function(){$text})))`, spent},
		{`$count($map([1..100000], function(){{"a":$text}})^(a))`, spent},
		{again(`$long + 1`), spent},
		{again(`$sum([$long])`), spent},
		{again(`$string($long)`), spent},
		{again(`$round($long, 2)`), spent},
		{again(`$long ? 1 : 2`), spent},
		{again(`-$long`), spent},
		{again(`$sort([1, 2], function(){$long})`), spent},
		{`$map([1..300000], function(){$long})`, spent},
		{again(`$number($digits)`), spent},
		{again(`$distinct([$long, $long])`), spent},
		{`$count($distinct($map([1..100000], function(){$text})))`, spent},
		{again(`$half < $sameHalf`), spent},
		{`$map([1..300000], function(){$half})`, spent},
		{again(`$hash($text, "SHA-512")`), spent},
		// parts that many share
		{`($b := [1..300000]; $count([` + strings.Repeat("$b,", 100_000) + `1]))`, spent},
		{`($b := [1..100000]; $l := $map([1..100000], function(){{"a": $b}}); $count($lookup($l, "a")))`, spent},
		{`($b := [1..100000]; $l := $map([1..100000], function(){$b}); $count($l{"k": $}))`, spent},
		{`$map([1..300000], function(){$text})`, spent},
		{`($o := {$text: 1}; $map([1..200000], function(){$o}))`, spent},
		// matches
		{`$length($replace($text, /(.*)/, $pad("", 200000, "$1"), 1))`, spent},
		{`$count($match($text, /` + strings.Repeat("()", 20_000) + `a/))`, spent},
		{`$count($match($text, /` + strings.Repeat("(", 190) + "[^!]*" + strings.Repeat(")", 190) + `/))`, spent},
		{`($m := function(){{"match":"","start":300000,"end":0,"groups":[],"next":$m}}; $count($split($text, $m)))`, spent},
		{`($g := [1..300000]; $m := function(){{"match":"","start":0,"end":0,"groups":$g,"next":$m}}; $count($match($text, $m)))`, spent},
		{`($g := [1..300000]; $m := function(){{"match":"a","start":0,"end":0,"groups":$g,"next":$m}}; $length($replace("abc", $m, $string)))`, spent},
		{`($m := function(){{"match":$text,"start":1e6,"end":0,"groups":[],"next":$m}}; $length($replace("abc", $m, "")))`, spent},
		{`($n := function(){{"match":"a","start":-1e15,"end":0,"groups":[],"next":$n}}; $length($replace("abc", $n, $text)))`, spent},
		{`$count($split($text, /,/))`, fast},
		// pictures
		{"$length($formatNumber(1.5, '#,0" + strings.Repeat(",0", 100_000) + ".0,0'))", fast},
		{"$parseInteger($text, '" + strings.Repeat("#,#.", 100_000) + "0') = 1", fast},
		{"$toMillis('1', '" + strings.Repeat("[Y]", 50_000) + "')", spent},
		{"$toMillis('one', '" + strings.Repeat("[Yw]", 30_000) + "')", spent},
		{again(`$toMillis('one', '` + strings.Repeat("[Yw]-", 20) + `')`), spent},
		// what functions make
		{again(`$range(1, 360145, 1)`), spent},
		{`($b := [1..100000]; ` + again(`$partition($b, 1)`) + ")", spent},
		{again(`$parse($json)`), spent},
		{again("$uppercase('" + strings.Repeat(`\uD800é`, 50_000) + "')"), spent},
		{`($f := function($a, $n) { $n = 0 ? $a : $f([[$a]], $n - 1) }; $length($string($f([1..300000], 4900), true)))`, spent},
		{`{` + many(100_000, func(i int) string { return fmt.Sprintf(`"\uD800%d":1,`, i) }) + `"z":1}`, fast},
		// what is compiled
		{strings.Repeat("[", 1500) + "%" + strings.Repeat(",%", 300_000) + strings.Repeat("]", 1500), spent},
		{strings.Repeat("($a:=1;", 1500) + "[$z" + strings.Repeat(",$z", 300_000) + "]" + strings.Repeat(")", 1500), spent},
		{"/" + strings.Repeat("(", 50_000) + "a" + strings.Repeat(")*", 50_000) + "/", spent},
		{`($f := function($x)<(` + strings.Repeat("s", 300_000) + `n)>{1}; ` + again("$f(1)") + ")", fast},
	} {
		switch code := codeOf(t, c.expr); code {
		case "":
			if !c.fast {
				t.Errorf("%.100s is evaluated, and should be too much", c.expr)
			}
		case jsonata.CodeSteps, jsonata.CodeMemory, jsonata.CodeDepth:
			if c.fast {
				t.Errorf("%.100s ends with %s", c.expr, code)
			}
		default:
			t.Errorf("%.100s ends with %s, which is no error of a budget", c.expr, code)
		}
	}
}

// codeOf is the code of the error with which an expression ends, or "".
func codeOf(t *testing.T, text string) string {
	t.Helper()
	options := aws.Options()
	options.MaxSteps, options.MaxMemory = aws.MaxSteps/4, aws.MaxMemory/2
	e, err := jsonata.Compile(text, options)
	if err == nil {
		e.References()
		_, _, err = e.Eval(jsonata.Env{Variables: jsonata.Bindings{
			"text": longText(), "same": longText(), "long": value.Number("1." + strings.Repeat("1", 250_000)),
			"digits": strings.Repeat("0", 250_000), "half": "\xed\xa0\x80" + longText(), "sameHalf": "\xed\xa0\x80" + longText(),
			"json": "[" + strings.Repeat(`{"a":1},`, 25_000) + "1]",
		}})
	}
	var failure *jsonata.Error
	if err != nil && !errors.As(err, &failure) {
		t.Fatalf("%.100s: %v", text, err)
	}
	if failure == nil {
		return ""
	}
	return failure.Code
}

func longText() string { return strings.Repeat("abc, ", 50_000) }

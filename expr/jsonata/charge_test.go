package jsonata

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

// charges are calls of all functions of the library with arguments that get longer: $text,
// $list (numbers), $texts, $objects, $object and $digits, a long number. Those that look at
// nothing long have no call.
var charges = map[string][]string{
	"sum": {"$sum($list)"}, "max": {"$max($list)"}, "min": {"$min($list)"}, "average": {"$average($list)"},
	"string": {"$string($list)", "$string($object, true)", "$string($digits)"}, "substring": {"$substring($text, 5)"},
	"substringBefore": {`$substringBefore($text, "!")`}, "substringAfter": {`$substringAfter($text, "!")`},
	"lowercase": {"$lowercase($text)"}, "uppercase": {"$uppercase($text)"}, "length": {"$length($text)"}, "trim": {"$trim($text)"},
	"pad":   {`$pad($text, 1)`, `$pad("a", 3, $text)`, `$pad("a", $size)`},
	"match": {"$match($text, /b/)", "$match($text, /!/)"}, "contains": {`$contains($text, "!")`, "$contains($text, /!/)"},
	"replace": {`$replace($text, "b", "cc")`, `$replace($text, /b/, "$0")`, `$replace($text, /!/, "")`},
	"split":   {`$split($text, ",")`, `$split($text, "")`, "$split($text, /,/)"}, "join": {`$join($texts, ",")`},
	"formatNumber":  {`$formatNumber(1, $pad("0", $size, "#,0"))`, `$formatNumber(1, "0." & $pad("0", $size, "0"))`},
	"formatInteger": {`$formatInteger(1, $pad("", $size, "#,#.") & "0")`}, "parseInteger": {`$parseInteger($text, "#,0")`},
	"number": {"$number($text ~> $replace(/[^0-9]/, '1'))"}, "abs": {"$abs($digits)"}, "floor": {"$floor($digits)"}, "ceil": {"$ceil($digits)"},
	"round": {"$round($digits, 2)"}, "sqrt": {"$sqrt($digits)"}, "power": {"$power($digits, 2)"}, "formatBase": {"$formatBase($digits, 2)"},
	"boolean": {"$boolean($list)"}, "not": {"$not($list)"},
	"map": {"$map($list, $abs)"}, "filter": {"$filter($list, $boolean)"}, "single": {"$single($list, function($x){ $x = 1 })"},
	"reduce": {"$reduce($list, function($a, $b){ $b })"}, "zip": {"$zip($list, $list)"},
	"sift": {"$sift($object, $boolean)"}, "each": {"$each($object, $boolean)"}, "keys": {"$keys($object)"}, "lookup": {`$lookup($objects, "a")`},
	"append": {"$append($list, $list)"}, "spread": {"$spread($object)"}, "merge": {"$merge($objects)"}, "reverse": {"$reverse($list)"},
	"sort": {"$sort($list)", "$sort($texts)"}, "shuffle": {"$shuffle($list)"}, "distinct": {"$distinct($list)", "$distinct($objects)"},
	"base64encode": {"$base64encode($text)"}, "base64decode": {"$base64decode($text)"},
	"encodeUrlComponent": {"$encodeUrlComponent($text)"}, "encodeUrl": {"$encodeUrl($text)"},
	"decodeUrlComponent": {"$decodeUrlComponent($text)"}, "decodeUrl": {"$decodeUrl($text)"},
	"eval": {`$eval("[" & $join($texts.("'" & $ & "'"), ",") & "]")`}, "clone": {"$clone($object)"},
	"toMillis":   {`$toMillis($text, "[Y]")`, `$toMillis("1", $pad("", $size, "[Y]-"))`},
	"fromMillis": {`$fromMillis(1, $pad("", $size, "[Y]-"))`}, "now": {`$now($pad("", $size, "[Y]-"))`},
	"count": nil, "random": nil, "exists": nil, "error": nil, "assert": nil, "type": nil, "millis": nil,

	"operators": {
		"$text = $same", "$text < $same", "$text in [$same]", "$list = $others", "$object = $clone($object)", "$digits + 1", "$text & $same",
		"$list[false]", "$list[$ > 1]", "$list^($)", "$list.($ + 1)", "$list{'a': $}", "$object.*", "$object.**", "$objects.a", "{$text: 1}",
		"$objects ~> |$|{'b': 1}|", "$objects@$x.($x)", "$objects#$i.($i)", "[1..$size].(1)", "[$list, $list]", "$objects.a.%",
	},
}

// TestWorkIsCharged measures by the budget, and not by the clock: what looks at twice as much
// uses more of it, and about twice as much.
func TestWorkIsCharged(t *testing.T) {
	for name := range library {
		if _, known := charges[name]; !known {
			t.Errorf("it is not known how $%s is charged", name)
		}
	}
	const size = 20_000
	small, large := longValues(size), longValues(2*size)
	for _, calls := range charges {
		for _, text := range calls {
			one, two := workOf(t, text, small), workOf(t, text, large)
			if one < size/stepText || two < one+one/2 || two > 2*one+one/2 {
				t.Errorf("%s uses %d, and %d for twice as much", text, one, two)
			}
		}
	}
}

// longValues are the variables of charges, of this size.
func longValues(size int) Bindings {
	long := strings.Repeat("ab, ", size/4)
	var list, texts, objects []any
	object := value.NewObject(size)
	for i := range size {
		n := value.IntNumber(int64(i))
		list, texts = append(list, n), append(texts, string(n))
		object.Set(string(n), n)
		one := value.NewObject(1)
		one.Set("a", n)
		objects = append(objects, one)
	}
	return Bindings{
		"text": long, "same": strings.Clone(long), "list": list, "others": append([]any{}, list...), "texts": texts,
		"objects": objects, "object": object, "digits": value.Number("1." + strings.Repeat("1", size)), "size": value.IntNumber(int64(size)),
	}
}

// workOf is what an expression uses of its budget: steps, and as many for each 64 bytes.
func workOf(t *testing.T, text string, variables Bindings) int {
	t.Helper()
	e, err := Compile(text, Options{})
	if err != nil {
		t.Fatal(text, err)
	}
	const all = 1 << 40
	budget := Budget{Steps: all, Memory: all}
	if _, _, err = e.Eval(Env{Budget: &budget, Variables: variables}); err != nil && budget.Steps == all {
		t.Fatal(text, err)
	}
	return all - budget.Steps + (all-budget.Memory)/64
}

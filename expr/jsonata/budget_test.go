package jsonata_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

// TestBudgets evaluates what would never end, or fill the memory.
func TestBudgets(t *testing.T) {
	for _, c := range []struct{ expr, code string }{
		{`($f := function() { $f() }; $f())`, jsonata.CodeSteps},
		{`($f := function() { 1 + $f() }; $f())`, jsonata.CodeDepth},
		{`($f := function($s) { $f($s & $s) }; $f("x"))`, jsonata.CodeMemory},
		{`($f := function($a) { $f($append($a, $a)) }; $f([1]))`, jsonata.CodeMemory},
		{`($f := function($a, $n) { $n = 0 ? $a : $f([$a, $a], $n - 1) }; $string($f([], 100)))`, ""},
		{`($f := function($a, $n) { $n = 0 ? $a : $f([$a, $a], $n - 1) }; $f(0, 100))`, ""},
		{`($f := function($a, $n) { $n = 0 ? $a : $f([[$a], [$a]], $n - 1) }; $f(0, 50) = $f(0, 50))`, ""},
		{`($f := function($a, $n) { $n = 0 ? $a : $f([[$a]], $n - 1) }; $f(0, 100000))`, ""},
		{`($f := function($n) { $n = 0 ? function($x) { $x } : $f($n - 1) ~> function($x) { $x } }; $f(9)(1))`, ""},
		{`($f := function($g, $n) { $n = 0 ? $g : $f($g ~> $abs, $n - 1) }; $f($abs, 10000)(1))`, jsonata.CodeDepth},
		{`$pad("x", 1e15)`, jsonata.CodeMemory},
		{`[1..1e7].[1..1e7]`, jsonata.CodeMemory},
		{`($s := $pad("", 100000); [1..100000].($s))`, jsonata.CodeSteps},
		{strings.Repeat("(", 100_000), "D1011"},
		{strings.Repeat("-", 100_000) + "1", "D1011"},
		{"1" + strings.Repeat("+1", 100_000), "D1011"},
	} {
		_, _, err := evaluate(c.expr, jsonata.Options{MaxSteps: 1_000_000, MaxMemory: 64 << 20}, jsonata.Env{})
		var failure *jsonata.Error
		if !errors.As(err, &failure) && c.code != "" || c.code != "" && failure.Code != c.code {
			t.Errorf("%.80s: %v, want %s", c.expr, err, c.code)
		}
	}
}

// TestRegexBudget: many searches, none of which is too long, are too long
// together.
func TestRegexBudget(t *testing.T) {
	_, _, err := evaluate(`$map([1..1000000], function($i) { $contains("aaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/) })`, jsonata.Options{}, jsonata.Env{})
	var failure *jsonata.Error
	if !errors.As(err, &failure) || failure.Code != jsonata.CodeRegexTimeout {
		t.Errorf("got %v, want %s", err, jsonata.CodeRegexTimeout)
	}
}

// TestSharedBudget: evaluations that share a budget end when it is used up.
func TestSharedBudget(t *testing.T) {
	for _, c := range []struct {
		expr, code string
		budget     jsonata.Budget
	}{
		{`$sum([1..1000])`, jsonata.CodeSteps, jsonata.Budget{Steps: 50_000, Memory: 1 << 30}},
		{`$length($pad("", 1000)) = 1000`, jsonata.CodeMemory, jsonata.Budget{Steps: 1 << 30, Memory: 50_000}},
	} {
		budget := c.budget
		done := 0
		for ; done < 1000; done++ {
			_, _, err := evaluate(c.expr, jsonata.Options{}, jsonata.Env{Budget: &budget})
			var failure *jsonata.Error
			if errors.As(err, &failure) && failure.Code == c.code {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", c.expr, err)
			}
		}
		if done < 5 || done > 100 || budget.Steps < 0 || budget.Memory < 0 {
			t.Errorf("%s was evaluated %d times, which leaves %+v", c.expr, done, budget)
		}
	}
}

// TestManyVariables: binding and finding one of many variables is not a walk
// over all of them.
func TestManyVariables(t *testing.T) {
	var text strings.Builder
	text.WriteString("(")
	for i := range 50_000 {
		fmt.Fprintf(&text, "$v%d := %d; ", i, i)
	}
	text.WriteString("$v49999 + $v0 + $v7)")
	v, _, err := evaluate(text.String(), jsonata.Options{}, jsonata.Env{})
	if err != nil || v != any(value.Number("50006")) {
		t.Errorf("got %v (%v)", v, err)
	}
}

// FuzzCompile looks for expressions that make the engine panic or hang.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		`a.b[0].c^(>d){e: $sum(f)}`, `$map([1..3], function($x)<n:n>{ $x * 2 })`, `%.a@$b#$c[%.d]`,
		`$replace("ab", /(a)|b/i, "$1")`, `|a|{"b": 1},"c"|`, `$fromMillis(1, "[Y]-[M01]", "+0100") ?? 1 ?: 2`,
		`$formatNumber(1.5, "#,##0.0e0") & $formatInteger(3, "w;o")`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		options := jsonata.Options{MaxSteps: 20_000, MaxMemory: 1 << 22, MaxDepth: 200}
		if _, _, err := evaluate(text, options, benchmarkInput()); err != nil {
			var failure *jsonata.Error
			if !errors.As(err, &failure) || failure.Message == "" {
				t.Fatalf("%q: %v", text, err)
			}
		}
	})
}

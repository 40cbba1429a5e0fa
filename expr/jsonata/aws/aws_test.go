package aws_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/jsonata/aws"
	"github.com/fermata-dev/fermata/expr/value"
)

func eval(t *testing.T, text string) (any, bool, error) {
	t.Helper()
	expr, err := jsonata.Compile(text, aws.Options())
	if err != nil {
		t.Fatal(err)
	}
	return expr.Eval(jsonata.Env{Input: jsonata.Undefined{}})
}

func TestFunctions(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`$partition([1,2,3,4,5], 2)`, `[[1,2],[3,4],[5]]`},
		{`$partition([1,2,3,4,5], 2.9)`, `[[1,2],[3,4],[5]]`},
		{`$partition([1], 2)`, `[[1]]`},
		{`$partition([], 2)`, `undefined`},
		{`$partition([1], 0)`, `undefined`},
		{`$partition([1], 0.9)`, `undefined`},
		{`$partition([1], -1)`, `D3137: Second argument must be zero or greater`},
		{`$partition([1,2,3])`, `[[1,2,3]]`},
		{`$partition([], $nothing)`, `[[]]`},
		{`$partition($nothing, 2)`, `undefined`},
		{`$partition("abc", 2)`, `T0412: Argument 1 of function "partition" must be an array of undefined`},
		{`$partition({}, 2)`, `T0412: Argument 1 of function "partition" must be an array of undefined`},
		{`$partition([1], null)`, `T0410: Argument 2 of function "partition" does not match function signature`},
		{`$partition([1], 2, 3)`, `T0410: Argument 3 of function "partition" does not match function signature`},
		{`$range(1, 9, 2)`, `[1,3,5,7,9]`},
		{`$range(5, 0, -2)`, `[5,3,1]`},
		{`$range(-1.7, 2, 1)`, `[-1,0,1,2]`},
		{`$range(1, 9, 9)`, `1`},
		{`$range(5, 0, 1)`, `undefined`},
		{`$range(1, 9)`, `undefined`},
		{`$range(1, 9, 0)`, `undefined`},
		{`$range(1, 9, 0.49)`, `undefined`},
		{`$range("a", 9, 1)`, `T0410: Argument 1 of function "range" does not match function signature`},
		{`$count($range(1, 360145, 1))`, `360145`},
		{`$range(1, 360146, 1)`, `D1101: The evaluation has used more than 67108864 bytes of memory`},
		{`$length($pad("", 262144, "ab"))`, `262144`},
		{`$length($pad("", -262144, "é"))`, `262144`},
		{`$length($pad($pad("", 131072, "a"), 262145))`, `262145`},
		{`$length($pad("", 131072) & $pad("", 131073))`, `262145`},
		{`$pad("", 262145)`, `D1101: The evaluation has used more than 67108864 bytes of memory`},
		{`$pad("", -262145, "ab")`, `D1101: The evaluation has used more than 67108864 bytes of memory`},
		{`$hash("input", "SHA-1")`, `"140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"`},
		{`$hash("input")`, `undefined`},
		{`$hash($nothing, "MD5")`, `undefined`},
		{`$hash($nothing)`, `undefined`},
		{`$hash("input", $nothing)`, `D3137: Hash algorithm 'null' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5`},
		{`$hash("input", "sha-1")`, `D3137: Hash algorithm 'sha-1' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5`},
		{`$hash()`, `T0410: Argument 1 of function "hash" does not match function signature`},
		{`$hash(1, "MD5")`, `T0410: Argument 1 of function "hash" does not match function signature`},
		{`$random("42")`, `T0410: Argument 1 of function "random" does not match function signature`},
		{`$random(1, 2)`, `T0410: Argument 2 of function "random" does not match function signature`},
		{`$uuid(1)`, `T0410: Argument 1 of function "uuid" does not match function signature`},
		{`$parse()`, `undefined`},
		{`$parse(1)`, `T0410: Argument 1 of function "parse" does not match function signature`},
		{`$random(42)`, `0.7275636800328681`},
		{`$parse('{"a": 1.0}')`, `{"a":1}`},
		{`$parse('[null]')`, `[null]`},
		{`$parse('-0')`, `0`},
		{`$parse("{'a': '\"', \"b\": \"it's\", 'c\\'\\n': ['']}")`, `{"a":"\"","b":"it's","c'\n":[""]}`},
		{`$parse("'a\\\\'")`, `"a\\"`},
		{`$parse("'a")`, `D3137: Invalid JSON`},
		{`$parse("'a\\'")`, `D3137: Invalid JSON`},
		{`$parse("{a: 1}")`, `D3137: Invalid JSON`},
		{`$parse("{'a': 1, \"a\": 2}")`, `D3137: Invalid JSON`},
		{`$parse('')`, `D3137: Invalid JSON`},
		{`$parse('{"a"')`, `D3137: Invalid JSON`},
		{`$parse('{"a":[{"b":1,"c":{"b":2},"b":3}]}')`, `D3137: Invalid JSON`},
		{`$parse('[{"b":1},{"b":[{"b":2}]}]')`, `[{"b":1},{"b":[{"b":2}]}]`},
		{`$parse('{"a":[-1e400]}')`, `D3137: Invalid JSON`},
	} {
		if got := show(eval(t, c.expr)); got != c.want {
			t.Errorf("%s = %s, want %s", c.expr, got, c.want)
		}
	}
}

func show(v any, defined bool, err error) string {
	switch {
	case err != nil:
		return err.Error()
	case !defined:
		return "undefined"
	}
	return string(value.Append(nil, v))
}

// TestNumbers: the texts of numbers, wherever they are in a result.
func TestNumbers(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`1/0`, `"Infinity"`},
		{`{"a": [-1/0, 0/0]}`, `{"a":["-Infinity","NaN"]}`},
		{`9223372036854775807.0`, `9.223372036854776E18`},
		{`$parse("9223372036854775807")`, `9223372036854775807`},
		{`$parse("9223372036854775808")`, `9.223372036854776E18`},
		{`$parse("[1.0, 1e2, 1.50, -0.0]")`, `[1,100,1.5,0]`},
		{`1e15 + 1`, `1000000000000001`},
		{`12345678.5`, `1.23456785E7`},
		{`0.001 / 2`, `5.0E-4`},
		{`0.1 + 0.2`, `0.30000000000000004`},
		{`$string(1e20)`, `"100000000000000000000"`},
		{`$string(1e21)`, `"1e+21"`},
	} {
		if got := show(eval(t, c.expr)); got != c.want {
			t.Errorf("%s = %s, want %s", c.expr, got, c.want)
		}
	}
}

// TestPlainNumbers: what is taken as it is would not be written otherwise.
func TestPlainNumbers(t *testing.T) {
	for _, whole := range []string{"0", "7", "10", "1234567", "9999999", "12345678", "123456789012345678", "1234567890123456789", "9223372036854775808"} {
		for _, fraction := range []string{"", ".0", ".5", ".50", ".001", ".0001", ".000", ".00010", ".12345678", ".123456789012345"} {
			for _, sign := range []string{"", "-"} {
				n := value.Number(sign + whole + fraction)
				want := aws.Number(value.Number(string(n) + "e0")) // the long way
				if got := aws.Number(n); got != want {
					t.Errorf("%s becomes %v, want %v", n, got, want)
				}
			}
		}
	}
}

// TestDepth: how deep an expression may be nested is counted as AWS does.
func TestDepth(t *testing.T) {
	terms := func(n int) string { return "1" + strings.Repeat("+1", n-1) }
	nested := func(n int) string { return strings.Repeat("(", n) + "1" + strings.Repeat(")", n) }
	lists := func(n int) string { return strings.Repeat("[", n) + "1" + strings.Repeat("]", n) }
	stages := func(n int) string { return "1" + strings.Repeat("~>$abs", n) }
	recursion := func(n int) string {
		return fmt.Sprintf(`($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(%d))`, n)
	}
	for name, c := range map[string]struct {
		make func(int) string
		most int
	}{
		"terms": {terms, 100}, "parentheses": {nested, 99}, "brackets": {lists, 99},
		"stages": {stages, 99}, "recursion": {recursion, 31},
	} {
		if _, _, err := eval(t, c.make(c.most)); err != nil {
			t.Errorf("%s: %d: %v", name, c.most, err)
		}
		_, _, err := eval(t, c.make(c.most+1))
		var failure *jsonata.Error
		if !errors.As(err, &failure) || failure.Code != jsonata.CodeDepth {
			t.Errorf("%s: %d: %v, want %s", name, c.most+1, err, jsonata.CodeDepth)
		}
	}
}

func TestFunctionsAreNoResults(t *testing.T) {
	for _, text := range []string{`$sum`, `$f := function($x) { $x }`, `/a/`, `{"a": [$sum]}`} {
		_, _, err := eval(t, text)
		var failure *jsonata.Error
		if !errors.As(err, &failure) || failure.Code != jsonata.CodeFunction {
			t.Errorf("%s: %v, want %s", text, err, jsonata.CodeFunction)
		}
	}
}

func TestUUID(t *testing.T) {
	v, _, err := eval(t, `$uuid()`)
	if id, _ := v.(string); err != nil || !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("$uuid() = %v (%v)", v, err)
	}
}

func TestThereIsNoEval(t *testing.T) {
	_, _, err := eval(t, `$eval("1")`)
	var failure *jsonata.Error
	if !errors.As(err, &failure) || failure.Code != "T1006" {
		t.Errorf("$eval: %v, want T1006", err)
	}
}

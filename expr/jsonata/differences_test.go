package jsonata_test

import (
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

// TestFoundByComparison are cases in which this package once differed from the
// reference implementation.
func TestFoundByComparison(t *testing.T) {
	input, err := value.Parse([]byte(`{"words": ["pear", "Apple", "fig", "apple"]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, expr, want string }{
		{"an item's number is where a regular expression begins", `$filter(words, /(\w)(\w+)/)`, `["pear","Apple","apple"]`},
		{"predicates behind a call that ~> makes do not count", `"X" ~> $join("-")[$ = 1]`, `"X"`},
		{"nothing is before no text", `$substringBefore("hello", $nothing)`, `"hello"`},
		{"nothing is after no text", `$substringAfter("hello", $nothing)`, `"hello"`},
		{"separators at the end of a picture", `$formatInteger(1234, "0!00!")`, `"12!34!"`},
	} {
		got, _, err := evaluate(c.expr, jsonata.Options{}, jsonata.Env{Input: input})
		if err != nil || show(got) != c.want {
			t.Errorf("%s: %s: got %s%s, want %s", c.name, c.expr, show(got), errorText(err), c.want)
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

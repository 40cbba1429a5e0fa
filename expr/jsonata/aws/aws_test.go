package aws_test

import (
	"errors"
	"regexp"
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
		{`$range(1, 9, 2)`, `[1,3,5,7,9]`},
		{`$range(5, 0, -2)`, `[5,3,1]`},
		{`$hash("input", "SHA-1")`, `"140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"`},
		{`$random(42)`, `0.7275636800328681`},
		{`$parse('{"a": 1.0}')`, `{"a":1.0}`},
		{`$parse('[null]')`, `[null]`},
	} {
		v, _, err := eval(t, c.expr)
		if got := string(value.Append(nil, v)); err != nil || got != c.want {
			t.Errorf("%s = %s (%v), want %s", c.expr, got, err, c.want)
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

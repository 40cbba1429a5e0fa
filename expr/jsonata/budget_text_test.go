package jsonata

import (
	"errors"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

// TestLongTextsCostSteps calls functions again and again that read a long text and
// make none.
func TestLongTextsCostSteps(t *testing.T) {
	opts := Options{MaxSteps: 100_000, Functions: map[string]Function{
		"host": {Call: func(*Env, []any) (any, error) { return true, nil }},
	}}
	input := value.NewObject(1)
	input.Set("long", strings.Repeat("ab ", 100_000))
	for _, call := range []string{"$pad($$.long, 5)", "$pad('a', 1, $$.long)", "$host($$.long)", "{$$.long: 1}"} {
		e, err := Compile("$map([1..1000], function($i){"+call+"})", opts)
		if err != nil {
			t.Fatal(err)
		}
		var fault *Error
		if _, _, err := e.Eval(Env{Input: input}); !errors.As(err, &fault) || fault.Code != CodeSteps {
			t.Errorf("%s: %v; want the error of steps", call, err)
		}
	}
}

// TestTextsOfFunctionsCostMemory calls a function again and again that makes a long text.
func TestTextsOfFunctionsCostMemory(t *testing.T) {
	long := strings.Repeat("a", 10_000)
	opts := Options{MaxMemory: 1 << 20, Functions: map[string]Function{
		"host": {Call: func(*Env, []any) (any, error) { return long, nil }},
	}}
	e, err := Compile("$map([1..1000], function($i){$host()})", opts)
	if err != nil {
		t.Fatal(err)
	}
	var fault *Error
	if _, _, err := e.Eval(Env{}); !errors.As(err, &fault) || fault.Code != CodeMemory {
		t.Errorf("%v; want the error of memory", err)
	}
}

// TestManySeparators formats and parses by pictures with more separators than
// could be looked through for each digit.
func TestManySeparators(t *testing.T) {
	many := strings.Repeat("#,#.", 100_000)
	for text, want := range map[string]any{
		"$formatInteger(12345, '" + many + "0')":                                           "1,2.3,4.5",
		"$length($formatInteger(1, '" + strings.Repeat("0,0.", 100_000) + "0')) = 400001":  true,
		"$formatInteger(12345, '" + strings.Repeat("#,", 300_000) + "0')":                  "1,2,3,4,5",
		"$formatNumber(12345, '" + strings.Repeat("#,", 300_000) + "0')":                   "1,2,3,4,5",
		"$length($formatNumber(1, '" + strings.Repeat("00,0,", 200_000) + "0')) = 1000001": true,
		"$formatInteger(12345, '#,#.#,0')":                                                 "12,3.4,5",
		"$formatInteger(1234567, '--0,.')":                                                 "123456--7,.",
		"$parseInteger('" + many[:4] + "1,2.3', '" + many + "0') = 123":                    false,
		"$parseInteger('1,2.3,45', '" + many + "0') = 12345":                               true,
	} {
		e, err := Compile(text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := e.Eval(Env{}); got != want || err != nil {
			t.Errorf("%.30s: %v, %v; want %v", text, got, err, want)
		}
	}
}

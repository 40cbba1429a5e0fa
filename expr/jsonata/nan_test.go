package jsonata_test

import (
	"fmt"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
)

// TestNaN gives every function NaN, which $parseInteger makes of a text that is no
// number, at each place: it has an answer or an error.
func TestNaN(t *testing.T) {
	const nan = `$parseInteger("x", "0")`
	functions := []string{
		"sum", "count", "max", "min", "average", "string", "substring", "substringBefore", "substringAfter", "lowercase",
		"uppercase", "length", "trim", "pad", "match", "contains", "replace", "split", "join", "formatNumber", "formatBase",
		"formatInteger", "parseInteger", "number", "floor", "ceil", "round", "abs", "sqrt", "power", "random", "boolean",
		"not", "map", "zip", "filter", "single", "reduce", "sift", "keys", "lookup", "append", "exists", "spread", "merge",
		"reverse", "each", "error", "assert", "type", "sort", "shuffle", "distinct", "base64encode", "base64decode",
		"encodeUrlComponent", "encodeUrl", "decodeUrlComponent", "decodeUrl", "toMillis", "fromMillis", "clone", "now", "millis",
	}
	others := []string{`"a text"`, `"[Y0001]"`, `"0"`, `5`, `[1,2,3]`, `["a","b"]`, `function($x){$x}`, `{"a":1}`}
	for _, name := range functions {
		evaluateAny(t, fmt.Sprintf("$%s(%s)", name, nan))
		for _, a := range others {
			evaluateAny(t, fmt.Sprintf("$%s(%s, %s)", name, a, nan))
			evaluateAny(t, fmt.Sprintf("$%s(%s, %s)", name, nan, a))
			for _, b := range others {
				evaluateAny(t, fmt.Sprintf("$%s(%s, %s, %s)", name, a, b, nan))
				evaluateAny(t, fmt.Sprintf("$%s(%s, %s, %s)", name, a, nan, b))
			}
		}
	}
	for _, e := range []string{`[1,2,3][%s]`, `[1..%s]`, `[%s..3]`, `%s + 1`, `-%s`, `%s %% 2`, `%s = %[1]s`, `%s < 1`, `%s in [1]`,
		`[%s, 1]^($)`, `{"a": %s}`, `"x" & %s`, `%s ? 1 : 2`, `[1,2]{$string($): %s}`, `$fromMillis(0, "[Y]", %s)`, `[%s]`} {
		evaluateAny(t, fmt.Sprintf(e, nan))
	}
}

// evaluateAny wants an expression to end, whatever with.
func evaluateAny(t *testing.T, text string) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic: %v", text, p)
		}
	}()
	e, err := jsonata.Compile(text, jsonata.Options{})
	if err != nil {
		return
	}
	_, _, _ = e.Eval(jsonata.Env{Input: jsonata.Undefined{}})
}

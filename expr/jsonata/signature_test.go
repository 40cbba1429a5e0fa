package jsonata

import (
	"errors"
	"strings"
	"testing"
)

// TestSignatureGivesBack matches signatures of which a parameter must leave some
// letters to those that follow.
func TestSignatureGivesBack(t *testing.T) {
	for _, c := range []struct{ signature, letters, want string }{
		{"<s+s:s>", "sss", "21"},
		{"<s+s+s:s>", "sssss", "311"},
		{"<s?s:s>", "s", "01"},
		{"<s?n?s:s>", "ns", "011"},
		{"<s+n:s>", "ss", ""},
		{"<s+?s+?n:s>", "ssn", "201"},
		{"<:s>", "", ""},
	} {
		r := &run{opts: &Options{}, steps: 100, bytes: 100}
		counts, ok := match(r, mustSignature(c.signature).params, []byte(c.letters), true, nil)
		var got strings.Builder
		for _, n := range counts {
			got.WriteByte('0' + byte(n))
		}
		if got.String() != c.want || ok != (c.want != "" || c.letters == "") {
			t.Errorf("%s on %q gives %q, %t; want %q", c.signature, c.letters, got.String(), ok, c.want)
		}
	}
}

// TestSignatureIsBudgeted matches arguments in more ways than could ever be tried,
// and reads signatures that are as long as a definition may be.
func TestSignatureIsBudgeted(t *testing.T) {
	args := strings.Repeat("'a',", 60) + "'a'"
	for name, text := range map[string]string{
		"many ways":       "function($x)<" + strings.Repeat("s+?", 30) + "n:s>{1}(" + args + ")",
		"many ways twice": "function($x)<" + strings.Repeat("s+?", 7) + "n:s>{1}(" + strings.Repeat("'a',", 5000) + "'a')",
		"often":           "$map([1..100000], function($x)<" + strings.Repeat("s?", 20_000) + "n:n>{1})",
	} {
		e, err := Compile(text, Options{MaxSteps: 1_000_000})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var fault *Error
		if _, _, err := e.Eval(Env{}); !errors.As(err, &fault) || fault.Code != CodeSteps {
			t.Errorf("%s: %v; want the error of steps", name, err)
		}
	}
	long := "function($x)<" + strings.Repeat("a<", 200_000) + "s" + strings.Repeat(">", 200_000) + ":n>{1}"
	if _, err := Compile(long, Options{}); err != nil {
		t.Error(err)
	}
}

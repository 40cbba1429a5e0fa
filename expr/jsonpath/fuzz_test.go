package jsonpath_test

import (
	"errors"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

var seeds = []string{
	`$`, `$$.a`, `$v.x[0]`, `$.users[?(@.age > 30 && (@.name == 'x' || !@.nick))].name`, `$..*`, `$['a','b']`,
	`$.list[-1:]`, `$[0,1]`, `$[?(@.n =~ /a\/b/i)]`, `$.a.length()`, `$..[?(@..x)]`, `$['it\'s']`,
}

// FuzzCompile: any text compiles or fails with a place inside of it, and what
// compiles is what it says it is.
func FuzzCompile(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path, err := jsonpath.Compile(text)
		if err != nil {
			var syntax *jsonpath.SyntaxError
			if !errors.As(err, &syntax) || syntax.Column() < 1 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if path.String() != text || path.IsReference() && !path.IsDefinite() {
			t.Fatalf("%q: text %q, definite %v, reference %v", text, path, path.IsDefinite(), path.IsReference())
		}
		_ = path.Canonical()
	})
}

// FuzzEval: an evaluation ends, with an array if the path is indefinite, and
// what was assigned is found again.
func FuzzEval(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed, store)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		path, err := jsonpath.Compile(text)
		if err != nil {
			return
		}
		root, err := value.Parse([]byte(document))
		if err != nil {
			return
		}
		before := string(value.Append(nil, root))
		v, err := path.Find(root)
		var missing *jsonpath.NotFoundError
		if errors.As(err, &missing) {
			_, _ = missing.InvalidPath(), missing.Reference([]byte("{}"))
		}
		if _, isArray := v.([]any); err == nil && !path.IsDefinite() && !isArray {
			t.Fatalf("%q finds %v", text, v)
		}
		if changed, err := path.Assign(root, "V"); err == nil {
			if v, err := path.Find(changed); err != nil || v != "V" {
				t.Fatalf("%q: assigned V, found %v, %v", text, v, err)
			}
		}
		if after := string(value.Append(nil, root)); after != before {
			t.Fatalf("%q changed %s to %s", text, before, after)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	root := parse(b, store)
	for _, text := range []string{`$.a.b.c`, `$.users[*].name`, `$.users[?(@.age > 30)].name`, `$..name`} {
		path := compile(b, text)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := path.Find(root); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAssign(b *testing.B) {
	root, path := parse(b, store), compile(b, `$.a.b.d`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := path.Assign(root, "V"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		compile(b, `$.users[?(@.age > 30 && @.name != 'x')].name`)
	}
}

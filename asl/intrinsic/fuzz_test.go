package intrinsic_test

import (
	"errors"
	"testing"

	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/value"
)

var seeds = []string{
	`States.Format('{} \{\} {}', $.name, States.UUID())`, `States.Array()`, `States.ArrayPartition($.letters, 2)`, `States.ArrayRange(1, 9, 2)`,
	`States.ArrayGetItem($.list, 0)`, `States.ArrayUnique($.list)`, `States.Base64Decode('YQ==')`, `States.Hash($.name, 'SHA-1')`,
	`States.JsonMerge($.object, $.other, false)`, `States.MathRandom(0, 9, 1)`, `States.MathAdd(1.5, $.n)`, `States.StringSplit($.text, ',')`,
	`States.StringToJson('[1]')`, `States.JsonToString($..*)`, `States.ArrayContains($.list[?(@.a == 'x')], null)`,
}

// FuzzCompile: any text compiles or fails with a place inside of it.
func FuzzCompile(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := intrinsic.Compile(text)
		var syntax *intrinsic.SyntaxError
		if err != nil && (!errors.As(err, &syntax) || syntax.Column() < 1) {
			t.Fatalf("%q: %v", text, err)
		}
		if err == nil && e.String() != text {
			t.Fatalf("%q became %q", text, e)
		}
	})
}

// FuzzEval: an evaluation ends with a value that can be written and read
// again, or with an *Error, twice the same, and leaves its input alone.
func FuzzEval(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed, input)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		e, err := intrinsic.Compile(text)
		if err != nil {
			return
		}
		root, err := value.Parse([]byte(document))
		if err != nil {
			return
		}
		before := string(value.Append(nil, root))
		v, err := e.Eval(scope{root}, random(0.5))
		again, errAgain := e.Eval(scope{root}, random(0.5))
		var failure *intrinsic.Error
		if (err == nil) != (errAgain == nil) || err != nil && !errors.As(err, &failure) {
			t.Fatalf("%q: %v, then %v", text, err, errAgain)
		}
		if err == nil {
			written := value.Append(nil, v)
			if err := value.Valid(written); err != nil || string(written) != string(value.Append(nil, again)) {
				t.Fatalf("%q: %v, %s", text, err, written)
			}
		}
		if after := string(value.Append(nil, root)); after != before {
			t.Fatalf("%q changed %s to %s", text, before, after)
		}
	})
}

func BenchmarkEval(b *testing.B) {
	root := parse(b, input)
	for _, text := range []string{`States.Format('Hello {} and {}', $.name, $.n)`, `States.MathAdd($.n, 1)`, `States.ArrayLength($.letters)`, `States.JsonToString($.object)`} {
		e := compile(b, text)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(scope{root}, random(0)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		compile(b, `States.Format('Hello {} and {}', $.name, States.MathAdd($.n, 1))`)
	}
}

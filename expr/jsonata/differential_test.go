package jsonata_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

var (
	differFor  = flag.Duration("jsonata.for", 0, "compare with the reference implementation for so long; 0: a fixed number of seeds")
	differFrom = flag.Uint64("jsonata.seed", 1, "first seed of the comparison")
)

// differSeeds is the number of expressions of a run without -jsonata.for.
const differSeeds = 3_000

// TestDifferential gives generated expressions to this package and to the
// reference implementation under Node, which have to agree: on the value, or on
// the error's code and position.
func TestDifferential(t *testing.T) {
	o := newOracle(t)
	input, err := os.ReadFile("testdata/input.json")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := value.Parse(input)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(*differFor)
	outcomes := map[string]int{}
	for seed := *differFrom; ; seed++ {
		if *differFor == 0 && seed >= *differFrom+differSeeds || *differFor > 0 && time.Now().After(until) {
			break
		}
		expr := newGenerator(rand.New(rand.NewPCG(seed, 0))).expression()
		want, err := o.ask(expr, input)
		if errors.Is(err, errOracle) {
			outcomes["no answer"]++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		outcome, difference := compare(expr, want, parsed)
		if difference != "" {
			if why := excuse(expr, want); why != "" {
				outcome, difference = why, ""
			}
		}
		outcomes[outcome]++
		if difference != "" {
			t.Errorf("seed %d: %s\n\t%s", seed, expr, difference)
		}
	}
	t.Logf("%v", outcomes)
}

// compare says what became of an expression, and how the two differ over it.
func compare(expr string, want verdict, parsed any) (outcome, difference string) {
	got, defined, err := evaluate(expr, jsonata.Options{Number: named}, jsonata.Env{Input: parsed, Now: oracleTime, Random: func() float64 { return 0.5 }})
	var failure *jsonata.Error
	if err != nil && !errors.As(err, &failure) {
		return "", "an error that is none of this package's: " + err.Error()
	}
	switch {
	case want.Error != nil:
		return differentError(expr, want, got, failure)
	case failure != nil:
		if excusedFailure(failure) {
			return "excused", ""
		}
		return "", "want " + want.text() + ", got" + errorText(err)
	case want.Nothing:
		if defined {
			return "", "want nothing, got " + show(got)
		}
		return "nothing", ""
	case !defined:
		return "", "want " + *want.Value + ", got nothing"
	}
	wanted, err := value.Parse([]byte(*want.Value))
	if err != nil {
		return "no JSON", ""
	}
	if near(got, wanted) {
		return "value", ""
	}
	return "", "want " + *want.Value + ", got " + show(got)
}

// named is a number in a result; those that JSON has no text for are their names.
func named(number any) any {
	x, ok := number.(float64)
	switch {
	case !ok:
		return number
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 0):
		return strings.TrimPrefix(strconv.FormatFloat(x, 'f', -1, 64), "+") + "inity"
	}
	return value.FloatNumber(x)
}

func (v verdict) text() string {
	if v.Value == nil {
		return "nothing"
	}
	return *v.Value
}

// excusedFailure: results that JSON cannot have are null in JavaScript, and the
// budgets are this package's own.
func excusedFailure(e *jsonata.Error) bool {
	switch e.Code {
	case jsonata.CodeDepth, jsonata.CodeSteps, jsonata.CodeMemory, jsonata.CodeRegexTimeout, jsonata.CodeResult:
		return true
	}
	return false
}

// strayPosition: an error within a function that is applied gets the position of an
// application there, which is behind an opening bracket: mostly that of the outermost
// one, and with ~> that of the last one elsewhere, even in another expression; and an
// escape at the end of the text takes positions behind it. A call at the end of a
// function that is made has the position of its name, before the bracket.
func strayPosition(expr string, position int) bool {
	text := utf16.Encode([]rune(expr))
	bracket := func(at int) bool { return at > 0 && at <= len(text) && text[at-1] == '(' }
	return position > len(text) || strings.Contains(expr, "~>") || strings.Contains(expr, "$eval") ||
		applied.MatchString(expr) && (bracket(position) || bracket(position+1))
}

// applied is a function that is made or handed on in an expression.
var applied = regexp.MustCompile(`function *\(|λ|\||\$(map|filter|each|sift|reduce|sort|single|eval)\(`)

func differentError(expr string, want verdict, got any, failure *jsonata.Error) (outcome, difference string) {
	switch {
	case failure == nil && want.Error.Code == "":
		return "its own fault", "" // a TypeError of JavaScript, not an error of the language
	case failure == nil:
		return "", "want error " + want.Error.Code + " " + want.Error.Message + ", got " + show(got)
	case want.Error.Code == "", excusedFailure(failure):
		return "excused", ""
	case failure.Code != want.Error.Code:
		return "", "want error " + want.Error.Code + " " + want.Error.Message + ", got " + failure.Error()
	case failure.Position != want.Error.Position && want.Error.Position >= 0:
		if strayPosition(expr, want.Error.Position) {
			return "another place", ""
		}
		return "", fmt.Sprintf("want error %s at %d, got %d", failure.Code, want.Error.Position, failure.Position)
	}
	return "error", ""
}

// near is equal, and with members in the same order, but for numbers that differ in
// the last digit, as results of Math.pow and the like may between machines.
func near(a, b any) bool {
	switch a := a.(type) {
	case value.Number:
		b, ok := b.(value.Number)
		if !ok {
			return false
		}
		x, y := a.Float64(), b.Float64()
		return x == y || x-y <= 1e-14*max(x, -x) && y-x <= 1e-14*max(x, -x)
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !near(a[i], b[i]) {
				return false
			}
		}
		return true
	case *value.Object:
		b, ok := b.(*value.Object)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			key, item := a.At(i)
			other, there := b.At(i)
			if key != other || !near(item, there) {
				return false
			}
		}
		return true
	}
	return value.Equal(a, b)
}

// suiteExpressions are those of the official suite, to be mutated, if it is there.
var suiteExpressions = sync.OnceValue(func() (all []string) {
	files, _ := filepath.Glob(filepath.Join(os.Getenv("FERMATA_SHARED"), "corpus/jsonata/groups/*.json"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		var cases []struct{ Expr string }
		if err != nil || json.Unmarshal(text, &cases) != nil {
			continue
		}
		for _, c := range cases {
			if c.Expr != "" && len(c.Expr) < 300 && !fickle.MatchString(c.Expr) {
				all = append(all, c.Expr)
			}
		}
	}
	return all
})

// fickle expressions do not have the same value twice, or run for ever.
var fickle = regexp.MustCompile(`random|shuffle|inf`)

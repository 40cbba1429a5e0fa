package jsonata_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
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
		outcome, difference := compare(t, o, expr, parsed, input)
		if difference != "" {
			if why := excuse(expr); why != "" {
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
func compare(t *testing.T, o *oracle, expr string, parsed any, input json.RawMessage) (outcome, difference string) {
	t.Helper()
	want, err := o.ask(expr, input)
	if errors.Is(err, errOracle) {
		return "no answer", ""
	}
	if err != nil {
		t.Fatal(err)
	}
	got, defined, err := evaluate(expr, jsonata.Options{}, jsonata.Env{Input: parsed, Random: func() float64 { return 0.5 }})
	var failure *jsonata.Error
	if err != nil && !errors.As(err, &failure) {
		return "", "an error that is none of this package's: " + err.Error()
	}
	switch {
	case want.Function:
		return "function", ""
	case want.NaN:
		return "NaN", "" // it has no JSON: here it is nothing or an error
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
	if value.Equal(got, wanted) || near(got, wanted) {
		return "value", ""
	}
	return "", "want " + *want.Value + ", got " + show(got)
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

// strayPosition: the position of an error in a function of the library that ~>
// applies is that of its last call elsewhere, even in another expression; and
// an escape at the end of the text takes positions behind it.
func strayPosition(expr string, position int) bool {
	return strings.Contains(expr, "~>") || position > len(utf16.Encode([]rune(expr)))
}

// unordered are expressions whose parts the reference implementation evaluates
// all at once: which of several errors it reports is chance.
var unordered = regexp.MustCompile(`[\[{]`)

func differentError(expr string, want verdict, got any, failure *jsonata.Error) (outcome, difference string) {
	switch {
	case failure == nil && want.Error.Code == "":
		return "its own fault", "" // a TypeError of JavaScript, not an error of the language
	case failure == nil:
		return "", "want error " + want.Error.Code + " " + want.Error.Message + ", got " + show(got)
	case want.Error.Code == "", excusedFailure(failure):
		return "excused", ""
	case failure.Code != want.Error.Code:
		if unordered.MatchString(expr) {
			return "another error", ""
		}
		return "", "want error " + want.Error.Code + " " + want.Error.Message + ", got " + failure.Error()
	case failure.Position != want.Error.Position && want.Error.Position >= 0:
		if unordered.MatchString(expr) || strayPosition(expr, want.Error.Position) {
			return "another place", ""
		}
		return "", fmt.Sprintf("want error %s at %d, got %d", failure.Code, want.Error.Position, failure.Position)
	}
	return "error", ""
}

// excuses are where this package differs on purpose, or the reference
// implementation is wrong.
var excuses = []struct {
	in  *regexp.Regexp
	why string
}{
	{regexp.MustCompile(`\{ *\$string\(`), "keys that are integers come first there, and where they were made here"},
	{regexp.MustCompile(`(%|@\$|#\$).*(\}.*\^|\^.*\{)`), "the groups of sorted tuples have the tuples in them there, and their values here"},
	{regexp.MustCompile(`formatInteger\([^,]*, *([^"' ]|["'][^0-9#"'AaIiWw])|Millis\(.*\[\w[^\]]*\[`), "uneven grouping writes separators before the first digit there"},
	{regexp.MustCompile(`Millis\(.*,\d*-[^0-9*]`), "a width that is no number is NaN there and none here"},
	{regexp.MustCompile(`formatNumber\(.*["'][^"'0-9#.,]+[0-9#.,]*e`), "an exponent in a picture that begins with other text is looked for at the wrong place there"},
	{regexp.MustCompile(`^\["[^]]*\]\[.*\.`), "steps behind a text that was taken out of an array walk over its characters there"},
	{regexp.MustCompile(`function\([^)]*\) *\{ *\(.*\)\[`), "a predicate behind a block that is a function's body is asked about the call at the block's end before it is made there"},
	{regexp.MustCompile(`\$match\(\?`), "an object that is searched by a partial application is the text [object Object] there"},
	{regexp.MustCompile(`toMillis\(['"]0?\d\d?-`), "years before 100 are of the 20th century there"},
	{regexp.MustCompile(`formatNumber\(.*\.[0-9#,]*,["']`), "a separator that no digit follows is written there"},
	{regexp.MustCompile(`formatInteger\(.*[^0-9#"';];o`), "the ending of an ordinal is that of a separator before it there"},
	{regexp.MustCompile(`function\(.*function\(.*\$eval\(`), "the last call of a function given to the last call of another has the context of the outer one there, and none here"},
	{regexp.MustCompile(`(?i)\\ud[89ab]..(\\ud[89ab]|[^\\]|\\[^u]|\\u[^d])`), "half of a surrogate pair is a character there"},
	{regexp.MustCompile(`\$string\([^)]*\?`), "$string cannot be applied partially there"},
	{regexp.MustCompile(`base64decode\(.*\\u`), "of text that is no base64 Node reads as much as it happens to, and this package all letters of base64"},
	{regexp.MustCompile(`parseInteger`), "text that does not fit the picture is NaN there and nothing here"},
	{regexp.MustCompile(`toMillis\("2018-13-01"`), "a date that does not exist is NaN there and an error here"},
	{regexp.MustCompile(`fromMillis\(.*("Z|["'][^-+0-9"'\[][-+]?\d{4}["']|["'][-+][^0-9"'])`), "a zone that is no number is NaN there and UTC here"},
	{regexp.MustCompile(`fromMillis\((1e2|big)`), "a time that no date has is NaN there and an error here"},
	{regexp.MustCompile(`toMillis\(.*\[(YI|dw)`), "numerals that are none are NaN there and nothing here"},
	{regexp.MustCompile(`~> ?/|/i?\(text\)`), "a regular expression applied to nothing finds the word undefined there"},
	{regexp.MustCompile(`/.*\?[:?]`), "?: and ?? behind a regular expression that finds nothing have no value there"},
	{regexp.MustCompile(`matrix.*\{`), "grouping an empty array writes into the input there"},
	{regexp.MustCompile(`Millis\(.*\[[^YMDdFWwXxHhPmsfZzCE]`), "a marker of a date that is none is the word undefined there and an error here"},
	{regexp.MustCompile(`toMillis\(.*\[(FNn|PN|E|C|ZN)\b`), "a picture without a date means today there, whatever the text says, and nothing here"},
	{regexp.MustCompile(`format(Number|Integer)\(.*(#,##,##0|0\.0##,##|#,#0)`), "uneven grouping loses digits there"},
}

func excuse(expr string) string {
	for _, e := range excuses {
		if e.in.MatchString(expr) {
			return e.why
		}
	}
	return ""
}

// near: numbers that differ in the last digit, as results of Math.pow and the
// like may between machines.
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
		for key, item := range a.All() {
			other, ok := b.Get(key)
			if !ok || !near(item, other) {
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
var fickle = regexp.MustCompile(`random|shuffle|now|millis\(\)|inf`)

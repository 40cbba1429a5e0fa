package intrinsic_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/value"
)

type rooted struct{ input any }

func (r rooted) Input() any                  { return r.input }
func (r rooted) Context() any                { return nil }
func (r rooted) Variable(string) (any, bool) { return nil, false }

// TestLongNumbers: to read the text of a number counts, and the hash of one with a million
// digits is not worked out digit by digit, again for each.
func TestLongNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"States.Array(" + strings.Repeat("States.MathAdd($.n, 1), ", 30_000) + "1)": "States.DataLimitExceeded",
		"States.ArrayLength(States.ArrayUnique($.l))":                               "",
	} {
		n := strings.Repeat("1", 900_000)
		input, err := value.Parse([]byte(`{"n":1.` + n + `,"l":[` + n + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		e, err := intrinsic.Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Eval(rooted{input}, nil)
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40s: %.100v, want %q", text, err, want)
		}
	}
}

package jsonfault_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonfault"
	"github.com/fermata-dev/fermata/expr/value"
)

const wantValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

// reported is the report of a text, empty for JSON.
func reported(text string) string {
	if fault := jsonfault.Find([]byte(text)); fault != nil {
		return fault.Error()
	}
	return ""
}

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": [1, -2.5e+3, "x\u00e9\n", true, null]}`: "",
		" 0 ":          "",
		`not some`:     "Unrecognized token 'not': was expecting " + wantValue + "\n at [Source: (String)\"not some\"; line: 1, column: 4]",
		`{"a":tru}`:    "Unrecognized token 'tru': was expecting " + wantValue + "\n at [Source: (String)\"{\"a\":tru}\"; line: 1, column: 9]",
		`{"a": }`:      "Unexpected character ('}' (code 125)): expected a valid value " + wantValue + "\n at [Source: (String)\"{\"a\": }\"; line: 1, column: 8]",
		`{a:1}`:        "Unexpected character ('a' (code 97)): was expecting double-quote to start field name\n at [Source: (String)\"{a:1}\"; line: 1, column: 3]",
		`{"a" 1}`:      "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value\n at [Source: (String)\"{\"a\" 1}\"; line: 1, column: 7]",
		"{\"a\":1\n b": "Unexpected character ('b' (code 98)): was expecting comma to separate Object entries\n at [Source: (String)\"{\"a\":1\n b\"; line: 2, column: 3]",
		`[1 2]`:        "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries\n at [Source: (String)\"[1 2]\"; line: 1, column: 5]",
		`{"a":1`: "Unexpected end-of-input: expected close marker for Object (start marker at [Source: (String)\"{\"a\":1\"; line: 1, column: 1])" +
			"\n at [Source: (String)\"{\"a\":1\"; line: 1, column: 7]",
		`{"a":`:    "Unexpected end-of-input within/between Object entries\n at [Source: (String)\"{\"a\":\"; line: 1, column: 6]",
		`[1,`:      "Unexpected end-of-input within/between Array entries\n at [Source: (String)\"[1,\"; line: 1, column: 4]",
		`"abc`:     "Unexpected end-of-input: was expecting closing quote for a string value\n at [Source: (String)\"\"abc\"; line: 1, column: 5]",
		`[1}`:      "Unexpected close marker '}': expected ']' (for Array starting at [Source: (String)\"[1}\"; line: 1, column: 1])\n at [Source: (String)\"[1}\"; line: 1, column: 4]",
		"\"a\nb\"": "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value\n at [Source: (String)\"\"a\nb\"\"; line: 1, column: 4]",
		`"\x"`:     "Unrecognized character escape 'x' (code 120)\n at [Source: (String)\"\"\\x\"\"; line: 1, column: 4]",
		`01`:       "Invalid numeric value: Leading zeroes not allowed\n at [Source: (String)\"01\"; line: 1, column: 3]",
		`-a`:       "Unexpected character ('a' (code 97)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value\n at [Source: (String)\"-a\"; line: 1, column: 3]",
		"\u2192":   "Unexpected character ('\u2192' (code 8594 / 0x2192)): expected a valid value " + wantValue + "\n at [Source: (String)\"\u2192\"; line: 1, column: 2]",
		"[\u0085]": "Unexpected character ((CTRL-CHAR, code 133)): expected a valid value " + wantValue + "\n at [Source: (String)\"[\u0085]\"; line: 1, column: 3]",
		``:         "No content to map due to end-of-input\n at [Source: (String)\"\"; line: 1, column: 0]",
	} {
		if got := reported(text); got != want {
			t.Errorf("%q:\ngot  %q\nwant %q", text, got, want)
		}
	}
}

// The place that is quoted says how far the parser has read; line and column say
// where the fault is.
func TestFindPlaces(t *testing.T) {
	for text, want := range map[string][2]int{
		"":                  {1, 1},
		"{\n \"a\": tru\n}": {2, 7},
		"[1,\n2":            {2, 2},
	} {
		if f := jsonfault.Find([]byte(text)); f.Line != want[0] || f.Column != want[1] {
			t.Errorf("%q: line %d, column %d instead of %v", text, f.Line, f.Column, want)
		}
	}
}

func TestFindInState(t *testing.T) {
	const source = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); "
	for text, want := range map[string]string{
		`{key: 1}`:     "Unexpected character ('k' (code 107)): was expecting double-quote to start field name\n at " + source + "line: 1, column: 2]",
		"{\n \"a\" 1}": "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value\n at " + source + "line: 2, column: 6]",
		`[1}`:          "Unexpected close marker '}': expected ']' (for Array starting at " + source + "line: 1, column: 1])\n at " + source + "line: 1, column: 3]",
		`nothing`:      "Unrecognized token 'nothing': was expecting " + wantValue + "\n at " + source + "line: 1, column: 8]",
		`[[1]`:         "Unexpected end-of-input: expected close marker for Array (start marker at " + source + "line: 1, column: 1])\n at " + source + "line: 1, column: 5]",
	} {
		if got := jsonfault.FindInState([]byte(text)).Error(); got != want {
			t.Errorf("%q:\ngot  %q\nwant %q", text, got, want)
		}
	}
	if fault := jsonfault.FindInState([]byte(`[true]`)); fault != nil {
		t.Errorf("JSON has the fault %q", fault)
	}
}

func TestLongTextsAreCut(t *testing.T) {
	got := reported(strings.Repeat("x", 1000))
	if !strings.Contains(got, "[truncated 500 chars]") || len(got) > 2000 {
		t.Errorf("got %q", got)
	}
}

// FuzzFind: whatever is no JSON has a fault, and what is has none.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{`{}`, `[1,{"a":"\u00e9"}]`, `{"a":-0.1e5}`, `"\ud800"`, "nul", "[[[", "\xff", `{"a"`, "1 2", "-", "1.", "1e"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := reported(string(text))
		if valid := value.Valid(text) == nil; valid != (got == "") {
			t.Errorf("%q: %q", text, got)
		}
		if got == "" && !json.Valid(text) {
			t.Errorf("%q is JSON", text)
		}
	})
}

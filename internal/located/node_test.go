package located_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/internal/located"
)

// read reads one field of a file, and returns what was reported.
func read(t *testing.T, text string, use func(n located.Node)) string {
	t.Helper()
	tree, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	file := located.NewFile("f.json", text)
	root := file.Root(tree)
	field, ok := root.Get("a")
	if !ok {
		t.Fatalf("%s has no a", text)
	}
	use(field)
	if err := file.Err(); err != nil {
		return err.Error()
	}
	return ""
}

func TestValuesThatAreRight(t *testing.T) {
	for _, test := range []struct {
		text string
		use  func(n located.Node) any
		want any
	}{
		{`{"a": "x"}`, func(n located.Node) any { return n.Text() }, "x"},
		{`{"a": ""}`, func(n located.Node) any { return n.AnyText() }, ""},
		{`{"a": true}`, func(n located.Node) any { return n.Flag() }, true},
		{`{"a": 3}`, func(n located.Node) any { return n.Count(3) }, 3},
		{`{"a": "90d"}`, func(n located.Node) any { return n.Duration() }, 90 * 24 * time.Hour},
		{`{"a": 1.5}`, func(n located.Node) any { return n.Duration() }, 1500 * time.Millisecond},
		{"{\n\"a\": 1}", func(n located.Node) any { return n.Line() }, 2},
		{`{"a": [1,  2]}`, func(n located.Node) any { return string(n.JSON()) }, "[1,2]"},
	} {
		if problems := read(t, test.text, func(n located.Node) {
			if got := test.use(n); got != test.want {
				t.Errorf("%s: got %v, want %v", test.text, got, test.want)
			}
		}); problems != "" {
			t.Errorf("%s: %s", test.text, problems)
		}
	}
}

func TestValuesThatAreWrong(t *testing.T) {
	for _, test := range []struct {
		text string
		use  func(n located.Node)
		want string
	}{
		{`{"a": 1}`, func(n located.Node) { n.Text() }, "f.json:1: a is a number; it must be a text"},
		{`{"a": ""}`, func(n located.Node) { n.Text() }, "a is empty"},
		{`{"a": "true"}`, func(n located.Node) { n.Flag() }, "a is a string; it must be true or false"},
		{`{"a": 1.0}`, func(n located.Node) { n.Count(0) }, "a is 1.0; it must be a whole number of at least 0"},
		{`{"a": 99999999999}`, func(n located.Node) { n.Count(0) }, "it must be a whole number"},
		{`{"a": [1]}`, func(n located.Node) { n.Count(0) }, "a is an array; it must be a whole number"},
		{`{"a": -1}`, func(n located.Node) { n.Duration() }, "a is not right: -1s is negative"},
		{`{"a": {}}`, func(n located.Node) { n.Duration() }, "a is an object; it must be a duration"},
		{`{"a": "soon"}`, func(n located.Node) { n.Duration() }, `"soon" is not a duration`},
		{"{\"a\": {\"b\":\n[{\"c/d\": null}]}}", func(n located.Node) {
			b, _ := n.Get("b")
			for _, item := range b.Items() {
				item.Only("e", "f")
			}
		}, "f.json:2: a.b[0].c/d is not known; there are e, f"},
		{`{"a": null}`, func(n located.Node) {
			for range n.Items() {
				t.Error("null has items")
			}
		}, "a is null; it must be a list"},
	} {
		if got := read(t, test.text, test.use); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.text, got, test.want)
		}
	}
}

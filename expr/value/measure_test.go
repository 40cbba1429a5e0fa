package value_test

import (
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

func TestMeasure(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `false`, `-1.50`, `""`, `"a\"b\\\n\u0001é😀"`, `[]`, `[1]`, `[1,[2,"x"],{}]`, `{"a\n":{"b":null},"c":[true,false]}`, string(document),
	} {
		v := parse(t, text)
		want := len(value.Append(nil, v))
		if size, ok := value.Measure(v, want); !ok || size != want {
			t.Errorf("%.40s: %d, %v; want %d", text, size, ok, want)
		}
		if _, ok := value.Measure(v, want-1); ok {
			t.Errorf("%.40s: fits into %d bytes", text, want-1)
		}
	}
	if size, ok := value.Measure("\xff", 5); !ok || size != len(value.AppendString(nil, "\xff")) {
		t.Errorf("a byte that is not UTF-8: %d, %v", size, ok)
	}
}

func TestMeasureStopsEarly(t *testing.T) {
	var v any = "x"
	for range 100 { // stands for a text of 2^100 bytes
		v = []any{v, v}
	}
	if _, ok := value.Measure(v, 1<<20); ok {
		t.Error("a text of 2^100 bytes fits into a megabyte")
	}
	v = nil
	for range value.MaxDepth + 1 {
		v = []any{v}
	}
	if _, ok := value.Measure(v, 1<<20); ok {
		t.Error("nested deeper than Parse reads")
	}
	if _, ok := value.Measure(parse(t, strings.Repeat("[", 1000)+strings.Repeat("]", 1000)), 1<<20); !ok {
		t.Error("nested as deep as Parse reads")
	}
}

// TestExceeds: a text that is too long is not written to find that out.
func TestExceeds(t *testing.T) {
	array := []any{value.Number("12"), "ab"} // [12,"ab"]
	written := value.Of(array)
	written.Text()
	for name, doc := range map[string]*value.Document{
		"a text": value.Text([]byte(`[12,"ab"]`)), "a value": value.Of(array), "a value that was written": written,
	} {
		if doc.Exceeds(9) || !doc.Exceeds(8) {
			t.Errorf("%s of 9 bytes: exceeds 9 %v, exceeds 8 %v", name, doc.Exceeds(9), doc.Exceeds(8))
		}
	}
	var deep any
	for range value.MaxDepth + 1 {
		deep = []any{deep}
	}
	if !value.Of(deep).Exceeds(1 << 20) {
		t.Error("a value that is nested too deep does not exceed anything")
	}
}

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

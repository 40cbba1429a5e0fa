package value_test

import (
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

// TestItems: the elements of an array have the texts that they would have if
// each was written alone, whether the array came as a text or as a value.
func TestItems(t *testing.T) {
	for _, text := range []string{
		`[]`, `[1]`, `[[]]`, `[{}]`, `[1,2,3]`, `[null,true,false]`, `["a,b","c]d","e\"f","\\"]`,
		`[{"a":[1,{"b":"}"}]},[["x"],[]],"y",-1.5e+10]`, `[ 1 , { "a" : 2 } ]`, `["\u0041\/"]`,
	} {
		parsed := value.Text([]byte(text))
		made := value.Of(parsed.Value())
		unwritten := value.Of(parsed.Value())
		made.Text()
		for name, d := range map[string]*value.Document{"text": parsed, "value": made, "value without a text": unwritten} {
			items, ok := d.Items()
			if !ok {
				t.Fatalf("%s is no array", text)
			}
			for i, v := range parsed.Value().([]any) {
				got, ok := items.Next()
				if want := value.Of(v); !ok || string(got.Text()) != string(want.Text()) || string(got.Compact()) != string(want.Text()) || !value.Equal(got.Value(), v) {
					t.Errorf("%s as a %s: element %d is %s, want %s", text, name, i, got.Text(), want.Text())
				}
			}
			if d, ok := items.Next(); ok {
				t.Errorf("%s as a %s has an element more: %s", text, name, d.Text())
			}
		}
	}
	for _, text := range []string{`{}`, `1`, `"[1]"`, `null`} {
		if _, ok := value.Text([]byte(text)).Items(); ok {
			t.Errorf("%s is an array", text)
		}
	}
}

package value_test

import (
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/expr/value"
)

func TestMembers(t *testing.T) {
	for text, want := range map[string][]string{
		`{}`:                               nil,
		" { } ":                            nil,
		`{"a":1}`:                          {"a", "1"},
		`{ "a" : "x" , "b" : [1, {}] } `:   {"a", `"x"`, "b", "[1, {}]"},
		`{"a":1,"a":2,"":null}`:            {"a", "1", "a", "2", "", "null"},
		`{"\u0061\n":{"a":{"b":-1.5e+3}}}`: {"a\n", `{"a":{"b":-1.5e+3}}`},
	} {
		var got []string
		if err := value.Members([]byte(text), func(name string, v []byte) bool {
			got = append(got, name, string(v))
			return true
		}); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}

func TestElements(t *testing.T) {
	for text, want := range map[string][]string{
		`[]`:                      nil,
		" [ ] ":                   nil,
		`[1]`:                     {"1"},
		` [ "a" , [ 1 ],{"b":2}]`: {`"a"`, "[ 1 ]", `{"b":2}`},
	} {
		var got []string
		if err := value.Elements([]byte(text), func(v []byte) bool {
			got = append(got, string(v))
			return true
		}); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}

// TestPartsStop: what is behind the part that was looked for is not read.
func TestPartsStop(t *testing.T) {
	calls := 0
	once := func() bool { calls++; return false }
	if err := value.Members([]byte(`{"a":1,"b"`), func(string, []byte) bool { return once() }); err != nil {
		t.Error(err)
	}
	if err := value.Elements([]byte(`[1,`), func([]byte) bool { return once() }); err != nil || calls != 2 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// FuzzParts: the parts of a text are there exactly if it is valid, and together are
// what Parse reads.
func FuzzParts(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2],"b":{"c":"d"}}`, `[1,"\ud800",{"a":null}]`, `{"a":1}x`, `[1,]`, ` {"a" :1 , "\"":2}`, `"a"`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		whole, wrong := value.Parse(text)
		o := value.NewObject(0)
		err := value.Members(text, func(name string, v []byte) bool {
			part, err := value.Parse(v)
			if err != nil {
				t.Fatalf("%q: the member %q is %q: %v", text, name, v, err)
			}
			o.Set(name, part)
			return true
		})
		array := []any{}
		if err != nil {
			err = value.Elements(text, func(v []byte) bool {
				part, err := value.Parse(v)
				if err != nil {
					t.Fatalf("%q: an element is %q: %v", text, v, err)
				}
				array = append(array, part)
				return true
			})
		}
		switch whole := whole.(type) {
		case *value.Object:
			if err == nil && !value.Equal(whole, o) {
				t.Errorf("%q has the members %q", text, value.Append(nil, o))
			}
		case []any:
			if err == nil && !value.Equal(whole, array) {
				t.Errorf("%q has the elements %q", text, value.Append(nil, array))
			}
		default:
			if err == nil {
				t.Errorf("%q has parts", text)
			}
			return
		}
		if (err == nil) != (wrong == nil) {
			t.Errorf("%q: %v, but as a whole %v", text, err, wrong)
		}
	})
}

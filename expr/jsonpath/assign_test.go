package jsonpath_test

import (
	"errors"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

func TestAssign(t *testing.T) {
	for _, c := range []struct{ path, root, want string }{
		{`$`, `{"a":1}`, `"V"`},
		{`$.a`, `{"a":1,"b":2}`, `{"a":"V","b":2}`},
		{`$.c`, `{"a":1}`, `{"a":1,"c":"V"}`},
		{`$.a.b.c`, `{}`, `{"a":{"b":{"c":"V"}}}`},
		{`$['a b'].c`, `{"a b":{"d":1}}`, `{"a b":{"d":1,"c":"V"}}`},
		{`$.a.b`, `{"a":null}`, `{"a":{"b":"V"}}`},
		{`$[1]`, `[1,2,3]`, `[1,"V",3]`},
		{`$.a[0].b`, `{"a":[{"c":1}]}`, `{"a":[{"c":1,"b":"V"}]}`},
	} {
		root := parse(t, c.root)
		before := string(value.Append(nil, root))
		v, err := compile(t, c.path).Assign(root, "V")
		if err != nil {
			t.Errorf("%s in %s: %v", c.path, c.root, err)
			continue
		}
		if got := string(value.Append(nil, v)); got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.path, c.root, got, c.want)
		}
		if after := string(value.Append(nil, root)); after != before {
			t.Errorf("%s changed its root from %s to %s", c.path, before, after)
		}
	}
}

func TestAssignErrors(t *testing.T) {
	for _, c := range []struct{ path, root, want string }{
		{`$.a`, `"text"`, `Unable to apply ReferencePath $.a to input "text"`},
		{`$.a`, `null`, `Unable to apply ReferencePath $.a to input null`},
		{`$.a`, `[1]`, `Unable to apply ReferencePath $.a to input [1]`},
		{`$.a.b`, `{"a":7}`, `Unable to apply ReferencePath $.a.b to input {"a":7}`},
		{`$.a[0]`, `{"a":{}}`, `Unable to apply ReferencePath $.a[0] to input {"a":{}}`},
		{`$.a[0]`, `{}`, `Unable to apply ReferencePath $.a[0] to input {}`},
		{`$[1]`, `[5]`, `Unable to apply ReferencePath $[1] to input [5]`},
	} {
		_, err := compile(t, c.path).Assign(parse(t, c.root), "V")
		var failure *jsonpath.AssignError
		if !errors.As(err, &failure) || err.Error() != c.want {
			t.Errorf("%s in %s: %v, want %s", c.path, c.root, err, c.want)
		}
	}
	if _, err := compile(t, `$..a`).Assign(nil, "V"); err == nil {
		t.Error("a path that is no reference path was written to")
	}
}

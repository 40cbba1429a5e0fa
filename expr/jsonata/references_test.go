package jsonata_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonata"
)

// references is what an expression refers to, in short: names of the context,
// then variables with the members that are read of them ("*": the whole), and
// a ! behind those that are functions, too.
func references(t *testing.T, text string) string {
	t.Helper()
	expr, err := jsonata.Compile(text, jsonata.Options{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	found := expr.References()
	parts := append([]string{}, found.Context...)
	for _, v := range found.Variables {
		members := v.Members
		if v.Whole {
			members = append(members, "*")
		}
		mark := ""
		if v.Function {
			mark = "!"
		}
		parts = append(parts, fmt.Sprintf("$%s%s%v", v.Name, mark, members))
	}
	return strings.Join(parts, " ")
}

func TestReferences(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`name`, `name`},
		{`name[0].first.last`, `name`},
		{`-name + other - name`, `name other`},
		{`[name, {other: third}]`, `name other third`},
		{`name ~> $f(other)`, `name other $f[*]`},
		{`(name).(other)`, `name`},
		{`$v.a ? name : other`, `name other $v[a]`},
		{`$map($v, function($x, $i) { $x.a & $i & name })`, `name $map![*] $v[*]`},
		{`name[other > 1]^(third){fourth: $sum(fifth)}`, `name $sum![*]`},
		{`$v ~> |name|{"a": other}, third|`, `$v[*]`},
		{`$`, `$`},
		{`$.a + $v[$ > 1].b`, `$ $v[*]`},
		{`$$.a`, `$$`},
		{`$v[a = $$.b]`, `$$ $v[*]`},
		{`$v.a.b[$w.c = a].d`, `$v[a] $w[c]`},
		{`$v.a + $v.b + $v.a`, `$v[a b]`},
		{`$v.a + $v`, `$v[a *]`},
		{`$v["a"] & $w[0].a`, `$v[*] $w[*]`},
		{`$v.*`, `$v[*]`},
		{`$v.a[0]`, `$v[a]`},
		{`"$v.a" & /\$w/.match & 'name'`, ``},
		{`($x := $v; $y := $x + 1; $y + $z)`, `$v[*] $z[*]`},
		{`($f := function($n) { $n = 0 ? 1 : $n * $f($n - 1) }; $f(3))`, ``},
		{`($x := $x + 1; $x)`, `$x[*]`},
		{`($x := 1) + $x`, `$x[*]`},
		{`$x := 1`, ``},
		{`$v.a@$p.b#$i[$p.c = $i].{"x": $p, "y": $q}`, `$v[a] $q[*]`},
		{`**.name`, ``},
		{`$f(?, name)`, `name $f[*]`},
		{`name ?? $v.a ?: other`, `name other $v[a]`},
		{`$lookup($v, "a")`, `$lookup![*] $v[*]`},
	} {
		if got := references(t, c.expr); got != c.want {
			t.Errorf("%s refers to %q, want %q", c.expr, got, c.want)
		}
	}
}

package jsonpath_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

// store is what most tests look into.
const store = `{
	"a": {"b": {"c": 7}, "sub-values": [1, 2], "it's": "quoted", "n": null},
	"list": [10, 11, 12, 13],
	"users": [
		{"name": "Ann", "age": 31, "tags": ["x"], "active": true},
		{"name": "bob", "age": 17, "tags": [], "active": false},
		{"name": "Cy", "age": 64.5, "nick": null}
	],
	"empty": {}, "length": "a member"
}`

func TestFind(t *testing.T) {
	root := parse(t, store)
	for _, c := range []struct{ path, want string }{
		{`$.a.b.c`, `7`},
		{`$['a']["b"].c`, `7`},
		{`$.a.['b']`, `{"c":7}`},
		{`$[ 'a' ][ 'b' ]`, `{"c":7}`},
		{`$.a.sub-values[0]`, `1`},
		{`$.a['it\'s']`, `"quoted"`},
		{`$.a["it's"]`, `"quoted"`},
		{`$.a.n`, `null`},
		{`$.length`, `"a member"`},
		{`$.list[0]`, `10`},
		{`$.list[-1]`, `13`},
		{`$.list[0,2]`, `[10,12]`},
		{`$.list[0, -1, 9]`, `[10,13]`},
		{`$.list[1:]`, `[11,12,13]`},
		{`$.list[:2]`, `[10,11]`},
		{`$.list[-2:]`, `[12,13]`},
		{`$.list[:-1]`, `[10,11,12]`},
		{`$.list[1:3]`, `[11,12]`},
		{`$.list[3:1]`, `[]`},
		{`$.list[1:99]`, `[11,12,13]`},
		{`$.list[*]`, `[10,11,12,13]`},
		{`$.a.b.*`, `[7]`},
		{`$.users[*].name`, `["Ann","bob","Cy"]`},
		{`$.users[:1].name`, `["Ann"]`},
		{`$.users[*]['name','nick']`, `[{"name":"Ann"},{"name":"bob"},{"name":"Cy","nick":null}]`},
		{`$['list','empty','none']`, `{"list":[10,11,12,13],"empty":{}}`},
		{`$['a','empty'].n`, `[null]`},
		{`$..c`, `[7]`},
		{`$..name`, `["Ann","bob","Cy"]`},
		{`$..['name']`, `["Ann","bob","Cy"]`},
		{`$.users..tags[0]`, `["x"]`},
		{"$.a.b.c \t\n", `7`},
		{`$.list[0] `, `10`},
		{`$.a..*`, `[{"c":7},[1,2],"quoted",null,7,1,2]`},
		// what is missing is passed over by an indefinite path
		{`$.missing[*]`, `[]`},
		{`$.missing[1:]`, `[]`},
		{`$.empty[*]`, `[]`},
		{`$.list[*].x`, `[]`},
		{`$.a.b.c[*]`, `[]`},
		{`$.list.x[*]`, `[]`},
	} {
		check(t, root, c.path, c.want)
	}
}

func TestFilters(t *testing.T) {
	root := parse(t, store)
	for _, c := range []struct{ path, want string }{
		{`$.users[?(@.age > 30)].name`, `["Ann","Cy"]`},
		{`$.users[?(@.age>=31&&@.age<=31)].name`, `["Ann"]`},
		{`$.users[?(@.age < 18)].name`, `["bob"]`},
		{`$.users[?(@.age == 31.0)].name`, `["Ann"]`},
		{`$.users[?(31 == @.age)].name`, `["Ann"]`},
		{`$.users[?(@.name == 'bob')].age`, `[17]`},
		{`$.users[?(@.name == "bob")].age`, `[17]`},
		{`$.users[?(@.name == bob)].age`, `[17]`},
		{`$.users[?(bob == @.name)].age`, `[17]`},
		{`$.users[?(@.name == nullable || @.name == no-one-1)].age`, `[]`},
		{`$.users[(@.length-1)].name`, `"Cy"`},
		{`$.users[( @.length -3 )].name`, `"Ann"`},
		{`$.users[?(@['name'] < 'b')].name`, `["Ann","Cy"]`},
		{`$.users[?(@.active)].name`, `["Ann","bob"]`},
		{`$.users[?(@.active == true)].name`, `["Ann"]`},
		{`$.users[?(!@.active)].name`, `["Cy"]`},
		{`$.users[?(@.nick)].name`, `["Cy"]`},
		{`$.users[?(@.nick == null)].name`, `["Cy"]`},
		{`$.users[?(@.active != true)].name`, `["bob","Cy"]`},
		{`$.users[?(@.tags[0] == 'x')].name`, `["Ann"]`},
		{`$.users[?(@.tags[*])].name`, `["Ann"]`},
		{`$.users[?(@.age > 20 && (@.name == 'Cy' || !@.nick))].name`, `["Ann","Cy"]`},
		{`$.users[?(!(@.age > 20))].name`, `["bob"]`},
		{`$.users[?(@.age > '20')].name`, `[]`},
		{`$.users[?(@.name =~ /[A-Z].+/)].name`, `["Ann","Cy"]`},
		{`$.users[?(@.name =~ /BOB/i)].name`, `["bob"]`},
		{`$.users[?(@.name =~ /o/)].name`, `[]`},
		{`$.users[?(@.age =~ /3\d/)].name`, `["Ann"]`},
		{`$.users[?(@.name =~ /a\/b/)].name`, `[]`},
		{`$.users[?(@.missing =~ /x/)].name`, `[]`},
		{`$.a.b[?(@.c == 7)]`, `[{"c":7}]`},
		{`$..[?(@.c)]`, `[{"c":7}]`},
		{`$.list[?(@.x)]`, `[]`},
		{`$.users[?(@.tags == 1)]`, `[]`},
		// only objects and arrays meet a condition
		{`$.list[?(@ > 10)]`, `[]`},
		{`$.list[?(@ == 10)]`, `[]`},
		{`$.list[?(@)]`, `[]`},
		{`$.users[?(@ && @.age < 18)].name`, `["bob"]`},
		{`$.users[?(@ != null)].name`, `["Ann","bob","Cy"]`},
	} {
		check(t, root, c.path, c.want)
	}
}

// Both sides of a comparison may be paths; $ is the root of what the path looks
// into. What is missing on either side is equal to nothing.
func TestPathsInFilters(t *testing.T) {
	root := parse(t, `{"wanted": 2, "names": ["b", "c"], "rows": [
		{"id": 1, "name": "a", "first": "a"}, {"id": 2, "name": "b", "first": "x"}, {"id": 3, "name": "c"}]}`)
	for _, c := range []struct{ path, want string }{
		{`$.rows[?(@.id == $.wanted)].name`, `["b"]`},
		{`$.rows[?(@.id>=$.wanted)].name`, `["b","c"]`},
		{`$.rows[?($['wanted'] != @.id)].name`, `["a","c"]`},
		{`$.rows[?(@.name == $.names[1])].id`, `[3]`},
		{`$.rows[?(@.name == @.first)].id`, `[1]`},
		{`$.rows[?(@.id == $.missing)].name`, `[]`},
		{`$.rows[?($.names[?(@.x)])].name`, `[]`},
		{`$.rows[?($.rows[?(@.id == $.wanted)])].id`, `[1,2,3]`},
	} {
		check(t, root, c.path, c.want)
	}
}

// A literal without quotes goes on to a blank, an operator or a bracket.
func TestWordsInFilters(t *testing.T) {
	root := parse(t, `{"settings": [
		{"key": "/site/eu-1/size", "value": 1}, {"key": "zone.of-table", "value": 2}, {"key": "ann@example.org", "value": 3},
		{"key": "2024-02-03T10:00:00Z", "value": 4}, {"key": "10.0.0.1", "value": 5}, {"key": "arn:aws:sns:eu-1:7:t", "value": 6},
		{"key": "v2*", "value": 7}, {"key": 10.0, "value": 8}, {"key": "-", "value": 9}, {"key": "#$%", "value": 10}]}`)
	for _, c := range []struct{ condition, want string }{
		{`@.key==/site/eu-1/size`, `[1]`},
		{`@.key == zone.of-table`, `[2]`},
		{`@.key==ann@example.org || @.key==2024-02-03T10:00:00Z`, `[3,4]`},
		{`10.0.0.1==@.key`, `[5]`},
		{`(@.key==arn:aws:sns:eu-1:7:t)&&@.value>=6`, `[6]`},
		{`@.key==v2*`, `[7]`},
		{`@.key==10`, `[8]`},
		{`@.key==-`, `[9]`},
		{`@.key==#$%`, `[10]`},
		{`@.key > z`, `[2]`},
		{`@.value > 9.`, `[10]`},
		{`@.value<+2 && @.value > .5`, `[1]`},
		{`@.value == 03 || @.value==.1e2`, `[3,10]`},
		{`@.value > -.5 && @.value < 1.5e0`, `[1]`},
		{`@.key == .`, `[]`},
	} {
		check(t, root, `$.settings[?(`+c.condition+`)].value`, c.want)
	}
}

// A backslash takes what follows it into a name without quotes.
func TestEscapedNames(t *testing.T) {
	root := parse(t, `{"a.b": {"c[0]": 1}, "a": {"b": 2}, "x@y": 3, "what?": 4, "back\\": 5}`)
	for _, c := range []struct{ path, want string }{
		{`$.a\.b.c\[0\]`, `1`},
		{`$.\a.\b`, `2`},
		{`$.x\@y`, `3`},
		{`$.what\?`, `4`},
		{`$.back\\`, `5`},
		{`$.back\`, `5`},
		{`$..c\[0\]`, `[1]`},
	} {
		check(t, root, c.path, c.want)
	}
	if !compile(t, `$.a\.b.c\[0\]`).IsReference() {
		t.Error("a path with escaped names is no reference path")
	}
}

func TestNotFound(t *testing.T) {
	root := parse(t, store)
	for _, c := range []struct {
		path   string
		reason jsonpath.Reason
		want   string
	}{
		{`$.x`, jsonpath.NoResults, `Invalid path '$.x' : No results for path: $['x']`},
		{`$.a.b.x`, jsonpath.NoResults, `Invalid path '$.a.b.x' : No results for path: $['a']['b']['x']`},
		{`$['a'].x.y.z`, jsonpath.MissingProperty, `Invalid path '$['a'].x.y.z' : Missing property in path $['a']['x']`},
		{`$.list[4]`, jsonpath.NoResults, `Invalid path '$.list[4]' : No results for path: $['list'][4]`},
		{`$.list[-5].x`, jsonpath.NoResults, `Invalid path '$.list[-5].x' : No results for path: $['list'][-5]['x']`},
		{`$.a[0]`, jsonpath.NotAnArray, `Invalid path '$.a[0]' : Filter: [0] can only be applied to arrays. Current context is: {b={c=7}, sub-values=[1, 2], it's=quoted, n=null}`},
		{`$.a.n[0]`, jsonpath.NotAnArray, `Invalid path '$.a.n[0]' : The path $['a']['n'] is null`},
		{`$.list.x`, jsonpath.NotAnObject, `Invalid path '$.list.x' : Property ['x'] not found in path $['list']`},
		{`$.list['x','y']`, jsonpath.NotAnObject, `Invalid path '$.list['x','y']' : Property ['x', 'y'] not found in path $['list']`},
		{`$.list.length()`, jsonpath.NotAnObject, `Invalid path '$.list.length()' : Property ['length()'] not found in path $['list']`},
		{`$.a.length()`, jsonpath.NoResults, `Invalid path '$.a.length()' : No results for path: $['a']['length()']`},
	} {
		_, err := compile(t, c.path).Find(root)
		var missing *jsonpath.NotFoundError
		if !errors.As(err, &missing) {
			t.Errorf("%s: %v, want a NotFoundError", c.path, err)
			continue
		}
		if missing.Reason != c.reason || err.Error() != c.want {
			t.Errorf("%s:\n  is   %v %s\n  want %v %s", c.path, missing.Reason, err, c.reason, c.want)
		}
	}
}

func TestNotFoundWordings(t *testing.T) {
	_, err := compile(t, `$.a.x`).Find(parse(t, `{"a":{"y":1}}`))
	var missing *jsonpath.NotFoundError
	if !errors.As(err, &missing) {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want string }{
		{missing.Template("v.$", []byte(`{"q":0}`)), `The JSONPath '$.a.x' specified for the field 'v.$' could not be found in the input '{"q":0}'`},
		{missing.Argument([]byte(`{"q":0}`)), `The JsonPath argument for the field '$.a.x' could not be found in the input '{"q":0}'`},
		{missing.Reference([]byte(`{"q":0}`)), `Unable to apply step "x" to input {"q":0}`},
	} {
		if c.got != c.want {
			t.Errorf("is   %s\nwant %s", c.got, c.want)
		}
	}
}

// A backslash before the other kind of quote stands for itself.
func TestQuotedNames(t *testing.T) {
	root := parse(t, `{"a\\\"b\"": 1, "it's": 2, "back\\slash": 3}`)
	check(t, root, `$['a\"b"']`, `1`)
	check(t, root, `$["it's"]`, `2`)
	check(t, root, `$['back\\slash']`, `3`)
}

type scope struct{ input, context any }

func (s scope) Input() any   { return s.input }
func (s scope) Context() any { return s.context }
func (s scope) Variable(name string) (any, bool) {
	if name == "known" {
		return s.context, true
	}
	return nil, false
}

func TestRoots(t *testing.T) {
	s := scope{parse(t, `{"x":"input"}`), parse(t, `{"x":"context"}`)}
	for _, c := range []struct {
		path     string
		root     jsonpath.Root
		variable string
		want     string
	}{
		{`$`, jsonpath.InputRoot, "", `{"x":"input"}`},
		{`$.x`, jsonpath.InputRoot, "", `"input"`},
		{`$$`, jsonpath.ContextRoot, "", `{"x":"context"}`},
		{`$$.x`, jsonpath.ContextRoot, "", `"context"`},
		{`$$['x']`, jsonpath.ContextRoot, "", `"context"`},
		{`$known`, jsonpath.VariableRoot, "known", `{"x":"context"}`},
		{`$known.x`, jsonpath.VariableRoot, "known", `"context"`},
		{`$known[*]`, jsonpath.VariableRoot, "known", `["context"]`},
	} {
		path := compile(t, c.path)
		if path.Root() != c.root || path.Variable() != c.variable || path.String() != c.path {
			t.Errorf("%s: root %v, variable %q, text %s", c.path, path.Root(), path.Variable(), path)
		}
		v, err := path.Eval(s)
		if err != nil || string(value.Append(nil, v)) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.path, value.Append(nil, v), err, c.want)
		}
	}

	_, err := compile(t, `$unknown.x`).Eval(s)
	var missing *jsonpath.NotFoundError
	if !errors.As(err, &missing) || missing.Reason != jsonpath.NoVariable {
		t.Errorf("$unknown: %v", err)
	}
	if got := missing.Reference(nil); got != "Invalid path '$unknown.x' : No variable named unknown" {
		t.Errorf("$unknown: %s", got)
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		path                string
		definite, reference bool
	}{
		{`$`, true, true}, {`$.a.b`, true, true}, {`$['a'][0]`, true, true}, {`$$.x`, true, true}, {`$v[3].x`, true, true},
		{`$[-1]`, true, false}, {`$['a','b']`, true, false}, {`$.a.length()`, true, false},
		{`$['a','b'].c`, false, false}, {`$[0,1]`, false, false}, {`$[1:]`, false, false}, {`$.*`, false, false},
		{`$..a`, false, false}, {`$[?(@.x)]`, false, false},
	} {
		path := compile(t, c.path)
		if path.IsDefinite() != c.definite || path.IsReference() != c.reference {
			t.Errorf("%s: definite %v, reference %v", c.path, path.IsDefinite(), path.IsReference())
		}
		_, err := jsonpath.CompileReference(c.path)
		if (err == nil) != c.reference {
			t.Errorf("CompileReference(%s): %v", c.path, err)
		}
	}
	if got := compile(t, `$.a["b"][0][1,2][1:][*]..c[?(@.x)]`).Canonical(); got != `$['a']['b'][0][1,2][1:][*]..['c'][?]` {
		t.Errorf("canonical form %s", got)
	}
}

func TestCompileErrors(t *testing.T) {
	for _, c := range []struct {
		path   string
		column int
		says   string
	}{
		{``, 1, "begins with '$'"},
		{`a.b`, 1, "begins with '$'"},
		{` $`, 1, "begins with '$'"},
		{`$.`, 3, "a member name is missing before end"},
		{`$..`, 4, "a member name is missing"},
		{`$...a`, 4, "a member name is missing"},
		{`$.a b`, 4, "unexpected ' '"},
		{`$é.ü x`, 5, "unexpected ' '"},
		{`$1`, 2, "unexpected '1'"},
		{`$-a`, 2, "unexpected '-'"},
		{`$.a]`, 4, "unexpected ']'"},
		{`$[`, 3, "should follow '['"},
		{`$[0`, 2, "is not closed"},
		{`$[0x]`, 4, "unexpected 'x' before ']'"},
		{`$['a`, 3, "has no end"},
		{`$['a',]`, 7, "a quoted name"},
		{`$[a]`, 3, "should follow '['"},
		{`$[0,]`, 5, "a number should follow ','"},
		{`$[-]`, 3, "not a number of an item"},
		{`$[99999999999]`, 3, "not a number of an item"},
		{`$[0:4:2]`, 6, "a slice with a step"},
		{`$[(@.length)]`, 3, "write [-1] instead"},
		{`$[(@.size-1)]`, 3, "write [-1] instead"},
		{`$[(@.length-0)]`, 3, "a number above 0"},
		{`$[(@.length-1]`, 3, "a number above 0"},
		{`$[(@.length-99999999999)]`, 12, "not a number of an item"},
		{`$.a.length(`, 11, "is not closed"},
		{`$[?@.x]`, 4, "round brackets"},
		{`$[?(@.x]`, 8, "not ']'"},
		{`$[?(@.x)`, 2, "is not closed"},
		{`$[?(@.x == $.)]`, 14, "a member name is missing"},
		{`$[?(@.x in ['a'])]`, 9, "an operator or ')'"},
		{`$[?(foo)]`, 5, "a value alone"},
		{`$[?(@.x == ?)]`, 12, "a value should stand here"},
		{`$[?(1)]`, 5, "no condition"},
		{`$[?(@.x == )]`, 12, "a value should stand here"},
		{`$[?(@.x == [1])]`, 12, "a value should stand here"},
		{`$[?(@.x == in)]]`, 16, "unexpected ']'"},
		{`$[?(@.x =~ 'a')]`, 12, "between slashes"},
		{`$[?(@.x =~ /a)]`, 12, "has no end"},
		{`$[?(@.x =~ /(?=a)/)]`, 12, "not a regular expression"},
		{`$[?(@.x || )]`, 12, "should stand here"},
		{`$[?(` + strings.Repeat("(", 60), 54, "nested too deep"},
		{`$` + strings.Repeat(".a", 1001), 2004, "too long"},
	} {
		_, err := jsonpath.Compile(c.path)
		var syntax *jsonpath.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: %v, want a SyntaxError", c.path, err)
			continue
		}
		if syntax.Column() != c.column || !strings.Contains(syntax.Msg, c.says) {
			t.Errorf("%.40s: %q at column %d, want %q at %d", c.path, syntax.Msg, syntax.Column(), c.says, c.column)
		}
	}
}

func TestBudget(t *testing.T) {
	deep := strings.Repeat(`[`, 500) + strings.Repeat(`]`, 500)
	_, err := compile(t, `$..*..*..*`).Find(parse(t, deep))
	var budget *jsonpath.BudgetError
	if !errors.As(err, &budget) {
		t.Fatalf("got %v, want a BudgetError", err)
	}
	if !strings.Contains(err.Error(), "1000000") {
		t.Error(err)
	}
}

func TestBudgetIsShared(t *testing.T) {
	s := scope{input: parse(t, "["+strings.Repeat("0,", 1000)+"0]")}
	path := compile(t, `$..x`)
	var budget jsonpath.Budget
	evaluations := 0
	for ; evaluations < 2000; evaluations++ {
		if _, err := path.EvalWithin(s, &budget); err != nil {
			break
		}
	}
	if evaluations < 900 || evaluations > 1000 {
		t.Errorf("the budget lasts for %d evaluations of 1000 values", evaluations)
	}
}

func TestFindAllocatesNothing(t *testing.T) {
	root := parse(t, store)
	path := compile(t, `$.users[0].tags`)
	var s jsonpath.Scope = scope{input: root}
	allocations := testing.AllocsPerRun(100, func() {
		if _, err := path.Eval(s); err != nil {
			t.Fatal(err)
		}
	})
	if allocations != 0 {
		t.Errorf("a definite path allocates %v times", allocations)
	}
}

func check(t *testing.T, root any, path, want string) {
	t.Helper()
	v, err := compile(t, path).Find(root)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	if got := string(value.Append(nil, v)); got != want {
		t.Errorf("%s:\n  is   %s\n  want %s", path, got, want)
	}
}

func compile(t testing.TB, text string) *jsonpath.Path {
	t.Helper()
	path, err := jsonpath.Compile(text)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func parse(t testing.TB, text string) any {
	t.Helper()
	v, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

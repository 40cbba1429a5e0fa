package intrinsic_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/asl/intrinsic"
	"github.com/fermata-dev/fermata/expr/value"
)

const input = `{
	"name": "Ann", "n": 4, "f": 2.5, "t": true, "null": null, "big": 3000000000, "text": "a,b;c", "template": "{} and \\{{}\\}",
	"list": [3, 1, 3.0, "3", null, [1], [1.0], {"a": 1, "b": 2}, {"b": 2, "a": 1}], "letters": ["a", "b", "c", "d", "e"],
	"object": {"a": {"x": 1}, "b": 2}, "other": {"a": {"y": 2}, "c": 3}, "json": "{\"k\": [1, 2.0]}"
}`

type scope struct{ input any }

func (s scope) Input() any   { return s.input }
func (s scope) Context() any { o := value.NewObject(1); o.Set("id", "ctx"); return o }
func (s scope) Variable(name string) (any, bool) {
	return "of " + name, name == "v"
}

type random float64

func (r random) UUID() string     { return "8c1e5a52-5d0f-4f3c-9d61-0a6bb5a3d1f7" }
func (r random) Float64() float64 { return float64(r) }

func TestFunctions(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		{`States.Format('no braces')`, `"no braces"`},
		{"States.Format('blanks behind') \n\t", `"blanks behind"`},
		{`States.Format('{}', $.name)`, `"Ann"`},
		{`States.Format('{}{} x {}', 1, 'b', null)`, `"1b x null"`},
		{`States.Format('{} {}', true, 2.50)`, `"true 2.50"`},
		{`States.Format('{}', $.object)`, `"{a={x=1}, b=2}"`},
		{`States.Format('{}', States.Array('a', 1, States.Array()))`, `"[a, 1, []]"`},
		{`States.Format('it\'s \{{}\} \\ \{\}', $v)`, `"it's {of v} \\ {}"`},
		{`States.Format($.template, 1, 2)`, `"1 and {2}"`},
		{`States.Format('{}', $$.id)`, `"ctx"`},
		{`States.StringToJson($.json)`, `{"k":[1,2.0]}`},
		{`States.StringToJson('{"a": "b"}')`, `{"a":"b"}`},
		{`States.StringToJson('  ')`, `null`},
		{`States.StringToJson('-0')`, `0`},
		{`States.JsonToString($.object)`, `"{\"a\":{\"x\":1},\"b\":2}"`},
		{`States.JsonToString('a')`, `"\"a\""`},
		{`States.JsonMerge($.object, $.other, 'deep')`, `{"a":{"y":2},"b":2,"c":3}`},
		{`States.JsonMerge($.object, $.other, false)`, `{"a":{"y":2},"b":2,"c":3}`},
		{`States.Array()`, `[]`},
		{`States.Array('Foo', 2020, $.object, null, -1.5e3)`, `["Foo",2020,{"a":{"x":1},"b":2},null,-1.5e3]`},
		{`States.Array( $.name , $['n'] )`, `["Ann",4]`},
		{`States.Array($.letters[1:], $.list[?(@.a == 1 && @.b)].b, ')')`, `[["b","c","d","e"],[2,2],")"]`},
		{`States.ArrayPartition($.letters, 2)`, `[["a","b"],["c","d"],["e"]]`},
		{`States.ArrayPartition($.letters, 2.9)`, `[["a","b"],["c","d"],["e"]]`},
		{`States.ArrayPartition(States.Array(), 3)`, `[]`},
		{`States.ArrayContains($.list, 1)`, `true`},
		{`States.ArrayContains($.list, '1')`, `true`},
		{`States.ArrayContains(States.Array('true', 2), true)`, `true`},
		{`States.ArrayContains(States.Array(0, 1), false)`, `false`},
		{`States.ArrayContains(States.Array($.object), States.JsonMerge($.object, $.object, false))`, `true`},
		{`States.ArrayContains(States.Array(States.StringToJson('{"x":1,"y":2}')), States.StringToJson('{"y":2,"x":1}'))`, `false`},
		{`States.ArrayContains($.list, null)`, `true`},
		{`States.ArrayRange(1, 9, 2)`, `[1,3,5,7,9]`},
		{`States.ArrayRange(5, 1, -2)`, `[5,3,1]`},
		{`States.ArrayRange(3, 3, -1)`, `[3]`},
		{`States.ArrayRange(5, 1, 1)`, `[]`},
		{`States.ArrayRange(1, 5, -1)`, `[]`},
		{`States.ArrayRange(1.6, 1.4, 1)`, `[1]`},
		{`States.ArrayRange(5.4, -0.6, -2.4)`, `[5,3,1]`},
		{`States.ArrayLength(States.ArrayRange(1, 1000, 1))`, `1000`},
		{`States.ArrayLength(States.ArrayRange(1000, 1, -1))`, `1000`},
		{`States.ArrayGetItem($.letters, 4)`, `"e"`},
		{`States.ArrayLength($.letters)`, `5`},
		{`States.ArrayUnique($.list)`, `[null,[1],{"a":1,"b":2},1,3,"3",3.0,[1.0]]`},
		{`States.ArrayUnique(States.Array(true, false, true))`, `[false,true]`},
		{`States.ArrayUnique(States.Array(States.Array(1, 2), States.Array(1, 2), States.Array(2, 1)))`, `[[2,1],[1,2]]`},
		{`States.ArrayUnique(States.Array(1, '1', 1, '01'))`, `[1,"1","01"]`},
		{`States.ArrayUnique(States.Array(17, 'b', 1, 'a'))`, `[17,1,"a","b"]`},
		{`States.ArrayUnique(States.ArrayRange(40, 10, -10))`, `[20,40,10,30]`},
		{`States.ArrayUnique(States.Array(4294967296, -1, 0.5, 18446744073709551616, 'é€'))`, `[-1,0.5,4294967296,18446744073709551616,"é€"]`},
		{`States.ArrayGetItem(States.Array(), 7)`, `null`},
		{`States.ArrayGetItem($.letters, 1.9)`, `"b"`},
		{`States.Base64Encode('Data to encode é')`, `"RGF0YSB0byBlbmNvZGUgw6k="`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGUgw6k=')`, `"Data to encode é"`},
		{`States.Base64Decode('YQ')`, `"a"`},
		{`States.Base64Decode('YQ=')`, `"a"`},
		{`States.Base64Decode(' Y W E = ')`, `"aa"`},
		{`States.Base64Decode('?')`, `""`},
		{`States.Base64Decode('YWFhY')`, `"aaa"`},
		{`States.Base64Decode('YQ==YQ==')`, `"a"`},
		{`States.Base64Decode('w7_Dvw')`, `"ÿÿ"`},
		{`States.Base64Decode('/w==')`, `"�"`},
		{`States.Hash('input data', 'MD5')`, `"812f45842bc6d66ee14572ce20db8e86"`},
		{`States.Hash('input data', 'SHA-1')`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`States.Hash('', 'SHA-256')`, `"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`},
		{`States.Hash(12, 'MD5')`, `"c20ad4d76fe97759aa27a0c99bff6710"`},
		{`States.Hash(States.StringToJson('{}'), 'MD5')`, `"99914b932bd37a50b983c5e7c90ae93b"`},
		{`States.MathAdd(111, -1)`, `110`},
		{`States.MathAdd(1.49, 1.5)`, `3`},
		{`States.MathAdd(-0.5, -2.5)`, `-2`},
		{`States.MathAdd(2147483646, 1)`, `2147483647`},
		{`States.MathRandom(10, 20)`, `15`},
		{`States.MathRandom(-20, -10)`, `-15`},
		{`States.MathRandom(1.6, 5.4)`, `3`},
		{`States.StringSplit($.text, ',;')`, `["a","b","c"]`},
		{`States.StringSplit(',a,,b,', ',')`, `["a","b"]`},
		{`States.StringSplit('abc', '')`, `["abc"]`},
		{`States.StringSplit('', ',')`, `[]`},
		{`States.UUID('ignored', $.n)`, `"8c1e5a52-5d0f-4f3c-9d61-0a6bb5a3d1f7"`},
		{`States.UUID()`, `"8c1e5a52-5d0f-4f3c-9d61-0a6bb5a3d1f7"`},
		{`States.ArrayGetItem(States.StringSplit('a-b-c', '-'), States.MathAdd(States.ArrayLength(States.StringSplit('a-b-c', '-')), -1))`, `"c"`},
	} {
		v, err := eval(t, c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if got := string(value.Append(nil, v)); got != c.want {
			t.Errorf("%s:\n  is   %s\n  want %s", c.expression, got, c.want)
		}
	}
}

func TestInvalidArguments(t *testing.T) {
	for _, expression := range []string{
		`States.Format(1)`, `States.Format($.list)`,
		`States.Format()`, `States.StringToJson()`, `States.StringToJson('1', '2')`, `States.Hash('a')`, `States.MathAdd(1, 2, 3)`, `States.ArrayContains($.letters)`, `States.MathRandom(1)`,
		`States.MathRandom(1, 2, 3, 4)`, `States.JsonMerge()`, `States.ArrayLength(States.JsonToString($.list))`,
		`States.StringToJson(1)`,
		`States.JsonMerge($.object, $.other, true)`, `States.JsonMerge($.object, 1, false)`,
		`States.ArrayPartition('abc', 1)`, `States.ArrayPartition($.letters, 0)`, `States.ArrayPartition($.letters, 0.6)`, `States.ArrayPartition($.letters, -1)`,
		`States.ArrayContains('a', 'a')`,
		`States.ArrayRange('a', 5, 1)`, `States.ArrayRange(1, 'b', 1)`, `States.ArrayRange(1, 5, null)`, `States.ArrayRange(1, 10, 0)`,
		`States.ArrayRange(1, 10, 0.49)`, `States.ArrayRange(1, 1001, 1)`, `States.ArrayRange(1001, 1, -1)`,
		`States.ArrayGetItem(States.Array(), '0')`, `States.ArrayGetItem($.letters, 5)`, `States.ArrayGetItem($.letters, -1)`, `States.ArrayGetItem($.object, 0)`, `States.ArrayGetItem($.letters, '0')`,
		`States.ArrayLength('abc')`, `States.ArrayUnique($.object)`,
		`States.Base64Encode(1)`, `States.Base64Decode(1)`,
		`States.Hash(null, 'MD5')`, `States.Hash('a', 'MD4')`, `States.Hash('a', 1)`,
		`States.MathAdd('a', 1)`, `States.MathAdd(1, null)`, `States.MathAdd(2147483647, 1)`, `States.MathAdd($.big, -2147483648)`,
		`States.MathRandom(1, 1)`, `States.MathRandom(10, 5)`, `States.MathRandom(1.4, 1.6)`, `States.MathRandom('a', 2)`,
		`States.MathRandom(1, 10, 'seed')`, `States.MathRandom(1, 10, null)`, `States.MathRandom(1, 10, 1e300)`,
		`States.StringSplit($.list, ',')`, `States.StringSplit('a', 1)`,
	} {
		name, _, _ := strings.Cut(expression, "(")
		want := "There was an error while evaluating the intrinsic function: " + expression + ". Invalid arguments in " + name
		_, err := eval(t, expression)
		var failure *intrinsic.Error
		if !errors.As(err, &failure) || failure.Name != "States.Runtime" || failure.Cause != want {
			t.Errorf("%s: %v", expression, err)
		}
	}
}

func TestCauses(t *testing.T) {
	for _, c := range []struct{ expression, cause string }{
		{`States.Format('{}')`, `There was an error while evaluating the intrinsic function: States.Format('{}'). Invalid arguments in States.Format: number of arguments do not match the occurrences of {}.`},
		{`States.Format('{', 1)`, `There was an error while evaluating the intrinsic function: States.Format('{', 1). Invalid template in States.Format: matching '}' not found for '{'.`},
		{`States.Format('\{}', 1)`, `There was an error while evaluating the intrinsic function: States.Format('\{}', 1). Invalid template in States.Format: matching '{' not found for '}'.`},
		{`States.StringToJson('{a}')`, "There was an error while evaluating the intrinsic function: States.StringToJson('{a}'). Cannot convert String to Json in States.StringToJson, caused by: " +
			"Unexpected character ('a' (code 97)): was expecting double-quote to start field name\n" +
			" at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]"},
		{`States.Array(States.UUID(),$.x)`, `The function 'States.Array(States.UUID(),$.x)' had the following error: The JsonPath argument for the field '$.x' could not be found in the input '{"a":1}'`},
		{`States.Array($.a[0])`, `The function 'States.Array($.a[0])' had the following error: Filter: [0] can only be applied to arrays. Current context is: 1`},
		{`States.Array($$.no.x)`, `The function 'States.Array($$.no.x)' had the following error: The JsonPath argument for the field '$.no.x' could not be found in the input '{"a":1}'`},
		{`States.Array($nope)`, `The function 'States.Array($nope)' had the following error: The JsonPath argument for the field '$nope' could not be found in the input '{"a":1}'`},
	} {
		_, err := compile(t, c.expression).Eval(scope{parse(t, `{"a": 1}`)}, random(0))
		var failure *intrinsic.Error
		if !errors.As(err, &failure) || failure.Name != "States.Runtime" || failure.Cause != c.cause {
			t.Errorf("%s:\n  is   %v\n  want %s", c.expression, err, c.cause)
		}
	}
	_, err := compile(t, `States.Array($.x)`).Eval(spaced{}, random(0))
	if want := `could not be found in the input '{ }'`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// spaced knows the text of its input.
type spaced struct{ scope }

func (spaced) Input() any        { return value.NewObject(0) }
func (spaced) InputText() []byte { return []byte("{ }") }

// The values are those that java.util.Random gives for these seeds.
func TestSeededRandom(t *testing.T) {
	for _, c := range []struct{ expression, want string }{
		{`States.MathRandom(0, 100, 42)`, `30`},
		{`States.MathRandom(0, 10, 42)`, `0`},
		{`States.MathRandom(0, 999, 3)`, `239`},
		{`States.MathRandom(0, 999, 3.7)`, `239`},
		{`States.MathRandom(1, 10, -10)`, `1`},
		{`States.MathRandom(0, 1073741825, 9)`, `542735596`},
		{`States.MathRandom(0, 1073741825, 11)`, `917721111`},
		{`States.MathRandom(-2000000000, 2000000000, 5)`, `-1157408321`},
		{`States.MathRandom(5, 15, 42)`, `5`},
		{`States.MathRandom(0, 1000, 0)`, `360`},
		{`States.MathRandom(0, 10, 0)`, `0`},
		{`States.MathRandom(0, 100, 1)`, `85`},
		{`States.MathRandom(0, 16, 42)`, `11`},
		{`States.MathRandom(-2147483648, 2147483647, 42)`, `-1170105035`},
	} {
		for range 2 {
			v, err := eval(t, c.expression)
			if err != nil || string(value.Append(nil, v)) != c.want {
				t.Errorf("%s: %v, %v; want %s", c.expression, v, err, c.want)
			}
		}
	}
}

func TestRandomStaysInRange(t *testing.T) {
	for _, r := range []random{-1, 0, 0.999999999999, 1, 2} {
		v, err := compile(t, `States.MathRandom(1, 3)`).Eval(scope{}, r)
		if err != nil || v != value.Number("1") && v != value.Number("2") {
			t.Errorf("%v: %v, %v", r, v, err)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	nested := strings.Repeat("States.Array(", 11) + strings.Repeat(")", 11)
	for _, c := range []struct {
		text   string
		column int
		says   string
	}{
		{``, 1, `there is no function ""`},
		{`$.a`, 1, `there is no function ""`},
		{`States.Nothing()`, 1, `there is no function "States.Nothing"`},
		{`States.Array`, 13, `'(' should follow`},
		{`States.Array (1)`, 13, `'(' should follow`},
		{`States.Array(`, 14, `a path, a function or a value`},
		{`States.Array(1`, 15, `',' or ')'`},
		{`States.Array(1,)`, 16, `a path, a function or a value`},
		{`States.Array(1))`, 16, `behind the call`},
		{"States.UUID() \n)", 16, `behind the call`},
		{`States.Array('a)`, 14, `has no end`},
		{`States.Array("a")`, 14, `a path, a function or a value`},
		{`States.Array('é', $.a b)`, 22, `unexpected ' '`},
		{`States.Array($.a[?(@.x])`, 23, `not ']'`},
		{`States.Array($.a['b)`, 18, `has no end`},
		{`States.Array($.a['b\`, 18, `has no end`},
		{`States.Array('b\`, 14, `has no end`},
		{`States.Array('a\n')`, 16, "can stand only before"},
		{`States.Array(01)`, 14, `not a number`},
		{`States.Array(nulls)`, 18, `',' or ')'`},
		{nested, 131, `nested deeper than 10`},
	} {
		_, err := intrinsic.Compile(c.text)
		var syntax *intrinsic.SyntaxError
		if !errors.As(err, &syntax) || syntax.Column() != c.column || !strings.Contains(syntax.Msg, c.says) {
			t.Errorf("%s: %v, want %q at column %d", c.text, err, c.says, c.column)
		}
	}
}

func TestPaths(t *testing.T) {
	e := compile(t, `States.Array($.a, States.Format('{}', $v.x), 'b', $$.c)`)
	var paths []string
	for path := range e.Paths() {
		paths = append(paths, path.String())
	}
	if !slices.Equal(paths, []string{"$.a", "$v.x", "$$.c"}) {
		t.Errorf("paths are %v", paths)
	}
	for range e.Paths() {
		break
	}
	if e.String() != `States.Array($.a, States.Format('{}', $v.x), 'b', $$.c)` || !intrinsic.IsCall(e.String()) || intrinsic.IsCall("$.a") {
		t.Errorf("text is %s", e)
	}
}

// An expression cannot make more of a large value than memory holds.
func TestLimits(t *testing.T) {
	large := strings.Repeat("x", 200_000)
	many := value.NewObject(2)
	many.Set("s", large)
	items := make([]any, 100_000)
	for i := range items {
		items[i] = value.Number("0")
	}
	many.Set("a", items)
	for _, expression := range []string{
		`States.Array(` + strings.Repeat(`$.s,`, 10) + `$.s)`,
		`States.Format('` + strings.Repeat(`{}`, 100) + `'` + strings.Repeat(`,$.s`, 100) + `)`,
		`States.Array(` + strings.Repeat(`States.ArrayLength(States.ArrayUnique($.a)),`, 1000) + `0)`,
		`States.Array(` + strings.Repeat(`States.ArrayLength($..x),`, 1000) + `0)`,
		`States.JsonToString(States.JsonToString(States.JsonToString(States.JsonToString(States.Array($.s,$.s,$.s,$.s,$.s,$.s)))))`,
	} {
		if _, err := compile(t, expression).Eval(scope{many}, random(0)); err == nil {
			t.Errorf("%.60s…: no error", expression)
		}
	}
}

func eval(t testing.TB, text string) (any, error) {
	t.Helper()
	return compile(t, text).Eval(scope{parse(t, input)}, random(0.5))
}

func compile(t testing.TB, text string) *intrinsic.Expr {
	t.Helper()
	e, err := intrinsic.Compile(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func parse(t testing.TB, text string) any {
	t.Helper()
	v, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

package jsonata_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// generator makes expressions from a seed: most of them sensible over
// testdata/input.json, some with a fault.
type generator struct {
	*rand.Rand
	left   int // parts that may still be made
	locals []string
	corpus []string
}

func newGenerator(r *rand.Rand) *generator {
	return &generator{Rand: r, left: 6 + r.IntN(30), corpus: suiteExpressions()}
}

func (g *generator) one(of ...string) string { return of[g.IntN(len(of))] }

// pick calls one of the functions.
func (g *generator) pick(of ...func() string) string { return of[g.IntN(len(of))]() }

func (g *generator) expression() string {
	if len(g.corpus) > 0 && g.IntN(4) == 0 {
		return g.mutated(g.corpus[g.IntN(len(g.corpus))])
	}
	expr := g.any()
	if g.IntN(12) == 0 {
		return g.mutated(expr)
	}
	return expr
}

// any is an expression of any kind; leaves once the parts are used up.
func (g *generator) any() string {
	if g.left--; g.left < 0 {
		return g.pick(g.number, g.text, g.path, g.local)
	}
	if g.IntN(3) == 0 {
		return g.pick(g.functions, g.functions, g.functions, g.higher, g.tuples, g.tuples, g.changes, g.pictures, g.applied, g.escaped, g.spaced)
	}
	return g.pick(g.number, g.text, g.path, g.path, g.steps, g.steps, g.steps, g.binary, g.binary, g.call, g.call, g.call, g.call,
		g.condition, g.array, g.object, g.block, g.chain, g.lambda, g.transform, g.local, g.date, g.picture, g.regex, g.partial, g.group)
}

func (g *generator) number() string {
	return g.one("0", "1", "2", "3", "-1", "0.5", "1e3", "1.5e-3", "10", "42", "255", "1e20", "123456789.125", "-2.5", "3.5", "1e21", "0.1",
		"9007199254740993", "1e-7", "1.7976931348623157e308", "5e-324", "0.1 + 0.2", "1/3", "2147483648", "-0", "(1/0)", "123456789012345680000", "0.000001234567890123456")
}

func (g *generator) text() string {
	return g.one(`"a"`, `""`, `"hello"`, `'it\'s'`, `"2024-02-29"`, `"12.5"`, `"\u00e9\ud83d\ude00x"`, `"a,b,,c"`, `" pad "`, `"0x1F"`, `"null"`, `"1e3"`, "\"tab\\t\"", `"Ann"`, `"😀"`, `"\ud83d"`,
		`"\ude00b"`, `"\uffff"`, `"ﬁ\u0130Σ"`, `"a b%20c%C3%A9"`, `"ßŉ"`, `"-0"`, `"1.0e-2"`, `"0b101"`, `"a\\/\b\f\n"`, "emoji")
}

func (g *generator) local() string {
	if len(g.locals) == 0 {
		return g.one("true", "false", "null", "$", "$$", "$nobody")
	}
	return "$" + g.locals[g.IntN(len(g.locals))]
}

func (g *generator) field() string {
	return g.one("order", "lines", "price", "count", "sku", "dim", "w", "people", "name", "age", "friends", "matrix", "empty", "nothing",
		"n", "text", "mixed", "nested", "deep", "a", "b", "sales", "by", "who", "sum", "at", "`a b`", "odd", "``", "\"name\"", "words", "numbers", "missing", "tags", "`order`", "options")
}

// path leads somewhere into the input.
func (g *generator) path() string {
	return g.one("order.lines", "order.lines.price", "order.total", "people", "people.name", "people.age", "people.friends.name", "matrix",
		"numbers", "words", "text", "n", "empty", "nothing", "mixed", "nested.a.b.c", "nested.a.b.c.d", "order.tags", "$", "$$", "date",
		"deep", "deep.a", "deep[0]", "deep.*", "deep.**.a", "sales", "sales.by", "sales.by.sum", "sales.by.who", "odd", "odd.*", "emoji", "ids", "$$.people", "order.*", "**.name", "people.*", "missing", "order.note", "big", "small", "order.lines.dim", "nested.**.d", "*", "order.lines.options")
}

// steps is a path with filters, indexes, sorts, bindings and parents.
func (g *generator) steps() string {
	var b strings.Builder
	if g.IntN(6) == 0 {
		b.WriteString("(" + g.any() + ")")
	} else {
		b.WriteString(g.path())
	}
	kept := len(g.locals)
	for range 1 + g.IntN(3) {
		b.WriteString(g.step())
	}
	g.locals = g.locals[:kept]
	return b.String()
}

func (g *generator) step() string {
	switch g.IntN(17) {
	case 0:
		return "[" + g.one("0", "1", "-1", "-2", "5", "0.9", "[0..1]", "[0,2]", "1e3") + "]"
	case 1:
		return "[" + g.any() + "]"
	case 2:
		return "[" + g.one("price > 1", "age = 31", `name = "Bob"`, "count", "$ > 2", "$length($) > 3", "dim.w < 2", "friends", "$not(age)") + "]"
	case 3:
		return "^(" + g.one("", ">", "<") + g.one("price", "age", "name", "$", "dim.h", "count") + g.one("", ", >name", ", sku") + ")"
	case 4:
		return "[]"
	case 5:
		return "#$i" + g.one(".($i)", "[$i > 0]", ".{\"i\": $i}", ".($string($i) & name)", "")
	case 6:
		return "@$v" + g.one(".($v)", "[$v.age > 20]", ".{\"v\": $v}", ".friends.{\"a\": $v.name, \"b\": name}", "")
	case 7:
		return "." + g.one("%", "%.%", "%.name", "{\"me\": name, \"up\": %.age}", "(%)", "%[0]")
	case 8:
		return ".{" + g.pair() + "}"
	case 9:
		return "{" + g.pair() + "}"
	case 10:
		return ".[" + g.any() + "]"
	case 11:
		return ".(" + g.any() + ")"
	case 12:
		return "." + g.call()
	case 13:
		return g.one(".*", ".**", ".$", "..", ".")
	default:
		return "." + g.field()
	}
}

func (g *generator) pair() string {
	key := g.one(`"k"`, "name", "sku", "$string(age)", `"a" & name`, "$type($)", `"x"`)
	return key + ": " + g.any()
}

func (g *generator) binary() string {
	op := g.one("+", "-", "*", "/", "%", "&", "=", "!=", "<", ">", "<=", ">=", "and", "or", "in", "..", "~>", "?:", "??")
	if op == ".." {
		return "[" + g.one("0", "1", "-2", "n", "order.total") + ".." + g.one("3", "5", "$count(numbers)", "-1", "2.5") + "]"
	}
	if op == "~>" {
		return g.chain()
	}
	return "(" + g.any() + " " + op + " " + g.any() + ")"
}

func (g *generator) condition() string {
	if g.IntN(4) == 0 {
		return g.any() + " ? " + g.any()
	}
	return "(" + g.any() + " ? " + g.any() + " : " + g.any() + ")"
}

func (g *generator) array() string {
	var items []string
	for range g.IntN(4) {
		items = append(items, g.any())
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (g *generator) object() string {
	var pairs []string
	for i := range g.IntN(4) {
		pairs = append(pairs, strconv.Quote("k"+strconv.Itoa(i*g.IntN(2)))+": "+g.any())
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

func (g *generator) group() string {
	return g.one("people", "order.lines", "words", "numbers") + "{" + g.one("name", "$string($)", "sku", "$string(age)", `"all"`) + ": " +
		g.one("age", "$", "$sum(price)", "$count($)", "[name]", "friends.name", g.any()) + "}"
}

func (g *generator) block() string {
	name := "v" + strconv.Itoa(len(g.locals))
	first := g.any()
	g.locals = append(g.locals, name)
	second := g.any()
	g.locals = g.locals[:len(g.locals)-1]
	return "($" + name + " := " + first + "; " + second + ")"
}

func (g *generator) lambda() string {
	name := "p" + strconv.Itoa(len(g.locals))
	g.locals = append(g.locals, name)
	body := g.any()
	g.locals = g.locals[:len(g.locals)-1]
	switch g.IntN(5) {
	case 0:
		return "(function($" + name + "){" + body + "})(" + g.any() + ")"
	case 1:
		return "(λ($" + name + ")<" + g.one("n:n", "s:s", "x-:x", "a<n>:n", "j?:x", "(ns):s", "n-:x") + ">{" + body + "})(" + g.any() + ")"
	case 2:
		return "$filter(" + g.path() + ", function($" + name + "){" + body + "})"
	case 3:
		return "($f := function($" + name + "){$" + name + " <= 0 ? 0 : $f($" + name + " - 1)}; $f(" + g.number() + " % 50))"
	default:
		return "$map(" + g.path() + ", function($" + name + ", $i, $a){" + body + "})"
	}
}

func (g *generator) partial() string {
	return g.one("($add := function($a, $b){$a + $b}; $inc := $add(?, 1); $map(numbers, $inc))", "($first := $substring(?, 0, 2); $map(words, $first))",
		"($j := $join(?, \"-\"); $j(words))", "(words ~> $map($uppercase) ~> $join(\"|\"))", "($c := $trim ~> $uppercase; $c(\" x \"))") +
		g.one("", "", "[0]", " & \"!\"", ".$string()")
}

func (g *generator) transform() string {
	return g.one("order", "people", "nested", "$") + " ~> |" + g.one("lines", "$", "friends", "a.b.c", "**", "people") + "|" +
		g.one(`{"new": 1}`, `{"price": price * 2}`, "{}", g.any()) + g.one("", `, "name"`, `, ["price", "age"]`, `, "missing"`, ", "+g.any()) + "|"
}

func (g *generator) chain() string {
	return g.any() + " ~> " + g.one("$sum", "$count", "$string", "$uppercase", "$keys", "$reverse", "$sort", "$distinct", "$map(function($x){$x})",
		"$substring(1)", "$join(\"-\")", "$type()", "$merge", "$append(1)", "$lookup(\"name\")", "$exists")
}

// call is a call of a function of the library.
func (g *generator) call() string {
	switch g.IntN(4) {
	case 0:
		name := g.one("sum", "count", "max", "min", "average", "string", "lowercase", "uppercase", "length", "trim", "number", "floor", "ceil", "round",
			"abs", "sqrt", "boolean", "not", "keys", "exists", "spread", "merge", "reverse", "type", "sort", "distinct", "base64encode",
			"base64decode", "encodeUrlComponent", "encodeUrl", "decodeUrlComponent", "decodeUrl", "zip", "clone", "toMillis", "fromMillis", "error", "assert", "single", "eval")
		return "$" + name + "(" + g.any() + ")"
	case 1:
		name := g.one("substring", "substringBefore", "substringAfter", "pad", "contains", "split", "join", "formatBase", "power", "round", "lookup",
			"append", "string", "zip", "number", "match", "formatNumber", "formatInteger", "parseInteger", "assert", "fromMillis", "toMillis", "eval")
		return "$" + name + "(" + g.any() + ", " + g.any() + ")"
	case 2:
		return g.one(
			"$reduce("+g.path()+", function($a, $b){$a & $b})", "$reduce(numbers, function($a, $b){$a + $b}, "+g.number()+")",
			"$sift("+g.path()+", function($v, $k){$k != \"name\"})", "$each("+g.path()+", function($v, $k){$k & $string($v)})",
			"$sort("+g.path()+", function($l, $r){$l.age > $r.age})", "$sort(numbers, function($l, $r){$l < $r})",
			"$single("+g.path()+", function($v){$v = 9})", "$zip("+g.path()+", "+g.path()+")",
			"$substring("+g.any()+", "+g.number()+", "+g.number()+")", "$pad("+g.any()+", "+g.one("5", "-6", "0", "3")+", "+g.text()+")",
			"$replace("+g.any()+", "+g.text()+", "+g.text()+")", "$replace(text, "+g.text()+", "+g.text()+", "+g.one("0", "1", "-1", "2")+")",
			"$split(text, "+g.one(`" "`, `", "`, `""`, "/[,.] ?/")+", "+g.one("0", "2", "100", "-1")+")",
			"$string("+g.any()+", true)", "$map("+g.path()+", $string)", "$filter("+g.path()+", $boolean)", "$map("+g.path()+", $type)",
			"$error("+g.text()+")", "$join("+g.any()+", "+g.text()+")", "$eval("+strconv.Quote(g.path())+")", "$distinct("+g.path()+")")
	default:
		return "$" + g.one("count", "string", "sum", "type", "keys", "sort", "reverse", "exists", "boolean") + "(" + g.steps() + ")"
	}
}

func (g *generator) picture() string {
	switch g.IntN(3) {
	case 0:
		return "$formatNumber(" + g.one("1234.5678", "-0.5", "0", "1e6", "n", "order.total", "12345678.9", "0.00012") + ", " + strconv.Quote(g.numberPicture()) + ")"
	case 1:
		return "$formatInteger(" + g.one("0", "1", "12", "1999", "-42", "1234567", "3.7") + ", " + strconv.Quote(g.integerPicture()) + ")"
	default:
		return "$parseInteger(" + g.one(`"12"`, `"XIV"`, `"twenty-one"`, `"1,234"`, `"b"`, `"third"`, `"007"`, `"-5"`) + ", " + strconv.Quote(g.integerPicture()) + ")"
	}
}

func (g *generator) numberPicture() string {
	return g.one("#,##0.00", "0", "#", "00.0##", "0.00e0", "#,##,##0", "0%", "0‰", "(0);neg(0)", "#0.###E0", "$0.00", "##.##", "0.0.0", "#,##0.00;(#,##0.00)", "9", "0,0", ".0", "0e00", "#,#0,00.0##,##")
}

func (g *generator) integerPicture() string {
	return g.one("0", "000", "#,##0", "I", "i", "A", "a", "w", "W", "Ww", "w;o", "Ww;o", "1;o", "0;c", "#0", "##", "#.##0", "00;o", "١", "A;o", "#:000", "")
}

func (g *generator) date() string {
	switch g.IntN(3) {
	case 0:
		return "$fromMillis(" + g.one("0", "1521801216617", "-86400001", "951782400000", "4102444800000", "1e14") + ", " + strconv.Quote(g.datePicture()) +
			g.one("", `, "+0530"`, `, "-0800"`, `, "0000"`, `, "Z"`) + ")"
	case 1:
		return "$toMillis(" + g.one(`"2018-03-23"`, `"2018-03-23T10:33:36.617Z"`, "date", `"23 March 2018"`, `"12/31/1999"`, `"2018"`, `"10:30 pm"`, `"x"`) + ", " +
			strconv.Quote(g.datePicture()) + ")"
	default:
		return "$toMillis(" + g.one(`"2018-03-23"`, `"2018-03-23T10:33:36.617Z"`, "date", `"2018"`, `"2018-03-23T10:33:36+01:00"`, `"23 March"`, `"2018-13-01"`) + ")"
	}
}

func (g *generator) datePicture() string {
	return g.one("[Y0001]-[M01]-[D01]", "[D1o] [MNn], [Y]", "[H01]:[m01]:[s01].[f001]", "[h]:[m01] [P]", "[FNn]", "[d] [W] [w]", "[Y,2]", "[M01]/[D01]/[Y0001]",
		"[YI]", "[Dwo] [MNn,3-3]", "[X]-W[W01]-[F1]", "[Z]", "[z]", "[Z01:01t]", "[E]", "[C]", "[[x]] [Y]", "[Y", "[q]", "[FNn,*-3] [f,1]", "[PN]", "[H]:[m]:[s]", "[Yw]", "[D01o]", "[ZN]", "[x]", "[MN] [Fn]")
}

func (g *generator) regex() string {
	re := g.one("/o/", "/[a-z]+/i", `/(\w)(\w+)/`, `/\s/`, "/^The/", "/x*/", `/(a)|(b)/`, `/\d{2,3}/`, "/O/", "/(?:q)u/", "/./", `/o\b/`, "/(/", `/\//`, "/[/", `/a(?=b)/`, "//")
	return g.one("$match(text, "+re+")", "$match(text, "+re+", 2)", "$contains(text, "+re+")", "$split(text, "+re+")", "$replace(text, "+re+`, "$1-$0")`,
		"$replace(text, "+re+", function($m){$uppercase($m.match)})", "$replace(text, "+re+`, "$$x$2")`, "text ~> "+re, "$replace(text, "+re+`, "#", 2)`, "words["+re+"($)]",
		"$match("+g.any()+", "+re+")", re+"(text)", "$filter(words, "+re+")")
}

// mutated is an expression with one place changed.
func (g *generator) mutated(expr string) string {
	if expr == "" {
		return expr
	}
	i := g.IntN(len(expr))
	for i > 0 && expr[i]&0xc0 == 0x80 {
		i--
	}
	switch g.IntN(5) {
	case 0:
		return expr[:i]
	case 1:
		j := i + 1
		for j < len(expr) && expr[j]&0xc0 == 0x80 {
			j++
		}
		return expr[:i] + expr[j:]
	case 2:
		return expr[:i] + g.one("(", ")", "[", "]", "{", "}", ".", "$", "%", "@", "#", "?", ":", ",", ";", "~>", "\"", "`", "/", "|", "^", "&", "*", "**", "=", "!", "1", "a", " and ", " in ", "λ", "\\", ":=", "..", "<", "/*x*/", "/*", "??", "?:") + expr[i:]
	case 3:
		return expr + g.one("[0]", "[-1]", "[]", ".name", "{\"k\": $}", " = 1", "^($)", ".%", " ~> $string", "#$i", "@$v", " & \"\"", "[$ = 1]", ".*", " in [1]", " ? 1 : 2", ".$keys()")
	default:
		return fmt.Sprintf("(%s)%s", expr, g.one(".$", "[0]", "", "^(>$)", ".($)"))
	}
}

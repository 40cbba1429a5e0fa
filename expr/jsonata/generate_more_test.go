package jsonata_test

import (
	"strconv"
	"strings"
)

// args are so many expressions between commas.
func (g *generator) args(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = g.any()
	}
	return strings.Join(all, ", ")
}

// functions calls any function of the library, with what it is made for or anything.
func (g *generator) functions() string {
	if g.IntN(5) == 0 {
		return "$" + g.one(libraryNames...) + "(" + g.args(g.IntN(4)) + ")"
	}
	text := g.pick(g.text, g.text, g.any)
	number := g.pick(g.number, g.number, g.any)
	list := g.pick(g.path, g.array, g.any)
	switch g.IntN(24) {
	case 0:
		return "$substring(" + text + ", " + g.number() + g.one("", ", "+g.number()) + ")"
	case 1:
		return "$" + g.one("substringBefore", "substringAfter", "contains", "split") + "(" + text + ", " + g.text() + ")"
	case 2:
		return "$pad(" + text + ", " + g.one("7", "-7", "2.9", number) + g.one("", ", "+g.text()) + ")"
	case 3:
		return "$" + g.one("length", "trim", "uppercase", "lowercase", "base64encode", "base64decode", "encodeUrl", "encodeUrlComponent",
			"decodeUrl", "decodeUrlComponent", "number", "toMillis", "string") + "(" + text + ")"
	case 4:
		return "$" + g.one("floor", "ceil", "round", "abs", "sqrt", "number", "string", "type", "boolean", "not", "formatBase") + "(" + number + ")"
	case 5:
		return "$round(" + number + ", " + g.one("0", "1", "2", "-1", "-3", "15", "1.5", "400") + ")"
	case 6:
		return "$power(" + number + ", " + g.one("2", "0.5", "-1", "0", "1000", "1/3") + ")"
	case 7:
		return "$formatBase(" + number + ", " + g.one("2", "8", "16", "36", "37", "1", "2.5", "10") + ")"
	case 8:
		return "$" + g.one("sum", "max", "min", "average", "count", "sort", "reverse", "distinct", "zip", "exists", "spread", "keys", "merge",
			"single", "string", "boolean", "type", "join", "clone", "not") + "(" + list + ")"
	case 9:
		return "$append(" + list + ", " + g.any() + ")"
	case 10:
		return "$lookup(" + list + ", " + g.one(`"name"`, `"a"`, `""`, `"length"`, g.text()) + ")"
	case 11:
		return "$zip(" + list + ", " + g.path() + ", " + g.array() + ")"
	case 12:
		return "$join(" + list + ", " + g.text() + ")"
	case 13:
		return "$string(" + g.any() + g.one("", ", true", ", false") + ")"
	case 14:
		return "$eval(" + strconv.Quote(g.pick(g.path, g.steps, g.binary)) + g.one("", ", "+g.any()) + ")"
	case 15:
		return g.one("$now()", "$millis()", `$now("[Y]-[M01]")`, `$now("[H]:[m]", "+0200")`, `$fromMillis($millis())`)
	case 16:
		return "$" + g.one("merge", "spread", "keys", "distinct", "reverse", "string", "count") + "([" + g.args(1+g.IntN(3)) + "])"
	case 17:
		return "$assert(" + g.any() + g.one("", ", "+g.text()) + ")"
	case 18:
		return "$replace(" + text + ", " + g.one(g.text(), g.pattern()) + ", " + g.one(g.text(), `"$1-$0"`, `"$$"`, `"$2x$11"`) + g.one("", ", 1", ", 0.5") + ")"
	case 19:
		return "$" + g.one("match", "contains", "split") + "(" + text + ", " + g.pattern() + g.one("", ", 2") + ")"
	case 20:
		return text + ".$" + g.one("length", "trim", "uppercase", "number", "substring(1)", "split(\"\")", "contains(\"a\")", "pad(3)") + g.one("()", "")
	case 21:
		return "(" + g.any() + " " + g.one("??", "?:", "and", "or", "in", "&", "=", "!=", "<", "<=") + " " + g.any() + ")"
	case 22:
		return g.any() + " ~> $" + g.one(libraryNames...) + g.one("", "()", "("+g.any()+")")
	default:
		return "$sort([" + g.args(g.IntN(4)) + "])"
	}
}

var libraryNames = []string{
	"sum", "count", "max", "min", "average", "string", "substring", "substringBefore", "substringAfter", "lowercase", "uppercase", "length",
	"trim", "pad", "match", "contains", "replace", "split", "join", "formatNumber", "formatBase", "formatInteger", "parseInteger", "number",
	"floor", "ceil", "round", "abs", "sqrt", "power", "boolean", "not", "map", "zip", "filter", "single", "reduce", "sift", "keys", "lookup",
	"append", "exists", "spread", "merge", "reverse", "each", "error", "assert", "type", "sort", "distinct", "base64encode", "base64decode",
	"encodeUrlComponent", "encodeUrl", "decodeUrlComponent", "decodeUrl", "eval", "toMillis", "fromMillis", "clone", "now", "millis",
}

// function is a function value.
func (g *generator) function(params int) string {
	kept := len(g.locals)
	var names []string
	for range params {
		name := "f" + strconv.Itoa(len(g.locals))
		g.locals = append(g.locals, name)
		names = append(names, "$"+name)
	}
	body := g.any()
	g.locals = g.locals[:kept]
	return g.one("function", "function", "λ") + "(" + strings.Join(names, ", ") + ")" + "{" + body + "}"
}

// higher calls functions that take functions.
func (g *generator) higher() string {
	list := g.pick(g.path, g.array, g.steps)
	switch g.IntN(9) {
	case 0:
		return "$" + g.one("map", "filter", "single", "each", "sift", "sort") + "(" + list + ", " + g.function(1+g.IntN(3)) + ")"
	case 1:
		return "$reduce(" + list + ", " + g.function(1+g.IntN(4)) + g.one("", ", "+g.any()) + ")"
	case 2:
		return "$" + g.one("map", "filter", "each", "sift", "reduce") + "(" + list + ", $" + g.one(libraryNames...) + ")"
	case 3:
		return g.one("order", "odd", "people", "sales", "$") + " ~> $" + g.one("each", "sift") + "(" + g.function(2) + ")"
	case 4:
		return "(" + g.function(1) + " ~> " + g.function(1) + ")(" + g.any() + ")"
	case 5:
		return "($f := " + g.function(2) + "; [$f(" + g.any() + ", " + g.any() + "), $f(" + g.any() + ")])"
	case 6:
		return g.function(2) + "(" + g.args(g.IntN(4)) + ")"
	case 7:
		return "($g := function($n, $t){$n <= 0 ? $t : $g($n - 1, " + g.any() + ")}; $g(" + g.one("3", "1", "0") + ", " + g.any() + "))"
	default:
		return "$sort(" + list + ", function($l, $r){$l" + g.one("", ".name", ".price") + " " + g.one("<", ">", "=", "!=") + " $r" + g.one("", ".name", ".price") + "})"
	}
}

// tuples are paths that carry variables: bound contexts, positions, parents, sorts and
// groups within and behind them.
func (g *generator) tuples() string {
	var b strings.Builder
	b.WriteString(g.one("people", "order.lines", "sales", "words", "numbers", "deep", "$.people", "sales.by", "order.lines.dim", "nested.a.b.c", "(people)", "people.friends"))
	kept := len(g.locals)
	for range 1 + g.IntN(4) {
		switch g.IntN(12) {
		case 0, 1:
			name := "t" + strconv.Itoa(len(g.locals))
			b.WriteString(g.one("@", "#") + "$" + name)
			g.locals = append(g.locals, name)
		case 2:
			b.WriteString("." + g.one("friends", "by", "dim", "name", "who", "$", "*", "$$.words", "$$.people", "(friends)", "by.sum", "**"))
		case 3:
			b.WriteString("[" + g.one("0", "-1", "$ = $", "name", "price > 1", "by", "$string() = \"a\"", g.local()+" > 0", g.local()+" = "+g.local(), "%.name", "$count(%) = 1") + "]")
		case 4, 5:
			b.WriteString("^(" + g.term() + g.one("", ", "+g.term()) + ")")
		case 6:
			b.WriteString(".{\"a\": " + g.one(g.local(), "%", "%.%", "%.name", "$") + ", \"b\": " + g.any() + "}")
		case 7:
			b.WriteString("{" + g.one(`"k"`, "name", "at", "$string($)", "by.who", "$type($)") + ": " + g.one("$", g.local(), "%.name", "$count($)", "[name]", g.any()) + "}")
		case 8:
			b.WriteString("." + g.one("%", "%.%", "(%)", "%.name", "(%.name & name)", "[%]", "%.people"))
		case 9:
			b.WriteString("[]")
		case 10:
			b.WriteString(".(" + g.one(g.local()+" & name", g.any(), "$x := $; $x", g.tuplesWithin()) + ")")
		default:
			b.WriteString(".$" + g.one("string()", "count()", "keys()", "type($)", "exists(name)", "append(1)"))
		}
	}
	g.locals = g.locals[:kept]
	return b.String()
}

func (g *generator) tuplesWithin() string {
	if g.left--; g.left < 0 {
		return g.path()
	}
	return g.tuples()
}

func (g *generator) term() string {
	return g.one("", "<", ">") + g.one("price", "age", "name", "$", "at", "by.who", "$string($)", "$length(name)", "-price", "%.name", g.local(), g.any())
}

// changes are transforms: of parts, of copies of changed things, deleting what they add.
func (g *generator) changes() string {
	one := func() string {
		return "|" + g.one("$", "people", "order.lines", "sales.by", "**[name]", "people.friends[0]", "deep", "*", "order.lines[price > 1]", "%", g.path()) + "|" +
			g.one(`{"n": $}`, `{"name": name & "!", "age": 1}`, `{"x": {"y": $$.n}}`, "$sift(function($v, $k){$k = \"name\"})", "{}", "nothing", g.object()) +
			g.one("", `, "name"`, `, ["age", "n"]`, ", $keys()", ", []", ", nothing.x", ", "+g.text()) + "|"
	}
	switch g.IntN(4) {
	case 0:
		return g.one("$", "people", "order", g.any()) + " ~> " + one() + " ~> " + one()
	case 1:
		return "$map(people, " + one() + ")"
	case 2:
		return "($t := " + one() + "; $t(" + g.path() + ")" + g.one("", ".name", ".$keys()", ".**") + ")"
	default:
		return g.any() + " ~> " + one() + g.one("", ".*", " ~> $keys", "{name: $}")
	}
}

// characters is a text of so many characters out of others.
func (g *generator) characters(most int, of string) string {
	all := []rune(of)
	var b strings.Builder
	for range 1 + g.IntN(most) {
		b.WriteRune(all[g.IntN(len(all))])
	}
	return b.String()
}

// pictures are calls with pictures that are made of their characters.
func (g *generator) pictures() string {
	numbers := g.one("0", "1", "12", "-1234.5", "1234567.891", "0.00045", "1e21", "-0.5", "99.995", "1e15", "(1/0)", "n", "123456789012")
	switch g.IntN(6) {
	case 0:
		picture := g.characters(9, "0000###,,..e%‰$x;٠")
		return "$formatNumber(" + numbers + ", " + strconv.Quote(picture) + g.one("", "", `, {"decimal-separator": ",", "grouping-separator": "."}`,
			`, {"zero-digit": "٠"}`, `, {"minus-sign": "~", "exponent-separator": "E", "digit": "*"}`, `, {"per-mille": "p", "pattern-separator": "|"}`) + ")"
	case 1:
		return "$formatInteger(" + numbers + ", " + strconv.Quote(g.one(g.characters(8, "000##,.: ٠"), g.one("A", "a", "I", "i", "W", "w", "Ww", "α")+g.one("", ";o", ";c"))+g.one("", "", ";o")) + ")"
	case 2:
		return "$parseInteger(" + g.one(`"12"`, `"MCMXCIX"`, `"one thousand, two hundred and thirty-fourth"`, `"1.234"`, `"zz"`, `"0x1f"`, `" 42nd"`, `"١٢"`, `"-7"`, `"12,345th"`, g.text()) +
			", " + strconv.Quote(g.one(g.characters(6, "00##,.:٠;"), g.one("A", "a", "I", "i", "W", "w", "Ww"))+g.one("", "", ";o")) + ")"
	case 3:
		return "$fromMillis(" + g.one("0", "1521801216617", "-86400001", "951782400000", "1104537600000", "253402300799999", "-1e13", "8.65e15", "1.5", "1577836800000") + ", " +
			strconv.Quote(g.markers()) + g.one("", "", `, "+0530"`, `, "-0330"`, `, "1400"`, `, "x"`) + ")"
	case 4:
		picture := g.markers()
		return "($m := $fromMillis(" + g.one("0", "1521801216617", "951782400000", "1104537600000") + ", " + strconv.Quote(picture) + "); $toMillis($m, " + strconv.Quote(picture) + "))"
	default:
		return "$toMillis(" + g.one(strconv.Quote(g.moment()), strconv.Quote(g.moment()), g.text(), "date") + g.one("", "", ", "+strconv.Quote(g.markers())) + ")"
	}
}

// moment looks like a timestamp.
func (g *generator) moment() string {
	s := g.one("2018", "0050", "1999", "0000") + g.one("", "-02", "-13", "-00") + g.one("", "-28", "-31", "-00") + g.one("", "T10:33:36", "T24:00:00", "T23:59:59.5", "T25:00:00") +
		g.one("", "Z", "+01:00", "-0530", "+29:00")
	return s
}

// markers are a picture of a date.
func (g *generator) markers() string {
	var b strings.Builder
	for range 1 + g.IntN(6) {
		b.WriteString("[" + g.one("Y", "Y0001", "Y,2", "Y,*-4", "M", "M01", "MNn", "MN", "Mn,3-3", "MNn,*-3", "D", "D01", "D1o", "Dwo", "DW", "Di", "d", "d001", "F", "FNn", "FN,3-3", "F1",
			"W", "W01", "w", "X", "x", "xNn", "H", "H01", "h", "h#1", "P", "PN", "Pn", "m", "m1", "s", "f", "f001", "f1,3-3", "Z", "z", "Z0", "Z0101", "Z01:01t", "Z00:00", "ZN", "C", "E", "YI", "Ya", "q", "q1", "M01,1-2", "D ,2", "") + "]" +
			g.one("", "", "-", ":", " ", "/", ".", "T", "[[", "]]", " at "))
	}
	return b.String()
}

// pattern is a regular expression, with flags.
func (g *generator) pattern() string {
	return "/" + g.one("o", "[a-z]+", `(\w)(\w+)`, `\s`, "^T", "x*", "(a)|(b)", `\d{2,3}`, "(?:q)u", ".", `o\b`, `\/`, "a(?=b)", "a(?!b)", "(a(b)?)+", "[^aeiou ]+", `\u00e9`, "😀", ".$",
		`(.)\1`, "[\\[\\]]", "^.", "A", "(?<n>p+)", "[A-Z]", "é", ".+?", "a{2}", `\W`, "[\\ud83d]", "$", "n|N", `(\d+),(\d+)`) + "/" + g.one("", "", "i", "m", "im", "mi")
}

// applied are partial applications, of functions with and without signatures, twice over.
func (g *generator) applied() string {
	switch g.IntN(5) {
	case 0:
		return "$" + g.one("substring(?, 1)", "substring(\"hello\", ?, ?)", "join(?, \"-\")", "replace(?, \"a\", \"b\")", "contains(?, /a/i)", "power(?, 2)", "round(?, 1)", "append(?, 1)",
			"lookup(?, \"name\")", "map(?, $string)", "filter(numbers, ?)", "formatNumber(?, \"0.0\")", "pad(?, 5)", "string(?, true)", "zip(?, ?)", "reduce(?, function($a, $b){$a & $b})") +
			"(" + g.args(1+g.IntN(2)) + ")"
	case 1:
		return "($f := " + g.function(3) + "; $p := $f(" + g.any() + ", ?, ?); $q := $p(?, " + g.any() + "); [$q(1), $p(" + g.any() + ", 2)])"
	case 2:
		return "$map(" + g.path() + ", " + g.function(2) + "(?, " + g.any() + "))"
	case 3:
		return g.any() + " ~> $" + g.one("substring(?, 1)", "join(?, \"-\")", "append(1, ?)", "power(2, ?)", "string(?)")
	default:
		return "(λ($a, $b)<" + g.one("n-n:n", "s-s?:s", "a<s>-:x", "(sn)x-:x", "ax+:x", "x-x-:x", "j-f?:x", "o-:s", "b?n?:x", "a<a<n>>:x", "f<n:n>-x:x", "l?s-:x") + ">{" +
			g.one("[$a, $b]", "$a", "$type($b)", "$string($a)") + "})(" + g.args(g.IntN(4)) + ")"
	}
}

// escaped are strings and names with escapes, and what is found by them.
func (g *generator) escaped() string {
	return g.one(`odd."a b"`, "odd.`a b`", "odd.``", `odd.""`, "odd.`é😀`.`$x`", `odd."é😀"."$x"`, `"\u0041\u00DF\uD83D\uDE00"`, `'single "quoted"'`, `"a\/b\\c\"d"`, `"\x"`, `"\u12"`, `"\uD83Dx"`,
		`$length("\uD83D\uDE00")`, `$split("😀x", "")`, `$substring("a😀b", 1, 1)`, `$pad("😀", 3, "é😀")`, `$reverse($split("a😀", ""))`, `$match("😀b", /./)`, `$lowercase("İΑΣ")`, `$uppercase("ﬁß")`,
		`$encodeUrlComponent("é 😀&")`, `$base64encode("é")`, `$sort(["\uffff", "😀", "\ud7ff", "a"])`, `("\uffff" < "😀")`, `{"😀": 1}."😀"`, `$keys(odd)`, `$string(odd)`, `$join(["\ud83d", "\ude00"])`,
		`["b", "a", "B", "😀", "\uffff"]^($)`, `"\ud83d" & "\ude00"`, `$eval("\"\\u0041\"")`) + g.one("", "", "[0]", " & \"!\"", ".$length()")
}

// spaced has comments and white space in it.
func (g *generator) spaced() string {
	return "/* c */ " + g.any() + g.one(" /**/", "\n", "\t/* * / */ ", " ") + g.one("", "& /*x*/ "+g.any(), "[/*0*/0]", ". /**/ $", "\r\n~> $string /* */")
}

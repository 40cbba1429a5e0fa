package intrinsic

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/jsonpath"
	"github.com/fermata-dev/fermata/expr/value"
)

// Compile parses an expression: one call and nothing else but blanks behind it.
// The number of arguments and their types are checked when it is evaluated. The
// error is a *SyntaxError.
func Compile(text string) (*Expr, error) {
	p := parser{text: text}
	c, err := p.call()
	if err != nil {
		return nil, err
	}
	if p.space(); p.pos < len(text) {
		return nil, p.fail("unexpected " + p.here() + " behind the call")
	}
	return &Expr{text: text, call: c}, nil
}

type parser struct {
	text  string
	pos   int
	depth int // calls that are open
}

func (p *parser) fail(msg string) error { return p.failAt(p.pos, msg) }

func (p *parser) failAt(pos int, msg string) error {
	return &SyntaxError{Text: p.text, Offset: min(pos, len(p.text)), Msg: msg}
}

// peek is the byte at the current position, or 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// here describes what stands at the current position.
func (p *parser) here() string {
	if p.pos >= len(p.text) {
		return "end"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return strconv.QuoteRune(r)
}

func (p *parser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// call reads States.Name(argument, …).
func (p *parser) call() (*call, error) {
	start := p.pos
	for c := p.peek(); c == '.' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9'; c = p.peek() {
		p.pos++
	}
	name := p.text[start:p.pos]
	f, ok := functions[name]
	if !ok {
		return nil, p.failAt(start, "there is no function "+strconv.Quote(name))
	}
	if p.peek() != '(' {
		return nil, p.fail("'(' should follow the name of the function, not " + p.here())
	}
	if p.depth++; p.depth > MaxNesting {
		return nil, p.failAt(start, fmt.Sprintf("calls are nested deeper than %d", MaxNesting))
	}
	arguments, err := p.arguments()
	if err != nil {
		return nil, err
	}
	p.depth--
	c := &call{function: f, arguments: arguments}
	if f.name == formatName && len(arguments) > 0 {
		if first, ok := arguments[0].(literal); ok && isString(first.value) {
			c.template = parseTemplate(first.raw, true)
		}
	}
	return c, nil
}

func isString(v any) bool {
	_, ok := v.(string)
	return ok
}

// arguments reads what stands in brackets, and the brackets.
func (p *parser) arguments() (arguments []node, err error) {
	p.pos++
	if p.space(); p.peek() == ')' {
		p.pos++
		return nil, nil
	}
	for {
		p.space()
		argument, err := p.argument()
		if err != nil {
			return nil, err
		}
		arguments = append(arguments, argument)
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
		case ')':
			p.pos++
			return arguments, nil
		default:
			return nil, p.fail("',' or ')' should stand here, not " + p.here())
		}
	}
}

func (p *parser) argument() (node, error) {
	switch c := p.peek(); {
	case c == '$':
		return p.path()
	case c == '\'':
		return p.quoted()
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	case strings.HasPrefix(p.text[p.pos:], "States."):
		return p.call()
	}
	for _, word := range [...]struct {
		text string
		v    any
	}{{"true", true}, {"false", false}, {"null", nil}} {
		if strings.HasPrefix(p.text[p.pos:], word.text) {
			p.pos += len(word.text)
			return literal{value: word.v}, nil
		}
	}
	return nil, p.fail("a path, a function or a value should stand here, not " + p.here())
}

// path reads up to the comma or bracket that ends the argument.
func (p *parser) path() (node, error) {
	start, open := p.pos, 0
	for ; p.pos < len(p.text); p.pos++ {
		c := p.text[p.pos]
		if open == 0 && (c == ',' || c == ')') {
			break
		}
		switch c {
		case '(', '[':
			open++
		case ')', ']':
			open--
		case '\'', '"':
			if open > 0 {
				p.skipQuoted(c)
			}
		}
	}
	p.pos = min(p.pos, len(p.text)) // a string without an end went further
	text := strings.TrimRight(p.text[start:p.pos], " \t\r\n")
	path, err := jsonpath.Compile(text)
	var syntax *jsonpath.SyntaxError
	if errors.As(err, &syntax) {
		return nil, p.failAt(start+syntax.Offset, syntax.Msg)
	}
	return reference{path}, err
}

// skipQuoted moves to the end of the string in a path that begins here.
func (p *parser) skipQuoted(quote byte) {
	for p.pos++; p.pos < len(p.text) && p.text[p.pos] != quote; p.pos++ {
		if p.text[p.pos] == '\\' {
			p.pos++
		}
	}
}

// quoted reads a string in single quotes.
func (p *parser) quoted() (node, error) {
	start := p.pos
	for p.pos++; p.pos < len(p.text); p.pos++ {
		switch p.text[p.pos] {
		case '\\':
			if p.pos+1 < len(p.text) && !isEscape(p.text, p.pos) {
				return nil, p.fail(`a backslash can stand only before ', {, } and another backslash`)
			}
			p.pos++
		case '\'':
			raw := p.text[start+1 : p.pos]
			p.pos++
			return literal{value: unescape(raw), raw: raw}, nil
		}
	}
	return nil, p.failAt(start, "the string that begins here has no end")
}

// unescape resolves \' \{ \} and \\, the only escapes that quoted lets pass.
func unescape(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if isEscape(raw, i) {
			i++
		}
		b.WriteByte(raw[i])
	}
	return b.String()
}

// isEscape says whether the byte at i is a backslash that escapes the next.
func isEscape(raw string, i int) bool {
	return raw[i] == '\\' && i+1 < len(raw) && strings.IndexByte(`'{}\`, raw[i+1]) >= 0
}

func (p *parser) number() (node, error) {
	start := p.pos
	for p.pos < len(p.text) && strings.IndexByte("+-.eE0123456789", p.text[p.pos]) >= 0 {
		p.pos++
	}
	v, err := value.Parse([]byte(p.text[start:p.pos]))
	if err != nil {
		return nil, p.failAt(start, "not a number")
	}
	return literal{value: v}, nil
}

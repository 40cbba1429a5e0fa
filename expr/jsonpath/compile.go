package jsonpath

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// Compile parses a path. Blanks at its end do not belong to it. The error is a
// *SyntaxError.
func Compile(text string) (*Path, error) {
	p := parser{text: text}
	path := &Path{text: text}
	err := p.root(path)
	if err == nil {
		path.steps, err = p.steps()
	}
	if err == nil && strings.TrimRight(text[p.pos:], " \t\r\n") != "" {
		err = p.fail("unexpected " + p.here())
	}
	if err != nil {
		return nil, err
	}
	path.finish()
	return path, nil
}

// CompileReference parses a reference path: one that names a single value by
// members and items. The error is a *SyntaxError.
func CompileReference(text string) (*Path, error) {
	path, err := Compile(text)
	if err != nil {
		return nil, err
	}
	if !path.reference {
		return nil, &SyntaxError{Text: text, Msg: "not a reference path, which has only members and single items"}
	}
	return path, nil
}

func (p *Path) finish() {
	p.definite = isDefinite(p.steps)
	p.reference = isReference(p.steps)
}

// parser reads a path from left to right. nesting counts the brackets of
// filters that are open.
type parser struct {
	text    string
	pos     int
	nesting int
}

// maxNesting is how deep filters and their brackets may be nested; maxSteps is
// how many steps a path may have, which is as deep as a JSON text can be.
const (
	maxNesting = 50
	maxSteps   = value.MaxDepth
)

func (p *parser) fail(msg string) error {
	return &SyntaxError{Text: p.text, Offset: min(p.pos, len(p.text)), Msg: msg}
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

// skip moves on if what follows is token.
func (p *parser) skip(token string) bool {
	if strings.HasPrefix(p.text[p.pos:], token) {
		p.pos += len(token)
		return true
	}
	return false
}

func (p *parser) space() {
	for p.peek() == ' ' || p.peek() == '\t' || p.peek() == '\n' || p.peek() == '\r' {
		p.pos++
	}
}

func (p *parser) root(path *Path) error {
	switch {
	case !p.skip("$"):
		return p.fail("a path begins with '$'")
	case p.skip("$"):
		path.root = ContextRoot
	default:
		if path.variable = p.identifier(); path.variable != "" {
			path.root = VariableRoot
		}
	}
	return nil
}

// identifier reads the name of a variable: a letter or underscore, then
// letters, digits, marks and underscores.
func (p *parser) identifier() string {
	start := p.pos
	for p.pos < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		first := r == '_' || unicode.IsLetter(r)
		if !first && (p.pos == start || !unicode.IsDigit(r) && !unicode.IsMark(r)) {
			break
		}
		p.pos += size
	}
	return p.text[start:p.pos]
}

// steps reads as many steps as there are.
func (p *parser) steps() (steps []step, err error) {
	for {
		var s step
		switch {
		case p.skip(".."):
			steps = append(steps, step{kind: scanStep})
			if p.peek() == '[' {
				s, err = p.bracket()
			} else {
				s, err = p.member()
			}
		case p.skip("."):
			if p.peek() == '[' {
				s, err = p.bracket()
			} else {
				s, err = p.member()
			}
		case p.peek() == '[':
			s, err = p.bracket()
		default:
			return steps, nil
		}
		if err != nil {
			return nil, err
		}
		if steps = append(steps, s); len(steps) > maxSteps {
			return nil, p.fail("the path is too long")
		}
	}
}

// member reads what follows a dot: a name, a wildcard or a function.
func (p *parser) member() (step, error) {
	if p.skip("*") {
		return step{kind: wildcardStep}, nil
	}
	start := p.pos
	name := p.name()
	if name == "" {
		return step{}, p.fail("a member name is missing before " + p.here())
	}
	if p.peek() != '(' {
		return step{kind: memberStep, name: name}, nil
	}
	end := strings.IndexByte(p.text[p.pos:], ')')
	if end < 0 {
		return step{}, p.fail("the bracket that opens here is not closed")
	}
	p.pos += end + 1
	return step{kind: functionStep, name: p.text[start:p.pos]}, nil
}

// name reads a name without quotes. What follows a backslash belongs to it,
// whatever it is.
func (p *parser) name() string {
	start := p.pos
	var escaped strings.Builder
	for p.pos < len(p.text) && !p.endsName() {
		if p.text[p.pos] == '\\' && p.pos+1 < len(p.text) {
			escaped.WriteString(p.text[start:p.pos])
			p.pos++
			start = p.pos
		}
		p.pos++
	}
	escaped.WriteString(p.text[start:p.pos])
	return escaped.String()
}

// endsName says whether a name after a dot ends here. Inside of a filter it
// also ends at an operator.
func (p *parser) endsName() bool {
	c := p.peek()
	if p.nesting > 0 && strings.IndexByte("=<>!&|),~", c) >= 0 {
		return true
	}
	return strings.IndexByte(".[]( \t\n\r*?'\",", c) >= 0
}

// bracket reads everything that is written in square brackets.
func (p *parser) bracket() (s step, err error) {
	open := p.pos
	p.pos++
	p.space()
	switch c := p.peek(); {
	case c == '\'' || c == '"':
		s, err = p.quotedNames()
	case c == '*':
		p.pos++
		s.kind = wildcardStep
	case c == '?':
		p.pos++
		s.kind = filterStep
		s.filter, err = p.filter()
	case c == '-' || c == ':' || isDigit(c):
		s, err = p.numbers()
	case c == '(':
		s, err = p.fromEnd()
	default:
		return s, p.fail("a quoted name, a number, '*' or '?' should follow '[', not " + p.here())
	}
	if err != nil {
		return s, err
	}
	p.space()
	if p.pos >= len(p.text) {
		p.pos = open
		return s, p.fail("the '[' is not closed")
	}
	if !p.skip("]") {
		return s, p.fail("unexpected " + p.here() + " before ']'")
	}
	return s, nil
}

func (p *parser) quotedNames() (step, error) {
	var names []string
	for {
		name, err := p.quoted()
		if err != nil {
			return step{}, err
		}
		names = append(names, name)
		p.space()
		if !p.skip(",") {
			break
		}
		p.space()
	}
	if len(names) == 1 {
		return step{kind: memberStep, name: names[0]}, nil
	}
	return step{kind: membersStep, names: names}, nil
}

// quoted reads a string in single or double quotes. A backslash stands before
// a quote of the same kind or another backslash; before anything else it
// stands for itself.
func (p *parser) quoted() (string, error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", p.fail("a quoted name should stand here, not " + p.here())
	}
	start := p.pos
	var b strings.Builder
	for p.pos++; p.pos < len(p.text); p.pos++ {
		switch c := p.text[p.pos]; {
		case c == quote:
			p.pos++
			return b.String(), nil
		case c == '\\' && p.pos+1 < len(p.text) && (p.text[p.pos+1] == quote || p.text[p.pos+1] == '\\'):
			p.pos++
			b.WriteByte(p.text[p.pos])
		default:
			b.WriteByte(c)
		}
	}
	p.pos = start
	return "", p.fail("the string that begins here has no end")
}

// numbers reads one item, several, or a slice.
func (p *parser) numbers() (step, error) {
	from, err := p.bound()
	if err != nil {
		return step{}, err
	}
	p.space()
	if p.skip(":") {
		return p.slice(from)
	}
	indexes := []int{from.at}
	for p.skip(",") {
		p.space()
		next, err := p.bound()
		if err != nil {
			return step{}, err
		}
		if !next.set {
			return step{}, p.fail("a number should follow ',', not " + p.here())
		}
		indexes = append(indexes, next.at)
		p.space()
	}
	if len(indexes) == 1 {
		return step{kind: itemStep, index: from.at}, nil
	}
	return step{kind: itemsStep, indexes: indexes}, nil
}

// fromEnd reads "(@.length-1)", the older way to count items from the end.
func (p *parser) fromEnd() (step, error) {
	start := p.pos
	p.pos++
	p.space()
	known := p.skip("@.length")
	p.space()
	if !known || p.peek() != '-' {
		p.pos = start
		return step{}, p.fail("only (@.length-1) and the like can stand in round brackets here; write [-1] instead")
	}
	item, err := p.bound()
	if err != nil {
		return step{}, err
	}
	if p.space(); !p.skip(")") || item.at == 0 {
		p.pos = start
		return step{}, p.fail("a number above 0 and ')' should follow '(@.length-'")
	}
	return step{kind: itemStep, index: item.at}, nil
}

// slice reads what follows the colon.
func (p *parser) slice(from bound) (step, error) {
	p.space()
	to, err := p.bound()
	if err != nil {
		return step{}, err
	}
	p.space()
	if p.peek() == ':' {
		return step{}, p.fail("a slice with a step is not supported")
	}
	return step{kind: sliceStep, from: from, to: to}, nil
}

// bound reads a whole number if there is one.
func (p *parser) bound() (bound, error) {
	start := p.pos
	p.skip("-")
	for isDigit(p.peek()) {
		p.pos++
	}
	if p.pos == start {
		return bound{}, nil
	}
	at, err := strconv.ParseInt(p.text[start:p.pos], 10, 32)
	if err != nil {
		p.pos = start
		return bound{}, p.fail("not a number of an item")
	}
	return bound{at: int(at), set: true}, nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

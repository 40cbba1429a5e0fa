package jsonpath

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// filter reads what follows "[?": a condition in round brackets.
func (p *parser) filter() (condition, error) {
	p.space()
	if p.peek() != '(' {
		return nil, p.fail("a condition in round brackets should follow '?', not " + p.here())
	}
	return p.group()
}

// group reads a condition in round brackets.
func (p *parser) group() (condition, error) {
	open := p.pos
	if p.nesting++; p.nesting > maxNesting {
		return nil, p.fail("conditions are nested too deep")
	}
	p.pos++
	c, err := p.or()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos >= len(p.text) {
		p.pos = open
		return nil, p.fail("the '(' is not closed")
	}
	if !p.skip(")") {
		return nil, p.fail("an operator or ')' should stand here, not " + p.here())
	}
	p.nesting--
	return c, nil
}

func (p *parser) or() (condition, error) {
	var parts anyOf
	for {
		part, err := p.and()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if p.space(); !p.skip("||") {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return parts, nil
}

func (p *parser) and() (condition, error) {
	var parts allOf
	for {
		part, err := p.unary()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if p.space(); !p.skip("&&") {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return parts, nil
}

// unary reads a group or a comparison, either of them perhaps negated.
func (p *parser) unary() (condition, error) {
	negated := false
	for p.space(); p.skip("!"); p.space() {
		negated = !negated
	}
	var c condition
	var err error
	if p.peek() == '(' {
		c, err = p.group()
	} else {
		c, err = p.comparison()
	}
	if err == nil && negated {
		c = not{c}
	}
	return c, err
}

func (p *parser) comparison() (condition, error) {
	start := p.pos
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.skip("=~") {
		return p.match(left)
	}
	operator := p.operator()
	if operator == "" {
		if left.path == nil {
			p.pos = start
			return nil, p.fail("a value alone is no condition")
		}
		return exists{left}, nil
	}
	p.space()
	right, err := p.operand()
	if err != nil {
		return nil, err
	}
	return &comparison{left: left, right: right, operator: operator}, nil
}

func (p *parser) operator() string {
	for _, operator := range [...]string{"==", "!=", "<=", ">=", "<", ">"} {
		if p.skip(operator) {
			return operator
		}
	}
	return ""
}

func (p *parser) operand() (operand, error) {
	switch c := p.peek(); {
	case c == '@' || c == '$':
		path, err := p.inner()
		return operand{path: path, fromRoot: c == '$'}, err
	case c == '\'' || c == '"':
		s, err := p.quoted()
		return operand{literal: s}, err
	}
	switch word := p.word(); word {
	case "":
		return operand{}, p.fail("a path that begins with '@' or '$', or a value should stand here, not " + p.here())
	case "true", "false":
		return operand{literal: word == "true"}, nil
	case "null":
		return operand{}, nil
	default:
		return operand{literal: numberOrText(word)}, nil
	}
}

// word reads a literal that is written without quotes: true, false, null, a
// number or a string. It ends at a blank, an operator, a comma or ')', so that
// names with dots, paths with slashes, addresses and dates need no quotes.
func (p *parser) word() string {
	start := p.pos
	if strings.IndexByte("?*[]{}(", p.peek()) >= 0 {
		return ""
	}
	for p.pos < len(p.text) && strings.IndexByte("=<>!&|~), \t\n\r", p.peek()) < 0 {
		p.pos++
	}
	return p.text[start:p.pos]
}

// decimal matches a number as Java reads it: a point may come first or last.
var decimal = regexp.MustCompile(`^([+-]?)([0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?$`)

// numberOrText is what a word without quotes stands for.
func numberOrText(word string) any {
	part := decimal.FindStringSubmatch(word)
	if part == nil || len(part[2])+len(part[3]) <= strings.Count(part[3], ".") {
		return word
	}
	whole := strings.TrimLeft(part[2], "0")
	if whole == "" {
		whole = "0"
	}
	fraction := strings.TrimSuffix(part[3], ".")
	number, err := value.Parse([]byte(strings.TrimPrefix(part[1], "+") + whole + fraction + part[4]))
	if err != nil {
		return word
	}
	return number
}

// inner reads a path of a condition: from the item, @, or from the root of the
// value that the whole path looks into, $.
func (p *parser) inner() (*Path, error) {
	start := p.pos
	p.pos++
	steps, err := p.steps()
	if err != nil {
		return nil, err
	}
	path := &Path{text: p.text[start:p.pos], steps: steps}
	path.finish()
	return path, nil
}

// match reads the regular expression that follows "=~".
func (p *parser) match(left operand) (condition, error) {
	p.space()
	start := p.pos
	if !p.skip("/") {
		return nil, p.fail("a regular expression between slashes should follow '=~', not " + p.here())
	}
	var b strings.Builder
	for ; p.pos < len(p.text) && p.text[p.pos] != '/'; p.pos++ {
		if p.text[p.pos] == '\\' && p.pos+1 < len(p.text) {
			if p.pos++; p.text[p.pos] != '/' {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(p.text[p.pos])
	}
	if !p.skip("/") {
		p.pos = start
		return nil, p.fail("the regular expression that begins here has no end")
	}
	flags := ""
	for strings.IndexByte("ims", p.peek()) >= 0 && p.pos < len(p.text) {
		flags += string(p.text[p.pos])
		p.pos++
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	text := flags + `\A(?:` + b.String() + `)\z`
	pattern, err := regexp.Compile(text)
	if err != nil {
		p.pos = start
		return nil, p.fail("not a regular expression that is supported")
	}
	return &match{operand: left, pattern: pattern, size: compiledSize(text)}, nil
}

// compiledSize is how many instructions a regular expression, which is one, is compiled to.
func compiledSize(text string) int {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return 0
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return 0
	}
	return len(program.Inst)
}

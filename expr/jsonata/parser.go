package jsonata

// maxNesting is how deep an expression may be nested, and how many operators
// may follow each other in one chain. It keeps the recursion over the tree
// within the stack.
const maxNesting = 2000

// parser is a Pratt parser: every operator has a binding power, a meaning at
// the beginning of an expression (prefix), and one behind an operand (infix).
type parser struct {
	lex    lexer
	tok    token
	depth  int
	spaces bool // \s is of ASCII
}

var bindingPower = map[string]int{
	".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20,
	"+": 50, "-": 50, "*": 60, "/": 60, "%": 60, "=": 40, "<": 40, ">": 40,
	"^": 40, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "?:": 40,
	"??": 40, "and": 30, "or": 25, "in": 40, "&": 50,
}

// parse reads a whole expression of a dialect into a syntax tree.
func parse(text string, dialect *Options) (*node, *Error) {
	p := &parser{lex: lexer{text: text, old: dialect.NoDefaults}, spaces: dialect.ASCIISpaces}
	if err := p.advance(false); err != nil {
		return nil, err
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokenEnd {
		return nil, p.unexpected("S0201", nil)
	}
	return n, nil
}

// advance reads the next token. infix says that an operator may follow.
func (p *parser) advance(infix bool) *Error {
	tok, err := p.lex.next(infix)
	if err != nil {
		return err
	}
	if tok.kind == tokenOperator && (tok.text == "!" || tok.text == "~") {
		return &Error{Code: "S0204", Position: tok.pos, Token: tok.text}
	}
	p.tok = tok
	return nil
}

// is says whether the token is this operator.
func (p *parser) is(op string) bool {
	return p.tok.kind == tokenOperator && p.tok.text == op
}

// expect passes an operator that must stand here.
func (p *parser) expect(op string, infix bool) *Error {
	if p.is(op) {
		return p.advance(infix)
	}
	code := "S0202"
	if p.tok.kind == tokenEnd {
		code = "S0203"
	}
	return p.unexpected(code, op)
}

// unexpected is the error that the token is not what should be here. Numbers and
// constants are shown as what they stand for.
func (p *parser) unexpected(code string, wanted any) *Error {
	literal := p.tok.kind == tokenNumber || p.tok.kind == tokenValue
	return &Error{Code: code, Position: p.tok.pos, Token: p.tok.text, Value: wanted, literal: literal, stands: p.tok.value}
}

// expression reads all that binds tighter than power.
func (p *parser) expression(power int) (*node, *Error) {
	if p.depth++; p.depth > maxNesting {
		return nil, &Error{Code: "D1011", Position: p.tok.pos}
	}
	defer func() { p.depth-- }()
	tok := p.tok
	if err := p.advance(true); err != nil {
		return nil, err
	}
	left, err := p.prefix(tok)
	for chained := 0; err == nil && power < p.power(); chained++ {
		if chained > maxNesting {
			return nil, &Error{Code: "D1011", Position: p.tok.pos}
		}
		tok = p.tok
		if err := p.advance(false); err != nil {
			return nil, err
		}
		left, err = p.infix(tok, left)
	}
	return left, err
}

func (p *parser) power() int {
	if p.tok.kind != tokenOperator {
		return 0
	}
	return bindingPower[p.tok.text]
}

// prefix reads what begins with tok, which has been passed.
func (p *parser) prefix(tok token) (*node, *Error) {
	n := &node{pos: tok.pos, text: tok.text, value: tok.value}
	switch tok.kind {
	case tokenEnd:
		n.kind = kindEnd
	case tokenName:
		n.kind = kindName
	case tokenVariable:
		n.kind = kindVariable
	case tokenString:
		n.kind = kindString
	case tokenNumber:
		n.kind = kindNumber
	case tokenValue:
		n.kind = kindValue
	case tokenRegex:
		return p.regex(n, tok)
	case tokenOperator:
		return p.prefixOperator(n)
	}
	return n, nil
}

func (p *parser) regex(n *node, tok token) (*node, *Error) {
	re, err := compileRegex(tok.text, tok.flags, p.spaces)
	if err != nil {
		return nil, &Error{Code: "S0303", Position: tok.pos, Token: tok.text, Value: err.Error()}
	}
	n.kind, n.regex = kindRegex, re
	return n, nil
}

func (p *parser) prefixOperator(n *node) (*node, *Error) {
	var err *Error
	switch n.text {
	case "and", "or", "in":
		n.kind = kindKeyword
	case "*":
		n.kind = kindWildcard
	case "**":
		n.kind = kindDescendant
	case "%":
		n.kind = kindParent
	case "-":
		n.kind = kindNegate
		n.lhs, err = p.expression(70)
	case "(":
		return p.block(n)
	case "[":
		return p.arrayConstructor(n)
	case "{":
		n.kind = kindObject
		n.pairs, err = p.pairs()
	case "|":
		return p.transform(n)
	default:
		return nil, &Error{Code: "S0211", Position: n.pos, Token: n.text}
	}
	return n, err
}

// infix reads what follows the operator tok behind left.
func (p *parser) infix(tok token, left *node) (*node, *Error) {
	n := &node{kind: kindBinary, pos: tok.pos, text: tok.text, lhs: left}
	var err *Error
	switch tok.text {
	case "(":
		return p.call(n)
	case "[":
		return p.predicate(n)
	case "{":
		n.pairs, err = p.pairs()
	case "^":
		return p.orderBy(n)
	case "?":
		return p.condition(n)
	case "?:":
		n.kind = kindElse
		n.rhs, err = p.expression(0)
	case "??":
		n.kind = kindCoalesce
		n.rhs, err = p.expression(0)
	case ":=":
		if left.kind != kindVariable {
			return nil, &Error{Code: "S0212", Position: left.pos, Token: left.text}
		}
		n.rhs, err = p.expression(bindingPower[":="] - 1)
	case "@", "#":
		if n.rhs, err = p.expression(80); err == nil && n.rhs.kind != kindVariable {
			err = &Error{Code: "S0214", Position: n.rhs.pos, Token: tok.text}
		}
	default:
		n.rhs, err = p.expression(bindingPower[tok.text])
	}
	return n, err
}

func (p *parser) block(n *node) (*node, *Error) {
	n.kind = kindBlock
	for !p.is(")") {
		part, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		n.list = append(n.list, part)
		if !p.is(";") {
			break
		}
		if err := p.advance(false); err != nil {
			return nil, err
		}
	}
	return n, p.expect(")", true)
}

func (p *parser) arrayConstructor(n *node) (*node, *Error) {
	n.kind = kindArray
	err := p.listUntil("]", func() *Error {
		item, err := p.expression(0)
		if err != nil {
			return err
		}
		if p.is("..") {
			item = &node{kind: kindBinary, text: "..", pos: p.tok.pos, lhs: item}
			if err := p.advance(false); err != nil {
				return err
			}
			if item.rhs, err = p.expression(0); err != nil {
				return err
			}
		}
		n.list = append(n.list, item)
		return nil
	})
	return n, err
}

// listUntil reads items between commas up to and with the closing operator.
func (p *parser) listUntil(closing string, item func() *Error) *Error {
	for !p.is(closing) {
		if err := item(); err != nil {
			return err
		}
		if !p.is(",") {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
		if p.is(closing) { // nothing may be left out behind a comma
			_, err := p.expression(0)
			return err
		}
	}
	return p.expect(closing, true)
}

func (p *parser) pairs() ([][2]*node, *Error) {
	var pairs [][2]*node
	err := p.listUntil("}", func() *Error {
		key, err := p.expression(0)
		if err != nil {
			return err
		}
		if err := p.expect(":", false); err != nil {
			return err
		}
		v, err := p.expression(0)
		pairs = append(pairs, [2]*node{key, v})
		return err
	})
	return pairs, err
}

func (p *parser) transform(n *node) (*node, *Error) {
	n.kind = kindTransform
	var err *Error
	if n.lhs, err = p.expression(0); err != nil {
		return nil, err
	}
	if err = p.expect("|", false); err != nil {
		return nil, err
	}
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	if p.is(",") {
		if err = p.advance(false); err != nil {
			return nil, err
		}
		if n.alt, err = p.expression(0); err != nil {
			return nil, err
		}
	}
	return n, p.expect("|", false)
}

func (p *parser) predicate(n *node) (*node, *Error) {
	if p.is("]") { // keeps a single value as an array
		step := n.lhs
		for step.kind == kindBinary && step.text == "[" {
			step = step.lhs
		}
		step.keepArray = true
		return n.lhs, p.advance(false)
	}
	var err *Error
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.expect("]", true)
}

func (p *parser) orderBy(n *node) (*node, *Error) {
	if err := p.expect("(", false); err != nil {
		return nil, err
	}
	for {
		var t term
		if p.is("<") || p.is(">") {
			t.descending = p.is(">")
			if err := p.advance(false); err != nil {
				return nil, err
			}
		}
		var err *Error
		if t.expr, err = p.expression(0); err != nil {
			return nil, err
		}
		n.terms = append(n.terms, t)
		if !p.is(",") {
			break
		}
		if err := p.advance(false); err != nil {
			return nil, err
		}
	}
	return n, p.expect(")", false)
}

func (p *parser) condition(n *node) (*node, *Error) {
	n.kind = kindCondition
	var err *Error
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	if p.is(":") {
		if err = p.advance(false); err != nil {
			return nil, err
		}
		n.alt, err = p.expression(0)
	}
	return n, err
}

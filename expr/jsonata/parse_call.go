package jsonata

import "strings"

// call reads the arguments of a call, or the head and body of a function.
func (p *parser) call(n *node) (*node, *Error) {
	n.kind = kindCall
	err := p.listUntil(")", func() *Error {
		if p.is("?") {
			n.kind = kindPartial
			n.list = append(n.list, &node{kind: kindPlaceholder, text: "?", pos: p.tok.pos})
			return p.advance(false)
		}
		arg, err := p.expression(0)
		n.list = append(n.list, arg)
		return err
	})
	if err != nil {
		return nil, err
	}
	if n.lhs.kind == kindName && (n.lhs.text == "function" || n.lhs.text == "λ") {
		return p.lambda(n)
	}
	return n, nil
}

func (p *parser) lambda(n *node) (*node, *Error) {
	n.kind = kindLambda
	for i, arg := range n.list {
		if arg.kind != kindVariable {
			return nil, &Error{Code: "S0208", Position: arg.pos, Token: arg.text, Value: float64(i + 1)}
		}
		n.params = append(n.params, arg.text)
	}
	n.list = nil
	if p.is("<") {
		if err := p.signature(n); err != nil {
			return nil, err
		}
	}
	if err := p.expect("{", false); err != nil {
		return nil, err
	}
	var err *Error
	if n.rhs, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.expect("}", false)
}

// signature reads <…> behind the parameters of a function.
func (p *parser) signature(n *node) *Error {
	pos, depth := p.tok.pos, 1
	var text strings.Builder
	text.WriteString("<")
	for depth > 0 && !p.is("{") && p.tok.kind != tokenEnd {
		if err := p.advance(false); err != nil {
			return err
		}
		switch {
		case p.is(">"):
			depth--
		case p.is("<"):
			depth++
		}
		text.WriteString(p.tok.text)
	}
	if err := p.expect(">", false); err != nil {
		return err
	}
	sig, err := parseSignature(text.String())
	if err != nil {
		err.Position += pos
		return err
	}
	n.sig = sig
	return nil
}

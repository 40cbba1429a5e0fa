package value

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Parse reads a JSON document: RFC 8259, in valid UTF-8, nested at most
// MaxDepth deep. Of members with the same name the last one counts, in the
// place of the first. An escaped half of a surrogate pair without its other
// half becomes U+FFFD. The error is a *SyntaxError.
//
// text is copied once; strings and numbers of the value share that copy, so
// that keeping any of them keeps all of it.
func Parse(text []byte) (any, error) {
	p := parser{scanner: scanner{text: string(text)}}
	v, end, err := p.parse(p.space(0))
	if err != nil {
		return nil, err
	}
	if end = p.space(end); end < len(text) {
		return nil, unexpected(p.text, end, "the end of the text")
	}
	return v, nil
}

// parser collects the items of arrays and objects that are still open on two
// stacks, so that each finished one is allocated once in its exact size.
type parser struct {
	scanner
	items   []any
	members []member
}

func (p *parser) parse(i int) (v any, end int, err error) {
	switch p.at(i) {
	case '"':
		s, end, err := p.parseString(i)
		return s, end, err
	case '{':
		return p.parseObject(i)
	case '[':
		return p.parseArray(i)
	case 't', 'f', 'n':
		if end, err = p.word(i); err != nil {
			return nil, 0, err
		}
		switch p.text[i] {
		case 't':
			return true, end, nil
		case 'f':
			return false, end, nil
		}
		return nil, end, nil
	default:
		if end, err = p.number(i); err != nil {
			return nil, 0, err
		}
		return Number(p.text[i:end]), end, nil
	}
}

func (p *parser) parseArray(i int) (v any, end int, err error) {
	if err := p.enter(i); err != nil {
		return nil, 0, err
	}
	i = p.space(i + 1)
	if p.at(i) == ']' {
		p.depth--
		return []any{}, i + 1, nil
	}
	base := len(p.items)
	for {
		item, next, err := p.parse(i)
		if err != nil {
			return nil, 0, err
		}
		p.items = append(p.items, item)
		switch i = p.space(next); p.at(i) {
		case ',':
			i = p.space(i + 1)
		case ']':
			p.depth--
			return p.popItems(base), i + 1, nil
		default:
			return nil, 0, unexpected(p.text, i, "',' or ']'")
		}
	}
}

func (p *parser) popItems(base int) []any {
	array := make([]any, len(p.items)-base)
	copy(array, p.items[base:])
	p.items = p.items[:base]
	return array
}

func (p *parser) parseObject(i int) (v any, end int, err error) {
	if err := p.enter(i); err != nil {
		return nil, 0, err
	}
	i = p.space(i + 1)
	if p.at(i) == '}' {
		p.depth--
		return &Object{}, i + 1, nil
	}
	base := len(p.members)
	for {
		if p.at(i) != '"' {
			return nil, 0, unexpected(p.text, i, "a member name in double quotes")
		}
		key, next, err := p.parseString(i)
		if err != nil {
			return nil, 0, err
		}
		if next, err = p.colon(next); err != nil {
			return nil, 0, err
		}
		v, next, err := p.parse(next)
		if err != nil {
			return nil, 0, err
		}
		p.members = append(p.members, member{key, v})
		switch i = p.space(next); p.at(i) {
		case ',':
			i = p.space(i + 1)
		case '}':
			p.depth--
			return p.popMembers(base), i + 1, nil
		default:
			return nil, 0, unexpected(p.text, i, "',' or '}'")
		}
	}
}

func (p *parser) popMembers(base int) *Object {
	members := p.members[base:]
	o := NewObject(len(members))
	for i := range members {
		o.Set(members[i].key, members[i].value)
	}
	p.members = p.members[:base]
	return o
}

func (p *parser) parseString(i int) (s string, end int, err error) {
	end, plain, err := p.string(i)
	if err != nil {
		return "", 0, err
	}
	if inner := p.text[i+1 : end-1]; plain {
		return inner, end, nil
	} else {
		return unescape(inner), end, nil
	}
}

// unescape resolves the escapes of a string's inner text, which the scanner
// has found to be in order.
func unescape(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for {
		i := strings.IndexByte(text, '\\')
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		r, size := unescapeRune(text[i:])
		b.WriteRune(r)
		text = text[i+size:]
	}
}

// unescapeRune reads the escape sequence, or pair of them, at the start of
// text.
func unescapeRune(text string) (r rune, size int) {
	switch c := text[1]; c {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r = hexRune(text[2:])
		if !utf16.IsSurrogate(r) {
			return r, 6
		}
		if strings.HasPrefix(text[6:], `\u`) {
			if pair := utf16.DecodeRune(r, hexRune(text[8:])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	default:
		return rune(c), 2
	}
}

func hexRune(text string) (r rune) {
	for i := range 4 {
		r = r<<4 | hexValue(text[i])
	}
	return r
}

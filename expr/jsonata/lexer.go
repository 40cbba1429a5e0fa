package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokenKind says what a token is.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenOperator
	tokenName
	tokenVariable
	tokenString
	tokenNumber
	tokenValue // true, false, null
	tokenRegex
)

// token is one word of an expression. text is the operator, the name, the
// value of a string or the pattern of a regular expression; value is what
// strings, numbers and constants stand for.
type token struct {
	kind  tokenKind
	text  string
	value any
	flags string // of a regular expression
	pos   int    // bytes up to and with the token
}

// lexer reads one token at a time, because the parser knows whether a slash
// divides or begins a regular expression.
type lexer struct {
	text string
	pos  int
	old  bool // no ?: and ??
}

const operatorBytes = ".[]{}(),@#;:?+-*/%|=<>^&!~"

var doubleOperators = [...]string{"..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\v' || c == '\r' }

// next reads a token. infix says that an operator may follow, so that a slash
// divides.
func (l *lexer) next(infix bool) (token, *Error) {
	if err := l.skipSpace(); err != nil {
		return token{}, err
	}
	if l.pos >= len(l.text) {
		return token{kind: tokenEnd, text: "(end)", pos: len(l.text)}, nil
	}
	c := l.text[l.pos]
	if c == '/' && !infix {
		l.pos++
		return l.regex()
	}
	for _, op := range doubleOperators {
		if strings.HasPrefix(l.text[l.pos:], op) && (op[0] != '?' || !l.old) {
			return l.operator(op), nil
		}
	}
	switch {
	case strings.IndexByte(operatorBytes, c) >= 0:
		return l.operator(l.text[l.pos : l.pos+1]), nil
	case c == '"' || c == '\'':
		return l.quoted(c)
	case c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		return l.backquoted()
	}
	return l.word(), nil
}

func (l *lexer) operator(op string) token {
	l.pos += len(op)
	return token{kind: tokenOperator, text: op, pos: l.pos}
}

// skipSpace passes white space and comments.
func (l *lexer) skipSpace() *Error {
	for {
		for l.pos < len(l.text) && isSpace(l.text[l.pos]) {
			l.pos++
		}
		if !strings.HasPrefix(l.text[l.pos:], "/*") {
			return nil
		}
		end := strings.Index(l.text[l.pos+2:], "*/")
		if end < 0 {
			return &Error{Code: "S0106", Position: l.pos}
		}
		l.pos += 2 + end + 2
	}
}

// maxRegexNesting is how deep the brackets of a regular expression may be nested, which
// keeps the memory of a search within bounds.
const maxRegexNesting = 200

// regex reads a regular expression whose first slash has been passed. A slash
// within brackets or behind a backslash does not end it.
func (l *lexer) regex() (token, *Error) {
	start, depth := l.pos, 0
	for ; l.pos < len(l.text); l.pos++ {
		escaped := l.pos > 0 && l.text[l.pos-1] == '\\'
		switch l.text[l.pos] {
		case '/':
			if depth == 0 && !l.oddBackslashes() {
				return l.regexEnd(l.text[start:l.pos])
			}
		case '(', '[', '{':
			if !escaped {
				if depth++; depth > maxRegexNesting {
					return token{}, &Error{Code: CodeDepth, Position: l.pos}
				}
			}
		case ')', ']', '}':
			if !escaped {
				depth--
			}
		}
	}
	return token{}, &Error{Code: "S0302", Position: l.pos}
}

func (l *lexer) oddBackslashes() bool {
	n := 0
	for n < l.pos && l.text[l.pos-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

func (l *lexer) regexEnd(pattern string) (token, *Error) {
	if pattern == "" {
		return token{}, &Error{Code: "S0301", Position: l.pos}
	}
	l.pos++
	start := l.pos
	for l.pos < len(l.text) && (l.text[l.pos] == 'i' || l.text[l.pos] == 'm') {
		l.pos++
	}
	return token{kind: tokenRegex, text: pattern, flags: l.text[start:l.pos], pos: l.pos}, nil
}

// quoted reads a string that begins and ends with quote.
func (l *lexer) quoted(quote byte) (token, *Error) {
	l.pos++
	rest := l.text[l.pos:]
	if end := strings.IndexByte(rest, quote); end >= 0 && strings.IndexByte(rest[:end], '\\') < 0 {
		l.pos += end + 1
		return token{kind: tokenString, text: rest[:end], value: rest[:end], pos: l.pos}, nil
	}
	var out []byte
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; c {
		case '\\':
			var err *Error
			if out, err = l.escape(out); err != nil {
				return token{}, err
			}
		case quote:
			l.pos++
			return token{kind: tokenString, text: string(out), value: string(out), pos: l.pos}, nil
		default:
			out = append(out, c)
			l.pos++
		}
	}
	return token{}, &Error{Code: "S0101", Position: l.pos}
}

// escape reads what stands behind a backslash.
func (l *lexer) escape(out []byte) ([]byte, *Error) {
	l.pos++
	if l.pos >= len(l.text) {
		return nil, &Error{Code: "S0103", Position: l.pos, Token: ""}
	}
	c := l.text[l.pos]
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		l.pos++
		return append(out, "\"\\/\b\f\n\r\t"[i]), nil
	}
	if c != 'u' {
		r, _ := utf8.DecodeRuneInString(l.text[l.pos:])
		return nil, &Error{Code: "S0103", Position: l.pos, Token: string(r)}
	}
	hex := l.text[l.pos+1 : min(l.pos+5, len(l.text))]
	unit, err := strconv.ParseUint(hex, 16, 16)
	if err != nil {
		return nil, &Error{Code: "S0104", Position: l.pos}
	}
	l.pos += 1 + len(hex)
	return appendUnit(out, uint16(unit)), nil
}

func (l *lexer) number() (token, *Error) {
	end := numberEnd(l.text[l.pos:])
	text := l.text[l.pos : l.pos+end]
	f, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(f, 0) {
		return token{}, &Error{Code: "S0102", Position: l.pos, Token: text}
	}
	l.pos += end
	return token{kind: tokenNumber, text: text, value: f, pos: l.pos}, nil
}

// numberEnd is the length of the JSON number at the beginning of s, which
// begins with a digit.
func numberEnd(s string) int {
	i := 1
	if s[0] != '0' {
		i += digits(s[i:])
	}
	if i < len(s) && s[i] == '.' {
		if n := digits(s[i+1:]); n > 0 {
			i += 1 + n
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if n := digits(s[j:]); n > 0 {
			i = j + n
		}
	}
	return i
}

// digits is how many decimal digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func (l *lexer) backquoted() (token, *Error) {
	l.pos++
	end := strings.IndexByte(l.text[l.pos:], '`')
	if end < 0 {
		return token{}, &Error{Code: "S0105", Position: len(l.text)}
	}
	name := l.text[l.pos : l.pos+end]
	l.pos += end + 1
	return token{kind: tokenName, text: name, pos: l.pos}, nil
}

// word reads a name, a variable, a constant or an operator that is a word: all
// up to the next space or operator.
func (l *lexer) word() token {
	start := l.pos
	for l.pos < len(l.text) && !isSpace(l.text[l.pos]) && strings.IndexByte(operatorBytes, l.text[l.pos]) < 0 {
		l.pos++
	}
	name := l.text[start:l.pos]
	if name[0] == '$' {
		return token{kind: tokenVariable, text: name[1:], pos: l.pos}
	}
	switch name {
	case "and", "or", "in":
		return token{kind: tokenOperator, text: name, pos: l.pos}
	case "true", "false":
		return token{kind: tokenValue, text: name, value: name == "true", pos: l.pos}
	case "null":
		return token{kind: tokenValue, text: name, pos: l.pos}
	}
	return token{kind: tokenName, text: name, pos: l.pos}
}

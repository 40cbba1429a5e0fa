package value

import (
	"unicode/utf8"
	"unsafe"
)

// A scanner walks over a JSON text. Its methods take the position where
// something begins and return the position behind it; the error is nil or a
// *SyntaxError. It is embedded in the parser, and by itself is what Valid is.
type scanner struct {
	text  string
	depth int
}

// Valid says whether text is a JSON document by the same rules as Parse,
// without building anything. The error is a *SyntaxError.
func Valid(text []byte) error {
	s := scanner{text: view(text)}
	end, err := s.value(s.space(0))
	if err != nil {
		return err
	}
	return s.over(end)
}

// view is text as a string without a copy; it must not outlive the call that
// text was given to.
func view(text []byte) string {
	return unsafe.String(unsafe.SliceData(text), len(text))
}

// space skips white space.
func (s *scanner) space(i int) int {
	for i < len(s.text) {
		switch s.text[i] {
		case ' ', '\n', '\r', '\t':
			i++
		default:
			return i
		}
	}
	return i
}

// at is the byte at i, or 0 behind the end: a byte that nothing begins with.
func (s *scanner) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// enter counts one more level of nesting.
func (s *scanner) enter(i int) error {
	if s.depth++; s.depth > MaxDepth {
		return syntaxError(s.text, i, "nested too deep, 1000 levels are allowed")
	}
	return nil
}

func (s *scanner) value(i int) (int, error) {
	switch c := s.at(i); c {
	case '"':
		end, _, err := s.string(i)
		return end, err
	case '{':
		return s.object(i)
	case '[':
		return s.array(i)
	case 't', 'f', 'n':
		return s.word(i)
	default:
		return s.number(i)
	}
}

func (s *scanner) array(i int) (int, error) {
	if err := s.enter(i); err != nil {
		return 0, err
	}
	i = s.space(i + 1)
	if s.at(i) == ']' {
		s.depth--
		return i + 1, nil
	}
	for {
		end, err := s.value(i)
		if err != nil {
			return 0, err
		}
		switch i = s.space(end); s.at(i) {
		case ',':
			i = s.space(i + 1)
		case ']':
			s.depth--
			return i + 1, nil
		default:
			return 0, unexpected(s.text, i, "',' or ']'")
		}
	}
}

func (s *scanner) object(i int) (int, error) {
	if err := s.enter(i); err != nil {
		return 0, err
	}
	i = s.space(i + 1)
	if s.at(i) == '}' {
		s.depth--
		return i + 1, nil
	}
	for {
		end, err := s.key(i)
		if err != nil {
			return 0, err
		}
		if end, err = s.value(end); err != nil {
			return 0, err
		}
		switch i = s.space(end); s.at(i) {
		case ',':
			i = s.space(i + 1)
		case '}':
			s.depth--
			return i + 1, nil
		default:
			return 0, unexpected(s.text, i, "',' or '}'")
		}
	}
}

// key skips a member's name and colon, and the white space behind.
func (s *scanner) key(i int) (int, error) {
	if s.at(i) != '"' {
		return 0, unexpected(s.text, i, "a member name in double quotes")
	}
	end, _, err := s.string(i)
	if err != nil {
		return 0, err
	}
	return s.colon(end)
}

// colon skips a colon and the white space around it.
func (s *scanner) colon(i int) (int, error) {
	if i = s.space(i); s.at(i) != ':' {
		return 0, unexpected(s.text, i, "':'")
	}
	return s.space(i + 1), nil
}

func (s *scanner) word(i int) (int, error) {
	for _, word := range [...]string{"true", "false", "null"} {
		if end := i + len(word); end <= len(s.text) && s.text[i:end] == word {
			return end, nil
		}
	}
	return 0, unexpected(s.text, i, "a value")
}

func (s *scanner) number(start int) (int, error) {
	i := start
	if s.at(i) == '-' {
		i++
	}
	switch c := s.at(i); {
	case c == '0':
		i++
	case isDigit(c):
		i = s.digits(i)
	case i > start:
		return 0, unexpected(s.text, i, "a digit")
	default:
		return 0, unexpected(s.text, i, "a value")
	}
	if s.at(i) == '.' {
		if i++; !isDigit(s.at(i)) {
			return 0, unexpected(s.text, i, "a digit")
		}
		i = s.digits(i)
	}
	if c := s.at(i); c == 'e' || c == 'E' {
		if i++; s.at(i) == '+' || s.at(i) == '-' {
			i++
		}
		if !isDigit(s.at(i)) {
			return 0, unexpected(s.text, i, "a digit")
		}
		i = s.digits(i)
	}
	return i, nil
}

func (s *scanner) digits(i int) int {
	for i < len(s.text) && isDigit(s.text[i]) {
		i++
	}
	return i
}

// string skips the string that begins with the quote at i. plain is true if
// it is what it is written as, with no escapes in it.
func (s *scanner) string(i int) (end int, plain bool, err error) {
	plain = true
	start := i
	for i++; i < len(s.text); {
		c := s.text[i]
		if safe[c] {
			i++
			continue
		}
		switch {
		case c == '"':
			return i + 1, plain, nil
		case c == '\\':
			plain = false
			if i, err = s.escape(i); err != nil {
				return 0, false, err
			}
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s.text[i:])
			if r == utf8.RuneError && size == 1 {
				return 0, false, unexpected(s.text, i, "a character")
			}
			i += size
		default:
			return 0, false, unexpected(s.text, i, "a character or an escape")
		}
	}
	return 0, false, syntaxError(s.text, start, "the string that begins here has no end")
}

// escape skips the escape sequence that begins with the backslash at i.
func (s *scanner) escape(i int) (int, error) {
	switch s.at(i + 1) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, nil
	case 'u':
		for j := i + 2; j < i+6; j++ {
			if hexValue(s.at(j)) < 0 {
				return 0, unexpected(s.text, j, "a hexadecimal digit")
			}
		}
		return i + 6, nil
	}
	return 0, unexpected(s.text, i+1, `one of "\/bfnrtu behind the backslash`)
}

// safe are the bytes that stand for themselves inside a string and need no
// second look: ASCII but controls, quote and backslash.
var safe = func() (table [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()

func hexValue(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

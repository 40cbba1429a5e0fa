package value

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SyntaxError says why and where a text is no JSON document.
type SyntaxError struct {
	Offset int // bytes before the place
	Line   int // from 1
	Column int // in characters, from 1
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s at line %d, column %d", e.Msg, e.Line, e.Column)
}

// syntaxError places msg at offset of text.
func syntaxError(text string, offset int, msg string) *SyntaxError {
	offset = min(offset, len(text))
	before := text[:offset]
	lineStart := strings.LastIndexByte(before, '\n') + 1
	return &SyntaxError{
		Offset: offset,
		Line:   strings.Count(before, "\n") + 1,
		Column: utf8.RuneCountInString(before[lineStart:]) + 1,
		Msg:    msg,
	}
}

// unexpected describes what stands at offset instead of what was wanted.
func unexpected(text string, offset int, wanted string) *SyntaxError {
	if offset >= len(text) {
		return syntaxError(text, len(text), "unexpected end of text, "+wanted+" is missing")
	}
	r, size := utf8.DecodeRuneInString(text[offset:])
	if r == utf8.RuneError && size == 1 {
		return syntaxError(text, offset, fmt.Sprintf("byte %#02x is not UTF-8", text[offset]))
	}
	return syntaxError(text, offset, fmt.Sprintf("unexpected %q where %s should be", r, wanted))
}

// Package jsonfault says what is wrong with a text that should be JSON in the
// words of the parser that AWS uses (Jackson): definitions, inputs and outputs
// that are refused name the fault, and quote the text.
package jsonfault

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// Fault is the first thing that is wrong with a text.
type Fault struct {
	Message string
	// Place quotes the text and says how far the parser has read.
	Place string
	// Line and Column say where the fault itself is, both from 1.
	Line, Column int
}

// Error is the whole report, as AWS shows it.
func (f *Fault) Error() string { return f.Message + "\n at " + f.Place }

// Find returns the first fault of a text, nil for JSON. It quotes the text, as AWS
// does where a request has it.
func Find(text []byte) *Fault { return find(text, false) }

// FindInState is Find as AWS words it where a state reads a text: by a newer
// version of the parser, which does not quote the text and places a character
// that is unexpected at the character and not behind it.
func FindInState(text []byte) *Fault { return find(text, true) }

func find(text []byte, newer bool) *Fault {
	err := value.Valid(text)
	if err == nil {
		return nil
	}
	s := string(text)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	r := reader{text: []rune(s), newer: newer}
	fault := &Fault{Message: err.Error(), Line: 1, Column: 1}
	var syntax *value.SyntaxError
	if errors.As(err, &syntax) {
		fault.Message, fault.Line, fault.Column = syntax.Msg, syntax.Line, syntax.Column
	}
	fault.Place = r.quote(fault.Line, fault.Column) // for a rule of ours that Jackson does not have
	if strings.TrimSpace(s) == "" {
		fault.Message, fault.Place = "No content to map due to end-of-input", r.quote(1, 0)
		return fault
	}
	if r.value(r.space(0)); r.fault != "" {
		fault.Message, fault.Place = r.fault, r.place(r.offset, r.within)
	}
	return fault
}

// Place writes a place in a text, of which it quotes the beginning.
func Place(text string, line, column int) string {
	const longest = 500
	shown, more := text, ""
	if runes := []rune(text); len(runes) > longest {
		shown, more = string(runes[:longest]), fmt.Sprintf("[truncated %d chars]", len(runes)-longest)
	}
	return fmt.Sprintf(`[Source: (String)"%s"%s; line: %d, column: %d]`, shown, more, line, column)
}

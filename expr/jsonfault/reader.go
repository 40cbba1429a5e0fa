package jsonfault

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/fermata-dev/fermata/expr/value"
)

// reader walks over a text until the first fault, as Jackson's parser does. Its
// methods take the position where something begins and return the one behind
// it, or -1 after a fault. Faults are placed where Jackson has read up to.
type reader struct {
	text   []rune
	newer  bool // see FindInState
	depth  int
	open   []int // where the objects and arrays that are open begin
	fault  string
	offset int
	within bool // the character after offset was read too, and counts for a column only
}

// fail notes the first fault; it was found with offset runes read.
func (r *reader) fail(offset int, format string, args ...any) int {
	if r.fault == "" {
		r.fault, r.offset = fmt.Sprintf(format, args...), offset
	}
	return -1
}

// place is where the parser is when it has read up to an offset.
func (r *reader) place(offset int, within bool) string {
	line, column := 1, 1
	for _, c := range r.text[:min(offset, len(r.text))] {
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	if within {
		column++
	}
	return r.quote(line, column)
}

// quote writes a place as the version of the parser does.
func (r *reader) quote(line, column int) string {
	if r.newer {
		return fmt.Sprintf("[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: %d, column: %d]", line, column)
	}
	return Place(string(r.text), line, column)
}

// unexpected is the fault of the character at i.
func (r *reader) unexpected(i int, wanted string) int {
	return r.failAt(i, "Unexpected character (%s): %s", named(r.text[i]), wanted)
}

// failAt notes a fault of the character at i, if it is the first.
func (r *reader) failAt(i int, format string, args ...any) int {
	if !r.newer {
		i++
	}
	return r.fail(i, format, args...)
}

func named(c rune) string {
	switch {
	case unicode.IsControl(c):
		return fmt.Sprintf("(CTRL-CHAR, code %d)", c)
	case c > 0xff:
		return fmt.Sprintf("'%c' (code %d / 0x%x)", c, c, c)
	}
	return fmt.Sprintf("'%c' (code %d)", c, c)
}

func (r *reader) end(i int) bool { return i >= len(r.text) }

func (r *reader) space(i int) int {
	for !r.end(i) && strings.ContainsRune(" \t\r\n", r.text[i]) {
		i++
	}
	return i
}

// value reads a value. All of its callers have seen that there is something.
func (r *reader) value(i int) int {
	switch c := r.text[i]; {
	case c == '"':
		return r.string(i+1, "string value", ": was expecting closing quote for a string value")
	case c == '{', c == '[':
		return r.nested(i)
	case c == '-', c >= '0' && c <= '9':
		return r.number(i)
	default:
		return r.word(i)
	}
}

const wantValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

func (r *reader) word(i int) int {
	j := i
	for !r.end(j) && (unicode.IsLetter(r.text[j]) || unicode.IsDigit(r.text[j]) || r.text[j] == '_' || r.text[j] == '$') {
		j++
	}
	switch word := string(r.text[i:j]); word {
	case "true", "false", "null":
		return j
	case "":
		return r.unexpected(i, "expected a valid value "+wantValue)
	default:
		return r.fail(j, "Unrecognized token '%s': was expecting %s", word, wantValue)
	}
}

// nested reads an object or an array.
func (r *reader) nested(i int) int {
	if r.depth++; r.depth > value.MaxDepth {
		return -1
	}
	r.open = append(r.open, i)
	object := r.text[i] == '{'
	i = r.items(r.space(i+1), object)
	r.open = r.open[:len(r.open)-1]
	r.depth--
	return i
}

func (r *reader) items(i int, object bool) int {
	kind, closing := "Array", ']'
	if object {
		kind, closing = "Object", '}'
	}
	for first := true; ; first = false {
		switch {
		case r.end(i):
			return r.unclosed(kind)
		case r.text[i] == closing && first:
			return i + 1
		}
		if i = r.item(i, object); i < 0 {
			return -1
		}
		switch i = r.space(i); {
		case r.end(i):
			return r.unclosed(kind)
		case r.text[i] == closing:
			return i + 1
		case r.text[i] == '}' || r.text[i] == ']':
			return r.mismatched(i, kind, closing)
		case r.text[i] != ',':
			return r.unexpected(i, "was expecting comma to separate "+kind+" entries")
		}
		if i = r.space(i + 1); r.end(i) {
			return r.fail(i, "Unexpected end-of-input within/between %s entries", kind)
		}
	}
}

func (r *reader) unclosed(kind string) int {
	start := r.place(r.open[len(r.open)-1], false)
	return r.fail(len(r.text), "Unexpected end-of-input: expected close marker for %s (start marker at %s)", kind, start)
}

func (r *reader) mismatched(i int, kind string, closing rune) int {
	start := r.place(r.open[len(r.open)-1], false)
	return r.failAt(i, "Unexpected close marker '%c': expected '%c' (for %s starting at %s)", r.text[i], closing, kind, start)
}

// item reads an item of an array or a member of an object.
func (r *reader) item(i int, object bool) int {
	if !object {
		return r.value(i)
	}
	if r.text[i] != '"' {
		return r.unexpected(i, "was expecting double-quote to start field name")
	}
	if i = r.string(i+1, "name", " in field name"); i < 0 {
		return -1
	}
	switch i = r.space(i); {
	case r.end(i):
		return r.fail(i, "Unexpected end-of-input within/between Object entries")
	case r.text[i] != ':':
		return r.unexpected(i, "was expecting a colon to separate field name and value")
	}
	if i = r.space(i + 1); r.end(i) {
		return r.fail(i, "Unexpected end-of-input within/between Object entries")
	}
	return r.value(i)
}

func (r *reader) string(i int, what, eof string) int {
	for ; !r.end(i); i++ {
		switch c := r.text[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			r.within = r.fault == ""
			return r.fail(i, "Illegal unquoted character (%s): has to be escaped using backslash to be included in %s", named(c), what)
		case c == '\\':
			if i = r.escape(i + 1); i < 0 {
				return -1
			}
		}
	}
	return r.fail(i, "Unexpected end-of-input%s", eof)
}

// escape reads what follows a backslash and returns its last position.
func (r *reader) escape(i int) int {
	if r.end(i) {
		return r.fail(i, "Unexpected end-of-input in character escape sequence")
	}
	c := r.text[i]
	if strings.ContainsRune(`"\/bfnrt`, c) {
		return i
	}
	if c != 'u' {
		return r.fail(i+1, "Unrecognized character escape %s", named(c))
	}
	for range 4 {
		if i++; r.end(i) {
			return r.fail(i, "Unexpected end-of-input in character escape sequence")
		}
		if !strings.ContainsRune("0123456789abcdefABCDEF", r.text[i]) {
			return r.unexpected(i, "expected a hex-digit for character escape sequence")
		}
	}
	return i
}

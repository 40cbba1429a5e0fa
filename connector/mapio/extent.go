package mapio

// extent finds the end of a JSON value in a text that comes in pieces.
type extent struct {
	depth   int
	begun   bool
	done    bool
	text    bool // within a string
	escaped bool // behind a backslash
}

// open says whether the value needs more.
func (e *extent) open() bool { return !e.begun || e.depth > 0 || e.text }

// scan is how many bytes of the next piece belong to the value.
func (e *extent) scan(piece []byte) int {
	for i := 0; i < len(piece); i++ {
		if e.byte(piece[i]) {
			return i // a scalar ends before what follows it
		}
		if e.done {
			return i + 1
		}
	}
	return len(piece)
}

// byte takes a byte; true if it does not belong to the value any more.
func (e *extent) byte(b byte) bool {
	switch {
	case e.escaped:
		e.escaped = false
	case e.text:
		e.escaped = b == '\\'
		if b == '"' {
			e.text, e.done = false, e.depth == 0
		}
	case e.begun && e.depth == 0 && ends(b):
		e.done = true
		return true
	default:
		e.outside(b)
	}
	return false
}

// outside takes a byte that is not within a string.
func (e *extent) outside(b byte) {
	e.begun = true
	switch b {
	case '"':
		e.text = true
	case '{', '[':
		e.depth++
	case '}', ']':
		e.depth--
		e.done = e.depth <= 0
	}
}

// ends says whether a byte ends a number or a literal.
func ends(b byte) bool {
	switch b {
	case ' ', '\n', '\r', '\t', ',', ']', '}', ':':
		return true
	}
	return false
}

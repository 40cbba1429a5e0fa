package value

// Items goes through the elements of an array and gives each its part of the
// array's text, so that nobody has to write it again. The zero value goes through
// nothing.
type Items struct {
	values []any
	text   []byte // what is left behind the last element; nil if there is no text to use
	next   int
}

// Items are those of an array; ok is false if the document is none. Only a
// text that was written here is used: one that came from outside may say the same
// in other words.
func (d *Document) Items() (e Items, ok bool) {
	e.values, ok = d.Value().([]any)
	if ok && d.made && d.text != nil {
		e.text = d.text[1:]
	}
	return e, ok
}

// Position is how many elements Next has given.
func (e *Items) Position() int { return e.next }

// Next is the next element; ok is false after the last one.
func (e *Items) Next() (d *Document, ok bool) {
	if e.next == len(e.values) {
		return nil, false
	}
	d = Of(e.values[e.next])
	e.next++
	if e.text != nil {
		end := endOf(e.text)
		d.text = e.text[:end:end]
		d.compact = d.text
		e.text = e.text[end+1:] // behind the comma, or the bracket
	}
	return d, true
}

// endOf is where the value ends that a compact text begins with.
func endOf(text []byte) int {
	depth := 0
	for i := 0; i < len(text); {
		switch text[i] {
		case '"':
			i = skipString(text, i)
			continue
		case '{', '[':
			depth++
		case ',':
			if depth == 0 {
				return i
			}
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		}
		i++
	}
	return len(text)
}

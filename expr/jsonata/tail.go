package jsonata

import "strings"

// tail is what was made last by putting something behind a list or a text. Where that
// grows item by item, as in $reduce, it is not copied each time: it has room behind it that
// nobody else sees, and what comes next goes there.
type tail struct {
	list []any
	text strings.Builder
}

// grown is another list, with more items behind it; ok is false if the budget is exhausted.
// Of the result nothing may be changed.
func (r *run) grown(list, more []any) (result []any, ok bool) {
	last := &r.tail.list
	grows := len(list) > 0 && len(list) == len(*last) && &list[0] == &(*last)[0]
	length := len(list) + len(more)
	if !grows || len(more) == 0 || length > cap(*last) {
		room := length
		if grows {
			room += length / 4
		}
		if !r.spend(0, 16*room) {
			return nil, false
		}
		*last = append(make([]any, 0, room), list...)
	}
	if !r.spend(1+len(more)/constantsOfStep, 0) {
		return nil, false
	}
	*last = append(*last, more...)
	return (*last)[:length:length], true
}

// longText is how long a text is at least that grows without being copied.
const longText = 512

// grownText is a with b behind it; ok is false if the budget is exhausted.
func (r *run) grownText(a, b string) (result string, ok bool) {
	if b == "" {
		return a, true
	}
	if _, meets := half(b); meets || len(a) < longText {
		if !r.spend(0, len(a)+len(b)) {
			return "", false
		}
		return joinUnits(a, b), true
	}
	last := &r.tail.text
	if len(a) != last.Len() || a != last.String() {
		last.Reset()
	}
	copied := 0
	if len(a)+len(b) > last.Cap() {
		copied = len(a)
	}
	if !r.spend(0, copied+len(b)) {
		return "", false
	}
	if last.Len() == 0 {
		last.Grow(len(a) + len(b))
		last.WriteString(a)
	}
	last.WriteString(b)
	return last.String(), true
}

package definition

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// target is a place in a text that diagnostics are about, or that lies above
// such a place.
type target struct {
	below        map[string]*target // by the token of a JSON pointer, unescaped
	about        []*Diagnostic
	line, column int // where it stands; 0 if it was not found
}

var pointerTokens = strings.NewReplacer("~1", "/", "~0", "~")

// targetsOf are the places of the diagnostics, below the whole text.
func targetsOf(diagnostics []Diagnostic) *target {
	root := &target{}
	for i := range diagnostics {
		t := root
		for _, token := range strings.Split(diagnostics[i].Pointer, "/")[1:] {
			t = t.step(pointerTokens.Replace(token))
		}
		t.about = append(t.about, &diagnostics[i])
	}
	return root
}

func (t *target) step(token string) *target {
	next := t.below[token]
	if next == nil {
		if t.below == nil {
			t.below = map[string]*target{}
		}
		next = &target{}
		t.below[token] = next
	}
	return next
}

// locate gives the diagnostics their positions: of what is not there, that of what should
// have it, which is the line and column given.
func (t *target) locate(line, column int) {
	if t.line > 0 {
		line, column = t.line, t.column
	}
	for _, d := range t.about {
		d.Line, d.Column = line, column
	}
	for _, next := range t.below {
		next.locate(line, column)
	}
}

// locateJSON fills in the lines and columns of diagnostics. The text is valid
// JSON.
func locateJSON(text string, diagnostics []Diagnostic) {
	if len(diagnostics) == 0 {
		return
	}
	l := locator{text: text, line: 1, column: 1, open: []opened{{target: targetsOf(diagnostics), item: -1}}}
	root := l.open[0].target
	l.run()
	root.locate(1, 1)
}

// locator walks over JSON text and knows which target it is at.
type locator struct {
	text    string
	open    []opened
	line    int
	counted int // an offset in the line, in characters its column: a text may be one line
	column  int
}

// opened is an object or array that is not closed yet. The first one stands
// for the whole text.
type opened struct {
	target *target // nil if nothing in it is looked for
	member *target // of the member whose value comes next, for an object
	item   int     // of the array; -1 for an object
	key    bool    // whether a key comes next
}

func (l *locator) run() {
	for i := 0; i < len(l.text); {
		top := &l.open[len(l.open)-1]
		switch c := l.text[i]; {
		case c == '\n':
			l.line++
			l.counted, l.column = i+1, 1
		case c == ' ' || c == '\t' || c == '\r' || c == ':':
		case c == ',':
			if top.key = top.item < 0; !top.key {
				top.item++
			}
		case c == '}' || c == ']':
			l.open = l.open[:len(l.open)-1]
		case c == '"' && top.key:
			end := endOfString(l.text, i)
			top.member, top.key = l.visit(top.target, keyOf(l.text[i:end]), i), false
			i = end
			continue
		default:
			i = l.value(top, i)
			continue
		}
		i++
	}
}

// value goes into an object or array, and over everything else.
func (l *locator) value(top *opened, i int) int {
	inside := top.member
	switch {
	case len(l.open) == 1:
		inside = top.target
	case top.item >= 0:
		inside = l.visit(top.target, strconv.Itoa(top.item), i)
	}
	switch l.text[i] {
	case '{':
		l.open = append(l.open, opened{target: inside, item: -1, key: true})
		return i + 1
	case '[':
		l.open = append(l.open, opened{target: inside})
		return i + 1
	case '"':
		return endOfString(l.text, i)
	}
	for i < len(l.text) && !strings.ContainsRune(" \t\r\n,]}", rune(l.text[i])) {
		i++
	}
	return i
}

// visit is the target of a token below another one, which stands at i.
func (l *locator) visit(t *target, token string, i int) *target {
	if t == nil || t.below[token] == nil {
		return nil
	}
	next := t.below[token]
	l.column += utf8.RuneCountInString(l.text[l.counted:i])
	l.counted = i
	next.line, next.column = l.line, l.column
	return next
}

// keyOf is the text of a quoted key.
func keyOf(quoted string) string {
	if !strings.Contains(quoted, `\`) {
		return quoted[1 : len(quoted)-1]
	}
	v, err := value.Parse([]byte(quoted))
	if err != nil {
		return ""
	}
	key, _ := v.(string)
	return key
}

package jsonata

import (
	"regexp"
	"strings"
)

// datePicture is a picture of $fromMillis and $toMillis, taken apart: XPath
// and XQuery Functions and Operators 3.1, section 9.8.4.
type datePicture []datePart

// datePart is text, or a marker for a component of the date if component is
// not 0.
type datePart struct {
	literal    string
	name       string // the marker's first letter, of which component is the first byte
	component  byte
	names      bool
	letters    letterCase
	zone       bool // Z for no offset
	minWidth   int  // 0 if there is none
	maxWidth   int  // -1 if there is none
	integer    *integerPicture
	yearDigits int // how many digits of the year are shown, -1 for all
}

// knownPicture is a picture taken apart.
type knownPicture struct {
	text  string
	parts datePicture
	re    *regexp.Regexp // of texts in this picture, once one has been read
}

// datePicture takes a picture apart, unless it is the one of the time before.
func (c *call) datePicture(text string) (*knownPicture, *Error) {
	if last := c.r.picture; last != nil && last.text == text {
		return last, nil
	}
	if !c.r.spend(1+len(text), 128*len(text)) {
		return nil, c.r.spent
	}
	parts, err := parseDatePicture(text)
	if err != nil {
		return nil, err
	}
	c.r.picture = &knownPicture{text: text, parts: parts}
	return c.r.picture, nil
}

// presentations are how components look whose marker does not say.
var presentations = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

func parseDatePicture(text string) (datePicture, *Error) {
	var p datePicture
	literal := func(s string) {
		if s != "" {
			p = append(p, datePart{literal: strings.ReplaceAll(s, "]]", "]")})
		}
	}
	for {
		before, rest, ok := strings.Cut(text, "[")
		literal(before)
		if !ok {
			return p, nil
		}
		if strings.HasPrefix(rest, "[") {
			p = append(p, datePart{literal: "["})
			text = rest[1:]
			continue
		}
		marker, after, ok := strings.Cut(rest, "]")
		if !ok {
			return nil, &Error{Code: "D3135"}
		}
		part, err := parseMarker(strings.Join(strings.Fields(marker), ""))
		if err != nil {
			return nil, err
		}
		if n := len(p) - 1; n >= 0 && part.integer != nil && p[n].integer != nil && !part.isZone() {
			p[n].integer.width = p[n].integer.mandatory
		}
		p = append(p, part)
		text = after
	}
}

func (d *datePart) isZone() bool { return d.component == 'Z' || d.component == 'z' }

// parseMarker reads what stands between brackets.
func parseMarker(marker string) (datePart, *Error) {
	if marker == "" {
		return datePart{}, &Error{Code: "D3132", Value: ""}
	}
	_, length := decode(marker)
	d := datePart{component: marker[0], name: marker[:length], maxWidth: -1, yearDigits: -1}
	presentation := marker[1:]
	if comma := strings.LastIndexByte(presentation, ','); comma >= 0 {
		low, high, _ := strings.Cut(presentation[comma+1:], "-")
		d.minWidth, d.maxWidth = widthOf(low, 0), widthOf(high, -1)
		presentation = presentation[:comma]
	}
	modifier := byte(0)
	if n := len(presentation); n > 1 && strings.IndexByte("atco", presentation[n-1]) >= 0 {
		modifier = presentation[n-1]
		presentation = presentation[:n-1]
	}
	if presentation == "" {
		var known bool
		if presentation, known = presentations[d.component]; !known {
			return d, &Error{Code: "D3132", Value: string([]rune(marker)[:1])}
		}
	}
	d.zone = modifier == 't'
	return d, d.present(presentation, modifier)
}

// widthOf is the number that a width begins with, or otherwise.
func widthOf(text string, otherwise int) int {
	if x := leadingInteger(text); x >= 0 {
		return int(min(x, maxDigits))
	}
	return otherwise
}

// present works out how the component is written.
func (d *datePart) present(presentation string, modifier byte) *Error {
	var err *Error
	switch {
	case presentation[0] == 'n':
		d.names = true
	case strings.HasPrefix(presentation, "Nn"):
		d.names, d.letters = true, titleCase
	case presentation[0] == 'N':
		d.names, d.letters = true, upperCase
	case strings.IndexByte("YMDdFWwXxHhmsf", d.component) >= 0:
		if modifier != 0 {
			presentation += ";" + string(modifier)
		}
		if d.integer, err = parseIntegerPicture(presentation); err == nil {
			d.widths()
		}
	}
	if d.isZone() {
		d.integer, err = parseIntegerPicture(presentation)
	}
	return err
}

// maxDigits is how many digits a width can ask for.
const maxDigits = 1000

// widths is for numbers: words and letters have no least width.
func (d *datePart) widths() {
	if d.integer.style == styleDecimal {
		d.integer.mandatory = min(max(d.integer.mandatory, d.minWidth), maxDigits) // a picture may be longer
	}
	if d.component != 'Y' {
		return
	}
	if d.maxWidth >= 0 {
		d.yearDigits = d.maxWidth
		d.integer.mandatory = d.yearDigits
	} else if n := d.integer.mandatory + d.integer.optional; n >= 2 {
		d.yearDigits = n
	}
}

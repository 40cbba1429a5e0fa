package jsonata

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// pattern is the regular expression of what the part matches.
func (d *datePart) pattern() (string, *Error) {
	switch {
	case d.component == 0:
		return regexp.QuoteMeta(d.literal), nil
	case d.isZone():
		prefix := ""
		if d.component == 'z' {
			prefix = "GMT"
		}
		if d.integer.regular > 0 {
			return prefix + "[-+][0-9]+" + regexp.QuoteMeta(d.integer.separators[0].text) + "[0-9]+", nil
		}
		return prefix + "[-+][0-9]+", nil
	case d.component == 'f':
		return "[0-9]+", nil
	case d.integer != nil:
		return d.integer.pattern()
	case strings.IndexByte("MxFP", d.component) < 0:
		return "", &Error{Code: "D3133", Value: d.name}
	}
	return "[a-zA-Z]+", nil
}

func (p *integerPicture) pattern() (string, *Error) {
	switch p.style {
	case styleLetters:
		return "[a-zA-Z]+", nil
	case styleRoman:
		return "[mdclxviMDCLXVI]+", nil
	case styleWords:
		return wordsPattern, nil
	case styleSequence:
		return "", &Error{Code: "D3130", Value: p.text}
	}
	pattern := "[0-9]+"
	if p.width > 0 {
		pattern = "[0-9]{" + strconv.Itoa(min(p.width, maxDigits)) + "}"
	}
	if p.ordinal {
		pattern += "(?:th|st|nd|rd)"
	}
	return pattern, nil
}

// read is the number that the text of a part stands for, or NaN.
func (d *datePart) read(text string) float64 {
	switch {
	case d.isZone():
		return d.readZone(strings.TrimPrefix(strings.ToUpper(text), "GMT"))
	case d.component == 'f':
		x, _ := strconv.ParseFloat("0."+text[:min(3, len(text))], 64)
		return x * 1000
	case d.integer != nil:
		return d.integer.parse(text)
	case d.component == 'P':
		return readHalf(text)
	case d.component == 'F':
		return d.readName(dayNames, text)
	}
	return d.readName(monthNames, text)
}

// readHalf is 0 before noon and 1 after it.
func readHalf(text string) float64 {
	switch text {
	case "am", "AM":
		return 0
	case "pm", "PM":
		return 1
	}
	return math.NaN()
}

func (d *datePart) readName(names []string, text string) float64 {
	for i, name := range names {
		if d.maxWidth > 0 {
			name = name[:min(d.maxWidth, len(name))]
		}
		if name == text {
			return float64(i + 1)
		}
	}
	return math.NaN()
}

// readZone is an offset in minutes.
func (d *datePart) readZone(text string) float64 {
	hours, minutes := text, "0"
	if d.integer.regular > 0 {
		hours, minutes, _ = strings.Cut(text, d.integer.separators[0].text)
	} else if len(text) > 3 {
		hours, minutes = text[:3], text[3:]
	}
	return leadingInteger(hours)*60 + leadingInteger(minutes)
}

// Each byte of a pattern takes so much memory once it is compiled, and so many bytes of it
// are compiled in one step.
const (
	patternMemory = 64
	patternBytes  = 16
)

// dateRegexp is the regular expression of a text that has all parts of the picture, each of
// them a group. To look through a text of this length costs steps for each of its groups.
func (c *call) dateRegexp(picture *knownPicture, length int) (*regexp.Regexp, *Error) {
	parts := picture.parts
	if !c.r.spend(len(parts)*(1+length)/stepText, 0) {
		return nil, c.r.spent
	}
	if picture.re != nil {
		return picture.re, nil
	}
	var pattern strings.Builder
	pattern.WriteString("(?i)^")
	for i := range parts {
		p, err := parts[i].pattern()
		if err != nil {
			return nil, err
		}
		if !c.r.spend(len(p)/patternBytes, patternMemory*len(p)) {
			return nil, c.r.spent
		}
		pattern.WriteString("(" + p + ")")
	}
	pattern.WriteString("$")
	re, failure := regexp.Compile(wellFormed(pattern.String()))
	if failure != nil {
		return nil, &Error{Code: "D3136"}
	}
	picture.re = re
	return re, nil
}

// parseDate is the milliseconds of a text in a picture; undefined if it is not
// in this picture.
func (c *call) parseDate(text, picture string) (any, *Error) {
	known, err := c.datePicture(picture)
	if err != nil {
		return undefined, err
	}
	parts := known.parts
	re, err := c.dateRegexp(known, len(text))
	if err != nil {
		return undefined, err
	}
	groups := re.FindStringSubmatch(wellFormed(text))
	given, marked := map[byte]float64{}, false
	for i := range parts {
		if groups == nil || parts[i].component == 0 {
			continue
		}
		marked = true
		x := parts[i].read(groups[i+1])
		if math.IsNaN(x) && parts[i].integer == nil {
			delete(given, parts[i].component) // what is no name is as good as missing
			continue
		}
		given[parts[i].component] = x
	}
	if !marked {
		return undefined, nil
	}
	return c.dateOf(given)
}

package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// integerStyle is what an integer looks like.
type integerStyle uint8

const (
	styleDecimal integerStyle = iota
	styleLetters
	styleRoman
	styleWords
	styleSequence // a numbering that nobody knows
)

// letterCase is how words are written.
type letterCase uint8

const (
	lowerCase letterCase = iota
	upperCase
	titleCase
)

func (c letterCase) apply(s string) string {
	switch c {
	case lowerCase:
		return strings.ToLower(s)
	case upperCase:
		return strings.ToUpper(s)
	}
	return s
}

// integerPicture is a picture of $formatInteger, taken apart: XPath and XQuery
// Functions and Operators 3.1, section 4.6.1.
type integerPicture struct {
	text       string
	style      integerStyle
	letters    letterCase
	ordinal    bool
	zero       rune // of the decimal digits
	mandatory  int
	optional   int
	separators []separator // from the right
	regular    int
	width      int // of digits to parse, if it is fixed
}

type separator struct {
	position int // digits to the right of it
	text     string
}

// decimalZeros are the zeros of Unicode's groups of decimal digits.
var decimalZeros = []rune{
	0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
	0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
	0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
}

func parseIntegerPicture(text string) (*integerPicture, *Error) {
	p := &integerPicture{text: text, zero: '0'}
	if at := strings.LastIndexByte(text, ';'); at >= 0 {
		p.text = text[:at]
		p.ordinal = strings.HasPrefix(text[at+1:], "o")
	}
	switch p.text {
	case "A", "a":
		p.style = styleLetters
	case "I", "i":
		p.style = styleRoman
	case "W", "w", "Ww":
		p.style = styleWords
	default:
		return p, p.decimal()
	}
	if p.text[0] < 'a' {
		p.letters = upperCase
	}
	if p.text == "Ww" {
		p.letters = titleCase
	}
	return p, nil
}

// decimal reads a pattern of digits, optional digits and separators.
func (p *integerPicture) decimal() *Error {
	zero, position := rune(0), 0
	for _, c := range slices.Backward([]rune(p.text)) {
		at := slices.IndexFunc(decimalZeros, func(z rune) bool { return c >= z && c <= z+9 })
		switch {
		case at >= 0 && zero != 0 && decimalZeros[at] != zero:
			return &Error{Code: "D3131"}
		case at >= 0:
			zero = decimalZeros[at]
			p.mandatory++
			position++
		case c == '#':
			p.optional++
			position++
		default:
			p.separators = append(p.separators, separator{position, string(c)})
		}
	}
	if p.mandatory == 0 {
		p.style = styleSequence
		return nil
	}
	p.zero = zero
	positions := make([]int, 0, len(p.separators))
	for _, s := range p.separators {
		if s.text != p.separators[0].text {
			return nil
		}
		positions = append(positions, s.position)
	}
	p.regular = regularGroup(positions)
	return nil
}

func fnFormatInteger(c *call) (any, *Error) {
	x, ok := number(c.arg(0))
	if !ok {
		return undefined, nil
	}
	picture, _ := c.arg(1).(string)
	if !c.r.spend(1+len(picture), 16*len(picture)) {
		return undefined, c.r.spent
	}
	p, err := parseIntegerPicture(picture)
	if err != nil {
		return undefined, err
	}
	return p.format(math.Floor(x))
}

// maxRoman bounds the numbers that are written with Roman numerals, whose
// length grows with the number.
const maxRoman = 1e7

func (p *integerPicture) format(x float64) (any, *Error) {
	var out string
	magnitude := math.Abs(x)
	switch p.style {
	case styleLetters:
		out = p.letters.apply(lettersOf(magnitude))
	case styleRoman:
		if magnitude > maxRoman {
			return undefined, &Error{Code: "D3130", Value: p.text}
		}
		out = p.letters.apply(romanOf(int(magnitude)))
	case styleWords:
		out = p.letters.apply(wordsOf(magnitude, p.ordinal))
	case styleSequence:
		return undefined, &Error{Code: "D3130", Value: p.text}
	default:
		out = p.digits(magnitude)
	}
	if x < 0 {
		out = "-" + out
	}
	return out, nil
}

func (p *integerPicture) digits(magnitude float64) string {
	digits := jsText(magnitude)
	digits = strings.Repeat("0", max(p.mandatory-len(digits), 0)) + digits
	var out strings.Builder
	left := p.separators
	for i, c := range digits {
		var between string
		if between, left = p.separatorsAt(len(digits)-i, left); i > 0 {
			out.WriteString(between)
		}
		out.WriteRune(c + p.zero - '0') // also of what is no digit: this is the reference implementation's rule
	}
	if p.regular == 0 {
		last, _ := p.separatorsAt(0, left)
		out.WriteString(last)
	}
	if p.ordinal {
		out.WriteString(ordinalSuffix(out.String()))
	}
	return out.String()
}

// separatorsAt is what stands left of so many digits, and which of the separators
// left, which go from the right, may stand further on.
func (p *integerPicture) separatorsAt(right int, left []separator) (string, []separator) {
	if p.regular > 0 {
		if right%p.regular == 0 {
			return p.separators[0].text, left
		}
		return "", left
	}
	var out strings.Builder
	for len(left) > 0 && left[len(left)-1].position >= right {
		if s := left[len(left)-1]; s.position == right {
			out.WriteString(s.text)
		}
		left = left[:len(left)-1]
	}
	return out.String(), left
}

// ordinalSuffix is the ending of a number that is written so. It goes by the last two
// characters, whatever they are.
func ordinalSuffix(text string) string {
	n := len(text)
	if n > 1 && text[n-2] == '1' {
		return "th"
	}
	switch text[n-1] {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}

func fnParseInteger(c *call) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	picture, _ := c.arg(1).(string)
	if !c.r.spend(1+len(picture)+len(s), 16*(len(picture)+len(s))) {
		return undefined, c.r.spent
	}
	p, err := parseIntegerPicture(picture)
	if err != nil {
		return undefined, err
	}
	if p.style == styleSequence {
		return undefined, &Error{Code: "D3130", Value: p.text}
	}
	return p.parse(s), nil
}

// parse is the number that a text in this picture stands for, or NaN.
func (p *integerPicture) parse(s string) float64 {
	switch p.style {
	case styleLetters:
		return lettersValue(s, p.letters)
	case styleRoman:
		if p.letters != upperCase {
			s = strings.ToUpper(s)
		}
		return romanValue(s)
	case styleWords:
		return wordsValue(strings.ToLower(s))
	}
	if p.ordinal {
		units := unitsOf(s)
		s = textOf(units[:max(len(units)-2, 0)])
	}
	if p.regular > 0 {
		s = strings.ReplaceAll(s, ",", "") // whatever the picture's separator is
	} else {
		s = p.withoutSeparators(s)
	}
	return leadingInteger(strings.Map(func(c rune) rune { return c - p.zero + '0' }, s))
}

// withoutSeparators is s without any of the picture's separators, each of which is one
// character.
func (p *integerPicture) withoutSeparators(s string) string {
	separators := make(map[string]bool, len(p.separators))
	for _, separator := range p.separators {
		separators[separator.text] = true
	}
	var out strings.Builder
	for len(s) > 0 {
		_, size := utf8.DecodeRuneInString(s)
		if !separators[s[:size]] {
			out.WriteString(s[:size])
		}
		s = s[size:]
	}
	return out.String()
}

// leadingInteger is the integer that s begins with, in hexadecimal digits behind 0x, or
// NaN.
func leadingInteger(s string) float64 {
	s = strings.TrimSpace(s)
	sign := 1.0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	if len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		return sign * hexadecimal(s[2:])
	}
	x, err := strconv.ParseFloat(s[:digits(s)], 64)
	if err != nil {
		return math.NaN()
	}
	return sign * x
}

// hexadecimal is the number of the hexadecimal digits that s begins with, or NaN.
func hexadecimal(s string) float64 {
	n := 0
	for n < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
		n++
	}
	x, err := strconv.ParseFloat("0x"+s[:n]+"p0", 64)
	if n == 0 || err != nil {
		return math.NaN()
	}
	return x
}

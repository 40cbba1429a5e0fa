package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// numberSymbols are the characters that a picture of $formatNumber is written
// with: XPath and XQuery Functions and Operators 3.1, section 4.7.
type numberSymbols struct {
	decimal, grouping, exponent, minus, percent, perMille, digit, separator string
	zero                                                                    rune
}

func symbolsOf(options any) *numberSymbols {
	s := &numberSymbols{
		decimal: ".", grouping: ",", exponent: "e", minus: "-", percent: "%",
		perMille: "\u2030", digit: "#", separator: ";", zero: '0',
	}
	o, ok := options.(*value.Object)
	if !ok {
		return s
	}
	for name, field := range map[string]*string{
		"decimal-separator": &s.decimal, "grouping-separator": &s.grouping, "exponent-separator": &s.exponent,
		"minus-sign": &s.minus, "percent": &s.percent, "per-mille": &s.perMille, "digit": &s.digit,
		"pattern-separator": &s.separator,
	} {
		if text, ok := member(o, name).(string); ok {
			*field = text
		}
	}
	if zero, ok := member(o, "zero-digit").(string); ok && zero != "" {
		s.zero, _ = utf8.DecodeRuneInString(zero)
	}
	return s
}

func (s *numberSymbols) isDigit(c string) bool {
	r := []rune(c)
	return len(r) == 1 && r[0] >= s.zero && r[0] < s.zero+10
}

func (s *numberSymbols) isActive(c string) bool {
	return s.isDigit(c) || c == s.decimal || c == s.exponent || c == s.grouping || c == s.digit || c == s.separator
}

// subPicture is a picture for numbers of one sign, taken apart.
type subPicture struct {
	text                             string
	prefix, suffix, active, mantissa string
	integer, fraction, exponent      string
	hasExponent                      bool

	grouping, fractionGrouping []int // digits to the right, or left, of each separator
	regular                    int   // the distance between separators, if it is one
	scale                      int
	minInteger                 int
	minFraction, maxFraction   int
	minExponent                int
}

func (s *numberSymbols) split(text string) *subPicture {
	chars := charsOf(text)
	edge := func(c string) bool { return s.isActive(c) && c != s.exponent }
	first := slices.IndexFunc(chars, edge)
	p := &subPicture{text: text}
	last := len(chars)
	if first >= 0 {
		for last > 0 && !edge(chars[last-1]) {
			last--
		}
		p.prefix, p.suffix = strings.Join(chars[:first], ""), strings.Join(chars[last:], "")
	}
	p.active = strings.Join(chars[max(first, 0):last], "")
	s.cutExponent(p)
	var ok bool
	if p.integer, p.fraction, ok = strings.Cut(p.mantissa, s.decimal); !ok {
		p.fraction = p.suffix
	}
	return p
}

// cutExponent parts the mantissa from the exponent. The place of the exponent counts
// from the beginning of the picture, also where a prefix stands before the active part:
// this is the reference implementation's rule, by which "$0.0e0" has no exponent digits.
func (s *numberSymbols) cutExponent(p *subPicture) {
	p.mantissa = p.active
	at := strings.Index(p.text[len(p.prefix):], s.exponent)
	if at < 0 || at > len(p.active) {
		return
	}
	active := unitsOf(p.active)
	place := len(unitsOf(p.text[:len(p.prefix)+at]))
	p.mantissa = textOf(active[:min(place, len(active))])
	p.exponent = textOf(active[min(place+1, len(active)):])
	p.hasExponent = true
}

func (s *numberSymbols) count(part string, optional bool) int {
	n := 0
	for _, c := range charsOf(part) {
		if s.isDigit(c) || optional && c == s.digit {
			n++
		}
	}
	return n
}

// check is the code of the last rule that the picture breaks, or "".
func (s *numberSymbols) check(p *subPicture) string {
	code := ""
	rule := func(broken bool, c string) {
		if broken {
			code = c
		}
	}
	at := strings.Index(p.text, s.decimal)
	before, after := "", ""
	if at >= 0 {
		before, after = p.text[:at], p.text[at+len(s.decimal):]
	}
	scaled := strings.Contains(p.text, s.percent) || strings.Contains(p.text, s.perMille)
	passive := slices.ContainsFunc(charsOf(p.active), func(c string) bool { return !s.isActive(c) })
	optional := strings.Index(p.integer, s.digit)
	optionalFraction := strings.LastIndex(p.fraction, s.digit)
	rule(strings.Count(p.text, s.decimal) > 1, "D3081")
	rule(strings.Count(p.text, s.percent) > 1, "D3082")
	rule(strings.Count(p.text, s.perMille) > 1, "D3083")
	rule(strings.Contains(p.text, s.percent) && strings.Contains(p.text, s.perMille), "D3084")
	rule(s.count(p.mantissa, true) == 0, "D3085")
	rule(passive, "D3086")
	if at >= 0 {
		rule(strings.HasSuffix(before, s.grouping) || strings.HasPrefix(after, s.grouping), "D3087")
	} else {
		rule(strings.HasSuffix(p.integer, s.grouping), "D3088")
	}
	rule(strings.Contains(p.text, s.grouping+s.grouping), "D3089")
	rule(optional >= 0 && s.count(p.integer[:max(optional, 0)], false) > 0, "D3090")
	rule(optionalFraction >= 0 && s.count(p.fraction[max(optionalFraction, 0):], false) > 0, "D3091")
	rule(p.exponent != "" && scaled, "D3092")
	rule(p.hasExponent && (p.exponent == "" || s.count(p.exponent, false) < len(charsOf(p.exponent))), "D3093")
	return code
}

// analyse works out the sizes and groups that the picture asks for.
func (s *numberSymbols) analyse(p *subPicture) {
	p.grouping = s.separators(p, p.integer)
	all := s.count(p.integer, true)
	for i, before := range p.grouping {
		p.grouping[i] = all - before
	}
	p.regular = regularGroup(p.grouping)
	p.fractionGrouping = s.separators(p, p.fraction)
	p.minInteger = s.count(p.integer, false)
	p.scale = p.minInteger
	p.minFraction, p.maxFraction = s.count(p.fraction, false), s.count(p.fraction, true)
	if p.minInteger == 0 && p.maxFraction == 0 {
		if p.hasExponent {
			p.minFraction, p.maxFraction = 1, 1
		} else {
			p.minInteger = 1
		}
	}
	if p.hasExponent && p.minInteger == 0 && strings.Contains(p.integer, s.digit) {
		p.minInteger = 1
	}
	if p.minInteger == 0 && p.minFraction == 0 {
		p.minFraction = 1
	}
	p.minExponent = s.count(p.exponent, false)
}

// separators is how many digits stand before each separator of a part. Only the first
// of the fraction's own is looked for: the others are taken from where the integer
// has them, which is the reference implementation's rule.
func (s *numberSymbols) separators(p *subPicture, part string) []int {
	var digits []int
	counted, before := 0, 0
	for at := strings.Index(part, s.grouping); at >= 0; {
		here := min(at, len(part))
		before += s.count(part[counted:here], true)
		counted = here
		digits = append(digits, before)
		next := strings.Index(p.integer[min(at+1, len(p.integer)):], s.grouping)
		if next < 0 || s.grouping == "" {
			break
		}
		at += 1 + next
	}
	return digits
}

// groups says whether a separator stands left of so many digits.
func (p *subPicture) groups(right int) bool {
	_, found := slices.BinarySearchFunc(p.grouping, right, func(position, wanted int) int { return wanted - position })
	return found
}

// regularGroup is the distance of separators that stand at all its multiples,
// or 0.
func regularGroup(positions []int) int {
	if len(positions) == 0 {
		return 0
	}
	factor, stands := positions[0], map[int]bool{}
	for _, n := range positions {
		stands[n] = true
		for n != 0 {
			factor, n = n, factor%n
		}
	}
	for i := range positions {
		if !stands[(i+1)*factor] {
			return 0
		}
	}
	return factor
}

func fnFormatNumber(c *call) (any, *Error) {
	x, ok := number(c.arg(0))
	if !ok {
		return undefined, nil
	}
	picture, _ := c.arg(1).(string)
	if !c.r.spend(1+len(picture), 64*len(picture)) {
		return undefined, c.r.spent
	}
	s := symbolsOf(c.arg(2))
	texts := strings.Split(picture, s.separator)
	if len(texts) > 2 {
		return undefined, &Error{Code: "D3080"}
	}
	var pictures []*subPicture
	for _, text := range texts {
		p := s.split(text)
		if code := s.check(p); code != "" {
			return undefined, &Error{Code: code}
		}
		s.analyse(p)
		pictures = append(pictures, p)
	}
	p, negative := pictures[0], !(x >= 0) // NaN is, too
	if negative {
		p = pictures[len(pictures)-1]
	}
	if !c.r.spend(0, s.longest(p)) {
		return undefined, c.r.spent
	}
	if negative && len(pictures) == 1 {
		p.prefix = s.minus + p.prefix
	}
	return s.format(p, x), nil
}

// maxWhole is how many digits a number has before its point at most.
const maxWhole = 309

// longest is about how many bytes a number can have in the picture: separators, which
// can be any text, stand behind each digit at most.
func (s *numberSymbols) longest(p *subPicture) int {
	grouped := len(p.fractionGrouping)
	if len(p.grouping) > 0 {
		grouped += maxWhole + p.minInteger
	}
	marks := len(s.decimal) + len(s.exponent) + 2*len(s.minus)
	return maxWhole + p.minInteger + p.maxFraction + p.minExponent + grouped*len(s.grouping) + marks
}

func (s *numberSymbols) format(p *subPicture, x float64) string {
	switch {
	case strings.Contains(p.text, s.percent):
		x *= 100
	case strings.Contains(p.text, s.perMille):
		x *= 1000
	}
	exponent := 0
	if p.minExponent > 0 && x != 0 && !math.IsInf(x, 0) {
		for math.Abs(x) < math.Pow10(p.scale-1) {
			x *= 10
			exponent--
		}
		for math.Abs(x) > math.Pow10(p.scale) {
			x /= 10
			exponent++
		}
	}
	integer, fraction, _ := strings.Cut(fixedText(math.Abs(round(x, p.maxFraction)), p.maxFraction), ".")
	integer, fraction = strings.TrimLeft(integer, "0"), strings.TrimRight(fraction, "0")
	integer = strings.Repeat("0", max(p.minInteger-len(integer), 0)) + integer
	fraction += strings.Repeat("0", max(p.minFraction-len(fraction), 0))
	out := p.prefix + s.grouped(p, integer)
	switch fraction = s.groupedFraction(p, fraction); {
	case fraction == "":
	case strings.Contains(p.text, s.decimal):
		out += s.decimal + fraction
	default: // "#e0" has one decimal, and no place for it: the last character goes, as there
		_, last := utf8.DecodeLastRuneInString(fraction)
		out += s.decimal + fraction[:len(fraction)-last]
	}
	if p.minExponent > 0 {
		digits := strconv.Itoa(max(exponent, -exponent))
		out += s.exponent
		if exponent < 0 {
			out += s.minus
		}
		out += s.digits(strings.Repeat("0", max(p.minExponent-len(digits), 0)) + digits)
	}
	return out + p.suffix
}

// fixedText is a number with so many decimals, as JavaScript writes it: large ones with an
// exponent, and what is no number with its name.
func fixedText(x float64, decimals int) string {
	switch {
	case !(x < 1e21):
		return jsText(x)
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// digits is decimal digits in the family of the picture's zero.
func (s *numberSymbols) digits(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c - '0' + s.zero
		}
		return c
	}, text)
}

func (s *numberSymbols) grouped(p *subPicture, digits string) string {
	var out strings.Builder
	for i := range len(digits) {
		right := len(digits) - i
		if i > 0 && (p.regular > 0 && right%p.regular == 0 || p.regular == 0 && p.groups(right)) {
			out.WriteString(s.grouping)
		}
		out.WriteString(s.digits(digits[i : i+1]))
	}
	return out.String()
}

// groupedFraction puts the separators in, also where no digit follows. The place of each
// counts the separators that were put in before it; it is never left of theirs, so that
// what is left of a separator is done.
func (s *numberSymbols) groupedFraction(p *subPicture, digits string) string {
	done := []rune{}
	rest, grouping := unitsOf(s.digits(digits)), unitsOf(s.grouping)
	slices.Reverse(rest)
	slices.Reverse(grouping)
	for _, n := range p.fractionGrouping {
		for len(done) < n && len(rest) > 0 {
			done, rest = append(done, rest[len(rest)-1]), rest[:len(rest)-1]
		}
		rest = append(rest, grouping...)
	}
	slices.Reverse(rest)
	return textOf(append(done, rest...))
}

package jsonata

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// ofString is a function of one string.
func ofString(c *call, of func(string) any) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	if !c.r.spend(1+len(s)/64, len(s)) {
		return undefined, c.r.spent
	}
	return of(s), nil
}

func fnString(c *call) (any, *Error) {
	v := unwrapped(c.arg(0))
	switch s := v.(type) {
	case Undefined, string:
		return s, nil
	case *function:
		return "", nil
	}
	pretty, _ := c.arg(1).(bool)
	return c.r.json(v, pretty)
}

func fnLength(c *call) (any, *Error) {
	return ofString(c, func(s string) any { return float64(charCount(s)) })
}

func fnLowercase(c *call) (any, *Error) { return c.inCase(strings.ToLower, cases.Lower) }

func fnUppercase(c *call) (any, *Error) { return c.inCase(strings.ToUpper, cases.Upper) }

// inCase is a text in another case. Those that have halves of surrogate pairs in them are
// changed in parts.
func (c *call) inCase(ascii func(string) string, full func(language.Tag, ...cases.Option) cases.Caser) (any, *Error) {
	if s, ok := c.arg(0).(string); ok && hasHalves(s) && !c.r.spend(len(s)/8, 64*len(s)) {
		return undefined, c.r.spent
	}
	return ofString(c, func(s string) any { return changeCase(s, ascii, full) })
}

// changeCase writes s in another case by Unicode's full rules, of which ASCII needs none.
// Halves of surrogate pairs have no case and part what stands around them.
func changeCase(s string, ascii func(string) string, full func(language.Tag, ...cases.Option) cases.Caser) string {
	if strings.IndexFunc(s, func(c rune) bool { return c >= utf8.RuneSelf }) < 0 {
		return ascii(s)
	}
	caser := full(language.Und, cases.HandleFinalSigma(true))
	if !hasHalves(s) {
		return caser.String(s)
	}
	var out strings.Builder
	between := 0 // begins what stands between two halves
	for i := 0; i < len(s); {
		_, ok := half(s[i:])
		if _, size := decode(s[i:]); !ok {
			i += size
			continue
		}
		out.WriteString(caser.String(s[between:i]))
		out.WriteString(s[i : i+3])
		i += 3
		between = i
	}
	out.WriteString(caser.String(s[between:]))
	return out.String()
}

func fnTrim(c *call) (any, *Error) {
	return ofString(c, func(s string) any {
		words := strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' })
		return strings.Join(words, " ")
	})
}

func fnSubstring(c *call) (any, *Error) {
	return ofString(c, func(s string) any {
		chars := charsOf(s)
		count := float64(len(chars))
		start, given := number(c.arg(1))
		if _, limited := number(c.arg(2)); limited && !given {
			return "" // a length from nowhere
		}
		if count+start < 0 {
			start = 0
		}
		end := count
		if length, ok := number(c.arg(2)); ok {
			if length <= 0 {
				return ""
			}
			if end = start + length; start < 0 {
				end += count
			}
		}
		from, to := sliceIndex(start, len(chars)), sliceIndex(end, len(chars))
		if from >= to {
			return ""
		}
		return strings.Join(chars[from:to], "")
	})
}

// sliceIndex is an index as JavaScript's slice takes it: 0 for NaN.
func sliceIndex(x float64, count int) int {
	if math.IsNaN(x) {
		return 0
	}
	x = math.Trunc(x)
	if x < 0 {
		x += float64(count)
	}
	return int(min(max(x, 0), float64(count)))
}

func fnSubstringBefore(c *call) (any, *Error) {
	return ofString(c, func(s string) any {
		if chars, ok := c.arg(1).(string); ok {
			s, _, _ = cut(s, chars)
		}
		return s
	})
}

func fnSubstringAfter(c *call) (any, *Error) {
	return ofString(c, func(s string) any {
		if chars, ok := c.arg(1).(string); ok {
			if _, after, found := cut(s, chars); found {
				return after
			}
		}
		return s
	})
}

// cut is strings.Cut by code units.
func cut(s, separator string) (before, after string, found bool) {
	if !hasHalves(separator) {
		return strings.Cut(s, separator)
	}
	before, after, found = strings.Cut(halved(s), halved(separator))
	return whole(before), whole(after), found
}

func fnPad(c *call) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	with, _ := c.arg(2).(string)
	if !c.r.spend(1+(len(s)+len(with))/16, 16*len(with)) {
		return undefined, c.r.spent
	}
	width, _ := number(c.arg(1))
	width = math.Trunc(width)
	missing := math.Abs(width) - float64(charCount(s))
	if !(missing > 0) {
		return s, nil
	}
	if most := c.r.opts.MaxPad; most > 0 && missing > float64(most) {
		return undefined, &Error{Code: CodeMemory, Value: float64(c.r.opts.maxMemory())}
	}
	chars := []string{" "}
	if with != "" {
		chars = charsOf(with)
	}
	if missing > float64(c.r.bytes) || !c.r.spend(int(missing)/16, len(s)+4*int(missing)) {
		c.r.spend(0, math.MaxInt32)
		c.r.spend(0, c.r.bytes+1)
		return undefined, c.r.spent
	}
	var padding strings.Builder
	for i := range int(missing) {
		padding.WriteString(chars[i%len(chars)])
	}
	if width > 0 {
		return joinUnits(s, padding.String()), nil
	}
	return joinUnits(padding.String(), s), nil
}

func fnJoin(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	if !ok {
		return undefined, nil
	}
	separator, _ := c.arg(1).(string)
	size := 0
	for _, item := range items {
		s, _ := item.(string)
		size += len(s) + len(separator)
	}
	if !c.r.spend(len(items), size) {
		return undefined, c.r.spent
	}
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i], _ = item.(string)
	}
	if hasHalves(separator) || slices.ContainsFunc(parts, hasHalves) {
		return textOf(unitsOf(strings.Join(parts, separator))), nil // halves meet
	}
	return strings.Join(parts, separator), nil
}

// limit is an optional count; ok is false if there is none.
func (c *call) limit(i int, code string) (count float64, ok bool, err *Error) {
	count, ok = number(c.arg(i))
	if c.r.opts.WholeLimits {
		count = math.Trunc(count)
	}
	if ok && count < 0 {
		return 0, true, &Error{Code: code, Value: count, Index: i + 1}
	}
	return count, ok, nil
}

func fnContains(c *call) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	switch token := c.arg(1).(type) {
	case string:
		_, _, found := cut(s, token)
		return found, nil
	case *function:
		units, err := c.units(s)
		if err != nil {
			return undefined, err
		}
		m, err := c.matches(token, s, units)
		return m != nil, err
	}
	return undefined, nil
}

func fnSplit(c *call) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	limit, limited, err := c.limit(2, "D3020")
	if err != nil {
		return undefined, err
	}
	if !limited {
		limit = math.Inf(1)
	}
	if !c.r.spend(len(s)/8, 32+4*len(s)) {
		return undefined, c.r.spent
	}
	parts := []any{}
	if !(limit > 0) {
		return parts, nil
	}
	switch separator := c.arg(1).(type) {
	case string:
		return splitText(s, separator, limit), nil
	case *function:
		return c.splitMatches(s, separator, limit)
	}
	return []any{s}, nil
}

func splitText(s, separator string, limit float64) []any {
	var parts []any
	if hasHalves(separator) {
		s, separator = halved(s), halved(separator)
	}
	if separator == "" {
		for _, u := range unitsOf(s) {
			parts = append(parts, textOf([]rune{u}))
		}
	} else {
		for _, part := range strings.Split(s, separator) {
			parts = append(parts, whole(part))
		}
	}
	if limit = math.Trunc(limit); limit < float64(len(parts)) {
		parts = parts[:int(limit)]
	}
	return append([]any{}, parts...)
}

func (c *call) splitMatches(s string, separator *function, limit float64) (any, *Error) {
	units, err := c.units(s)
	if err != nil {
		return undefined, err
	}
	m, err := c.matches(separator, s, units)
	if err != nil {
		return undefined, err
	}
	parts := []any{}
	if m == nil {
		return append(parts, s), nil
	}
	start := 0
	for m != nil && float64(len(parts)) < limit {
		part := slice(units, start, m.start)
		if !c.r.spend(0, 32+len(part)) {
			return undefined, c.r.spent
		}
		parts = append(parts, textOf(part))
		start = m.end
		if m, err = m.next(); err != nil {
			return undefined, err
		}
	}
	if float64(len(parts)) < limit {
		parts = append(parts, textOf(slice(units, start, len(units))))
	}
	return parts, nil
}

// slice is units[from:to], with whatever bounds a user's matcher gave.
func slice(units []rune, from, to int) []rune {
	from, to = min(max(from, 0), len(units)), min(max(to, 0), len(units))
	if from > to {
		from, to = to, from
	}
	return units[from:to]
}

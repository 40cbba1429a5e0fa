package jsonata

import (
	"math"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

func fnMatch(c *call) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	limit, limited, err := c.limit(2, "D3040")
	if err != nil {
		return undefined, err
	}
	result := newSequence()
	fn, ok := c.arg(1).(*function)
	if !ok || limited && !(limit > 0) {
		return result, nil
	}
	units, err := c.units(s)
	if err != nil {
		return undefined, err
	}
	m, err := c.matches(fn, s, units)
	for m != nil && err == nil && (!limited || float64(len(result.items)) < limit) {
		o := value.NewObject(3)
		o.Set("match", m.text)
		o.Set("index", float64(m.start))
		o.Set("groups", append([]any{}, m.groups...))
		result.push(o)
		m, err = m.next()
	}
	return result, err
}

func fnReplace(c *call) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	if pattern, ok := c.arg(1).(string); ok && pattern == "" {
		return undefined, &Error{Code: "D3010", Value: pattern, Index: 2}
	}
	limit, limited, err := c.limit(3, "D3011")
	if err != nil {
		return undefined, err
	}
	if !limited {
		limit = math.Inf(1)
	}
	if !(limit > 0) {
		return s, nil
	}
	switch pattern := c.arg(1).(type) {
	case string:
		return c.replaceText(s, pattern, limit)
	case *function:
		return c.replaceMatches(s, pattern, limit)
	}
	return s, nil
}

func (c *call) replaceText(s, pattern string, limit float64) (any, *Error) {
	replacement, ok := c.arg(2).(string)
	if !ok {
		text, err := c.r.text(c.arg(2))
		if err != nil {
			return undefined, err
		}
		replacement = text
	}
	if hasHalves(pattern) {
		s, pattern = halved(s), halved(pattern)
	}
	count := strings.Count(s, pattern)
	if float64(count) > limit {
		count = int(math.Ceil(limit))
	}
	if !c.r.spend(1+len(s)/64+count, len(s)+count*len(replacement)) {
		return undefined, c.r.spent
	}
	return whole(strings.Replace(s, pattern, replacement, count)), nil
}

func (c *call) replaceMatches(s string, pattern *function, limit float64) (any, *Error) {
	units, err := c.units(s)
	if err != nil {
		return undefined, err
	}
	m, err := c.matches(pattern, s, units)
	if err != nil || m == nil {
		return s, err
	}
	position := 0
	var parts []string
	for count := 0.0; m != nil && count < limit; count++ {
		with, err := c.replacement(m)
		if err != nil {
			return undefined, err
		}
		between := slice(units, position, m.start)
		if !c.r.spend(1, len(with)+len(between)) {
			return undefined, c.r.spent
		}
		parts = append(parts, textOf(between), with)
		position = m.start + len(unitsOf(m.text))
		if m, err = m.next(); err != nil {
			return undefined, err
		}
	}
	return whole(strings.Join(append(parts, textOf(slice(units, position, len(units)))), "")), nil
}

// replacement is what a match is replaced with.
func (c *call) replacement(m *found) (string, *Error) {
	switch with := c.arg(2).(type) {
	case string:
		return m.expand(c.r, with)
	case *function:
		v, err := c.r.applyAt(with, []any{m.object()}, nil, c.frame)
		if err != nil {
			return "", err
		}
		if s, ok := v.(string); ok {
			return s, nil
		}
		return "", &Error{Code: "D3012", Value: v}
	}
	return "", &Error{Code: "D3012", Value: c.arg(2)}
}

// expand is a replacement with the groups of the match for $1, $2…
func (m *found) expand(r *run, with string) (string, *Error) {
	var out strings.Builder
	paid := 0
	for {
		before, rest, ok := strings.Cut(with, "$")
		out.WriteString(before)
		if !r.spend(0, out.Len()-paid) {
			return "", r.spent
		}
		if paid = out.Len(); !ok {
			return out.String(), nil
		}
		switch {
		case strings.HasPrefix(rest, "$"):
			out.WriteByte('$')
			with = rest[1:]
		case strings.HasPrefix(rest, "0"):
			out.WriteString(m.text)
			with = rest[1:]
		default:
			index, size := m.groupIndex(rest)
			if size == 0 {
				out.WriteByte('$')
			} else if index >= 1 && index <= len(m.groups) {
				group, _ := m.groups[index-1].(string)
				out.WriteString(group)
			}
			with = rest[size:]
		}
	}
}

// groupIndex is the number that rest begins with, of as many digits as the
// groups need, and how long it is.
func (m *found) groupIndex(rest string) (index, size int) {
	most := len(strconv.Itoa(max(len(m.groups), 1)))
	size = min(digits(rest), most)
	index, _ = strconv.Atoi(rest[:size])
	if size > 1 && index > len(m.groups) {
		size--
		index, _ = strconv.Atoi(rest[:size])
	}
	return index, size
}

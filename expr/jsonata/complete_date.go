package jsonata

import (
	"math"
	"strings"
	"time"
)

// given are the components of a date that a text has, by the letters of their markers;
// NaN is given too.
type given map[byte]float64

// has says whether one of the components is there, and is neither 0 nor NaN: the others
// do not count where it is decided what kind of date this is.
func (g given) has(letters string) bool {
	for i := range len(letters) {
		if x := g[letters[i]]; x != 0 && !math.IsNaN(x) {
			return true
		}
	}
	return false
}

// dateOf completes the components: what is coarser than all that are given is
// that of now, what is finer is the first, and nothing in between may miss. NaN if there
// is no such date.
func (c *call) dateOf(g given) (any, *Error) {
	byDay := g.has("Yd") && !g.has("XMxWwD")
	date, clock := "YMD", "Hmsf"
	switch {
	case g.has("YMD") && !g.has("XxWwd"):
		byDay = false
	case byDay:
		date = "YD"
	case g.has("Xxw") && !g.has("YMWdD"), g.has("XW") && !g.has("YMxwdD"):
		return undefined, &Error{Code: "D3136"} // weeks are not supported
	}
	halves := g.has("Ph") && !g.has("H")
	if halves {
		clock = "Phmsf"
	}
	if err := c.complete(g, date+clock); err != nil {
		return undefined, err
	}
	if halves {
		g['H'] = g['h']
		if g['h'] == 12 {
			g['H'] = 0
		}
		if g['P'] == 1 {
			g['H'] += 12
		}
	}
	if !(g['M'] > 0) {
		g['M'] = 1
	}
	if byDay {
		g['M'], g['D'] = dayInYear(g['Y'], g['d'])
	}
	offset := g['Z']
	if !g.has("Z") {
		offset = g['z']
	}
	if math.IsNaN(offset) {
		offset = 0
	}
	return millisOf(g['Y'], g['M'], g['D'], g['H'], g['m'], g['s'], g['f']) - offset*60_000, nil
}

// complete adds what is not given, in the order from coarse to fine.
func (c *call) complete(g given, order string) *Error {
	now := c.r.now()
	started, ended := false, false
	for i := range len(order) {
		component := order[i]
		if _, ok := g[component]; ok {
			if ended {
				return &Error{Code: "D3136"}
			}
			started = true
			continue
		}
		if !started {
			g[component] = float64(componentOf(now, component))
			continue
		}
		ended = true
		g[component] = 0
		if strings.IndexByte("MDd", component) >= 0 {
			g[component] = 1
		}
	}
	return nil
}

// dayInYear is the month and the day in the month of a day in the year.
func dayInYear(year, day float64) (month, dayOfMonth float64) {
	millis := millisOf(year, 1, day, 0, 0, 0, 0)
	if math.IsNaN(millis) {
		return millis, millis
	}
	t := time.UnixMilli(int64(millis)).UTC()
	return float64(t.Month()), float64(t.Day())
}

// millisOf is the time of a date whose parts may be larger than a date has them, NaN if
// it is further from 1970 than dates go. Years before 100 are those of the 20th century,
// as in JavaScript.
func millisOf(year, month, day, hour, minute, second, milli float64) float64 {
	const years, dayMillis = 280_000, 86_400_000
	year, month = math.Trunc(year), math.Trunc(month)
	if year >= 0 && year <= 99 {
		year += 1900
	}
	if !(math.Abs(year) <= years && math.Abs(month) <= 12*years) {
		return math.NaN()
	}
	first := time.Date(int(year), time.Month(int(month)), 1, 0, 0, 0, 0, time.UTC)
	millis := float64(first.UnixMilli()) + (math.Trunc(day)-1)*dayMillis + math.Trunc(hour)*3_600_000 +
		math.Trunc(minute)*60_000 + math.Trunc(second)*1000 + math.Trunc(milli)
	if !(math.Abs(millis) <= maxMillis) {
		return math.NaN()
	}
	return millis
}

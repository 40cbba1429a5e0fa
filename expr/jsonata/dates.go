package jsonata

import (
	"math"
	"strings"
	"time"
)

var (
	monthNames = strings.Fields("January February March April May June July August September October November December")
	dayNames   = strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
)

var isoPicture, _ = parseDatePicture("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]")

func fnMillis(c *call) (any, *Error) { return float64(c.r.now().UnixMilli()), nil }

func fnNow(c *call) (any, *Error) {
	return c.formatDate(float64(c.r.now().UnixMilli()), c.arg(0), c.arg(1))
}

// maxMillis is how far from 1970 dates go.
const maxMillis = 8.64e15

func fnFromMillis(c *call) (any, *Error) {
	millis, ok := number(c.arg(0))
	if !ok {
		return undefined, nil
	}
	return c.formatDate(millis, c.arg(1), c.arg(2))
}

func (c *call) formatDate(millis float64, picture, zone any) (any, *Error) {
	parts := isoPicture
	if text, ok := picture.(string); ok {
		known, err := c.datePicture(text)
		if err != nil {
			return undefined, err
		}
		parts = known.parts
	}
	hours, minutes := 0, 0
	if text, ok := zone.(string); ok {
		if offset := leadingInteger(text); math.Abs(offset) < 1e6 {
			hours, minutes = int(math.Floor(offset/100)), int(offset)%100
		}
	}
	local := math.Trunc(millis + float64(hours*60+minutes)*60_000)
	if !(math.Abs(local) <= maxMillis) {
		return undefined, &Error{Code: "D3110", Value: millis}
	}
	t := time.UnixMilli(int64(local)).UTC()
	var out strings.Builder
	for i := range parts {
		text, err := parts[i].format(t, hours, minutes)
		if err != nil {
			return undefined, err
		}
		if !c.r.spend(1+len(text)/16, len(text)) {
			return undefined, c.r.spent
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

// format is the component of t, which is the time in the zone already.
func (d *datePart) format(t time.Time, hours, minutes int) (string, *Error) {
	switch d.component {
	case 0:
		return d.literal, nil
	case 'Z', 'z':
		return d.formatZone(hours, minutes)
	case 'P':
		marker := "am"
		if t.Hour() >= 12 {
			marker = "pm"
		}
		if d.letters == upperCase {
			marker = strings.ToUpper(marker)
		}
		return marker, nil
	case 'C', 'E':
		return "ISO", nil
	}
	n := componentOf(t, d.component)
	if d.names || d.integer == nil {
		return d.formatName(n)
	}
	if d.component == 'Y' && d.yearDigits >= 0 && d.yearDigits < 10 {
		n %= int(math.Pow10(d.yearDigits))
	}
	text, err := d.integer.format(float64(n))
	s, _ := text.(string)
	return s, err
}

func (d *datePart) formatName(n int) (string, *Error) {
	var name string
	switch d.component {
	case 'M', 'x':
		name = monthNames[n-1]
	case 'F':
		name = dayNames[n-1]
	default:
		return "", &Error{Code: "D3133", Value: d.name}
	}
	name = d.letters.apply(name)
	if d.maxWidth >= 0 && len(name) > d.maxWidth {
		name = name[:d.maxWidth]
	}
	return name, nil
}

func (d *datePart) formatZone(hours, minutes int) (string, *Error) {
	offset := hours*100 + minutes
	n, suffix := offset, ""
	if d.integer.regular == 0 {
		switch digits := d.integer.mandatory; {
		case digits == 1 || digits == 2:
			n = hours
			if minutes != 0 {
				suffix = ":" + pad2(minutes)
			}
		case digits != 3 && digits != 4:
			return "", &Error{Code: "D3134", Value: float64(digits)}
		}
	}
	if offset == 0 && d.zone {
		return "Z", nil
	}
	text, err := d.integer.format(float64(n))
	s, _ := text.(string)
	if offset >= 0 {
		s = "+" + s
	}
	if d.component == 'z' {
		s = "GMT" + s
	}
	return s + suffix, err
}

func pad2(n int) string {
	text, _ := (&integerPicture{zero: '0', mandatory: 2}).format(float64(n))
	s, _ := text.(string)
	return s
}

// componentOf is a component of t as a number.
func componentOf(t time.Time, component byte) int {
	switch component {
	case 'Y':
		return t.Year()
	case 'M':
		return int(t.Month())
	case 'D':
		return t.Day()
	case 'd':
		return t.YearDay()
	case 'F':
		return (int(t.Weekday())+6)%7 + 1
	case 'W':
		_, week := t.ISOWeek()
		return week
	case 'X':
		year, _ := t.ISOWeek()
		return year
	case 'w':
		return (thursday(t).Day()-1)/7 + 1
	case 'x':
		return int(thursday(t).Month())
	case 'H':
		return t.Hour()
	case 'h':
		return (t.Hour()+11)%12 + 1
	case 'm':
		return t.Minute()
	case 's':
		return t.Second()
	case 'f':
		return t.Nanosecond() / int(time.Millisecond)
	}
	return 0
}

// thursday is the Thursday of t's week, which decides whose week it is.
func thursday(t time.Time) time.Time {
	return t.AddDate(0, 0, 4-componentOf(t, 'F'))
}

func fnToMillis(c *call) (any, *Error) {
	s, ok := c.arg(0).(string)
	if !ok {
		return undefined, nil
	}
	if !c.r.spend(1+len(s), 64*len(s)) {
		return undefined, c.r.spent
	}
	if picture, ok := c.arg(1).(string); ok {
		return c.parseDate(s, picture)
	}
	millis, ok := isoMillis(s)
	if !ok {
		return undefined, &Error{Code: "D3110", Value: s}
	}
	return millis, nil
}

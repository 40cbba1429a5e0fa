package jsonata

import (
	"math"
	"regexp"
	"strconv"
	"time"
)

var isoTimestamp = regexp.MustCompile(`^(\d{4})(?:-([01]\d))?(?:-([0-3]\d))?(?:T([0-2]\d):([0-5]\d):([0-5]\d))?(?:\.(\d+))?(?:([+-])([0-2]\d):?([0-5]\d)|(Z))?$`)

// isoMillis is the time of an ISO 8601 timestamp: NaN if it looks like one and is none,
// false if it does not look like one. A month has up to 31 days, as in the reference
// implementation: 30 February is 2 March.
func isoMillis(s string) (millis float64, ok bool) {
	m := isoTimestamp.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	number := func(group, otherwise int) int {
		if m[group] == "" {
			return otherwise
		}
		n, _ := strconv.Atoi(m[group])
		return n
	}
	month, day, hour := number(2, 1), number(3, 1), number(4, 0)
	minute, second, milli := number(5, 0), number(6, 0), 0
	if m[7] != "" {
		milli, _ = strconv.Atoi((m[7] + "00")[:3])
	}
	zone := number(9, 0)*60 + number(10, 0)
	if m[8] == "-" {
		zone = -zone
	}
	switch clock := m[4] != ""; {
	case m[3] != "" && m[2] == "", month < 1 || month > 12 || day < 1 || day > 31, number(9, 0) > 23,
		hour > 24 || hour == 24 && minute+second+milli > 0,
		!clock && (m[7] != "" || m[8] != ""):
		return math.NaN(), true
	}
	t := time.Date(number(1, 0), time.Month(month), day, hour, minute-zone, second, milli*int(time.Millisecond), time.UTC)
	return float64(t.UnixMilli()), true
}

package store

import "time"

// Instants in a store are whole milliseconds. The zero time stands for none and
// is the smallest instant; the largest is the end of the year 9999.
const (
	minMilli = -62135596800000 // time.Time{}.UnixMilli()
	maxMilli = 253402300799999
)

// Milli returns the instant as a store keeps it: in UTC, cut to whole
// milliseconds.
func Milli(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return fromUnixMilli(t.UnixMilli())
}

// Ordinal counts the milliseconds from the zero time to t, cut to whole ones.
// Its order is that of time, the zero time is 0, and what lies outside the range
// of a store becomes the nearest instant in it.
func Ordinal(t time.Time) uint64 {
	ms := int64(maxMilli)
	if s := t.Unix(); s < minMilli/1000 {
		ms = minMilli
	} else if s <= maxMilli/1000 {
		ms = t.UnixMilli()
	}
	return uint64(ms - minMilli)
}

// OrdinalCeil is Ordinal rounded up: an instant of a store is before t exactly if
// its ordinal is less than OrdinalCeil(t).
func OrdinalCeil(t time.Time) uint64 {
	o := Ordinal(t)
	if t.Nanosecond()%int(time.Millisecond) != 0 {
		o++
	}
	return o
}

// FromOrdinal is the inverse of Ordinal.
func FromOrdinal(o uint64) time.Time {
	if o > maxMilli-minMilli {
		o = maxMilli - minMilli
	}
	return fromUnixMilli(int64(o) + minMilli)
}

func fromUnixMilli(ms int64) time.Time {
	if ms == minMilli {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// inRange reports whether a store can keep the instant.
func inRange(t time.Time) bool {
	s := t.Unix()
	return s >= minMilli/1000 && s <= maxMilli/1000
}

package definition

import (
	"strings"
	"time"
)

// ParseTimestamp reads a timestamp of the States Language: one of RFC 3339, with
// a capital T, and a capital Z or an offset.
func ParseTimestamp(text string) (time.Time, bool) {
	const shape = "2006-01-02T15:04:05"
	if len(text) <= len(shape) || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] == ',' {
		return time.Time{}, false // package time takes T1:00:00 and 00,5 as well
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	return at, err == nil
}

// mostOffset is in seconds.
const mostOffset = 18 * 60 * 60

// ParseOffsetDateTime reads a timestamp that a Wait state finds when it runs, of which
// AWS asks less than of one in a definition: its letters may be small, and the seconds
// may be missing. Its offset is at most 18 hours, as an OffsetDateTime of Java has it.
func ParseOffsetDateTime(text string) (time.Time, bool) {
	const minutes = "2006-01-02T15:04"
	text = strings.ToUpper(text)
	if len(text) > len(minutes) && text[len(minutes)] != ':' {
		text = text[:len(minutes)] + ":00" + text[len(minutes):]
	}
	at, ok := ParseTimestamp(text)
	if _, offset := at.Zone(); offset < -mostOffset || offset > mostOffset {
		return time.Time{}, false
	}
	return at, ok
}

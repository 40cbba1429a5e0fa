package asl

import "time"

// parseTimestamp reads a timestamp of the language: RFC 3339 with the
// separator T and a zone, both in capitals (section 2, Wait).
func parseTimestamp(text string) (time.Time, bool) {
	if len(text) < len("2006-01-02T15:04Z") || text[10] != 'T' {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	return at, err == nil
}

func timestampOf(v any) (time.Time, bool) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, false
	}
	return parseTimestamp(text)
}

package executionlog

import (
	"strconv"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/expr/value"
)

// MaxPayload is how many bytes a payload may have in a record, as JSON text with
// its escapes. What is longer is cut, and the record says so (AWS: 248 KB).
const MaxPayload = 248 << 10

// Source is what records tell of an execution beside its events.
type Source struct {
	ExecutionARN string
	// MapRunARN is of the map run that the execution is a child of, ParentARN of the
	// execution that the map run belongs to. Records of others have neither.
	MapRunARN, ParentARN string
	Redrives             uint64 // how often the execution had been redriven at the event
}

// Append appends the record of an event to dst: one JSON object, without a line
// end. Without data the execution data are left out (includeExecutionData).
func Append(dst []byte, s Source, e *asl.Event, data bool) []byte {
	dst = append(dst, `{"id":"`...)
	dst = strconv.AppendUint(dst, e.ID, 10)
	dst = append(dst, `","type":`...)
	dst = value.AppendString(dst, e.Type)
	dst = append(dst, `,"details":`...)
	dst = appendDetails(dst, e.Details, data)
	dst = append(dst, `,"previous_event_id":"`...)
	dst = strconv.AppendUint(dst, e.Previous, 10)
	dst = append(dst, `","event_timestamp":"`...)
	dst = strconv.AppendInt(dst, e.Time.UnixMilli(), 10)
	dst = append(dst, `","execution_arn":`...)
	dst = value.AppendString(dst, s.ExecutionARN)
	dst = appendARN(dst, `,"map_run_arn":`, s.MapRunARN)
	dst = appendARN(dst, `,"parent_execution_arn":`, s.ParentARN)
	dst = append(dst, `,"redrive_count":"`...)
	dst = strconv.AppendUint(dst, s.Redrives, 10)
	return append(dst, `"}`...)
}

// appendARN writes a member that not every record has.
func appendARN(dst []byte, name, arn string) []byte {
	if arn == "" {
		return dst
	}
	return value.AppendString(append(dst, name...), arn)
}

// appendDetails writes members as an object. Where a payload was cut, the member
// that follows it, which says whether it is whole, says so.
func appendDetails(dst []byte, members []asl.Detail, data bool) []byte {
	dst = append(dst, '{')
	first, cut := true, ""
	for i := range members {
		m := &members[i]
		if m.Data && !data {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = value.AppendString(dst, m.Name)
		dst = append(dst, ':')
		if cut != "" && m.Name == cut+"Details" {
			dst = append(dst, `{"truncated":true}`...)
			continue
		}
		var shortened bool
		if dst, shortened = appendValue(dst, m, data); shortened {
			cut = m.Name
		}
	}
	return append(dst, '}')
}

func appendValue(dst []byte, m *asl.Detail, data bool) (_ []byte, shortened bool) {
	switch v := m.Value.(type) {
	case string:
		start := len(dst)
		dst = value.AppendString(dst, v)
		if len(dst)-start > MaxPayload+2 && m.Data {
			return shorten(dst, start), true
		}
	case int64:
		dst = strconv.AppendInt(dst, v, 10)
	case bool:
		dst = strconv.AppendBool(dst, v)
	case []asl.Detail:
		dst = appendDetails(dst, v, data)
	}
	return dst, false
}

// shorten cuts the string literal that begins at start, between characters and
// not within an escape.
func shorten(dst []byte, start int) []byte {
	at := start + 1
	for {
		next := at + width(dst[at:])
		if next-start-1 > MaxPayload {
			return append(dst[:at], '"')
		}
		at = next
	}
}

// width is the length of the first character or escape of a literal.
func width(b []byte) int {
	switch {
	case b[0] == '\\' && b[1] == 'u':
		return 6
	case b[0] == '\\':
		return 2
	}
	_, n := utf8.DecodeRune(b)
	return n
}

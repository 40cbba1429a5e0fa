package lambda

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/fermata-dev/fermata/expr/value"
)

// appendEnvelope appends the result of lambda:invoke, with its members in the
// order that AWS gives them.
func appendEnvelope(dst []byte, r *Response) []byte {
	dst = append(dst, '{')
	if r.ExecutedVersion != "" {
		dst = append(dst, `"ExecutedVersion":`...)
		dst = value.AppendString(dst, r.ExecutedVersion)
		dst = append(dst, ',')
	}
	if r.LogResult != "" {
		dst = append(dst, `"LogResult":`...)
		dst = value.AppendString(dst, r.LogResult)
		dst = append(dst, ',')
	}
	dst = append(dst, `"Payload":`...)
	dst = appendPayload(dst, r.Payload)
	dst = append(dst, `,"SdkHttpMetadata":{"AllHttpHeaders":{`...)
	names := sortedNames(r.Header)
	dst = appendAllHeaders(dst, names, r.Header)
	dst = append(dst, `},"HttpHeaders":{`...)
	dst = appendHeaders(dst, names, r.Header)
	dst = append(dst, `},"HttpStatusCode":`...)
	dst = strconv.AppendInt(dst, int64(r.Status), 10)
	dst = append(dst, `},"SdkResponseMetadata":{"RequestId":`...)
	dst = value.AppendString(dst, r.RequestID)
	dst = append(dst, `},"StatusCode":`...)
	dst = strconv.AppendInt(dst, int64(r.Status), 10)
	return append(dst, '}')
}

// appendPayload appends a function's payload as a JSON value: what is not JSON
// (a custom runtime may answer with anything) becomes a string.
func appendPayload(dst, payload []byte) []byte {
	if value.Valid(payload) != nil {
		return value.AppendString(dst, string(payload))
	}
	return value.AppendCompact(dst, payload)
}

// recordedOrder is the order in which AWS lists the headers that an answer of
// Lambda has; others follow by name.
var recordedOrder = []string{
	"X-Amz-Log-Result", "X-Amz-Executed-Version", "X-Amzn-Remapped-Content-Length", "Connection",
	"X-Amzn-Requestid", "Content-Length", "Date", "X-Amzn-Trace-Id", "Content-Type",
}

func appendAllHeaders(dst []byte, names []string, h http.Header) []byte {
	start := len(dst)
	for _, name := range recordedOrder {
		if values, ok := h[name]; ok {
			dst = appendAll(dst, start, name, values)
		}
	}
	for _, name := range names {
		if !slices.Contains(recordedOrder, name) {
			dst = appendAll(dst, start, name, h[name])
		}
	}
	return dst
}

func appendAll(dst []byte, start int, name string, values []string) []byte {
	dst = appendName(dst, start, name)
	dst = append(dst, '[')
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = value.AppendString(dst, v)
	}
	return append(dst, ']')
}

// appendHeaders appends the last value of each header, by name.
func appendHeaders(dst []byte, names []string, h http.Header) []byte {
	start := len(dst)
	for _, name := range names {
		if values := h[name]; len(values) > 0 {
			dst = appendName(dst, start, name)
			dst = value.AppendString(dst, values[len(values)-1])
		}
	}
	return dst
}

func appendName(dst []byte, start int, name string) []byte {
	if len(dst) > start {
		dst = append(dst, ',')
	}
	switch name { // as they are on the wire, before Go made them canonical
	case "X-Amzn-Requestid":
		name = "x-amzn-RequestId"
	case "X-Amzn-Remapped-Content-Length":
		name = "x-amzn-Remapped-Content-Length"
	}
	dst = value.AppendString(dst, name)
	return append(dst, ':')
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.SortFunc(names, compareFolded)
	return names
}

// compareFolded compares header names, which are ASCII, without regard to case.
func compareFolded(a, b string) int {
	for i := 0; i < min(len(a), len(b)); i++ {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	return c
}

package httptask

import (
	"net/http"
	"strings"

	"github.com/fermata-dev/fermata/expr/value"
)

// forbidden are the headers that an author may not set (developer guide, "Call
// HTTPS APIs"), in canonical form.
var forbidden = set("A-Im", "Accept-Charset", "Accept-Datetime", "Accept-Encoding", "Authorization", "Cache-Control",
	"Connection", "Content-Encoding", "Content-Length", "Content-Md5", "Date", "Expect", "Forwarded", "From", "Host",
	"Http2-Settings", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since",
	"Max-Forwards", "Origin", "Pragma", "Proxy-Authorization", "Range", "Referer", "Server", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade", "User-Agent", "Via", "Warning")

var forbiddenPrefixes = []string{"X-Forwarded-", "X-Amz-", "X-Amzn-"}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

func isForbidden(canonical string) bool {
	if forbidden[canonical] {
		return true
	}
	for _, p := range forbiddenPrefixes {
		if strings.HasPrefix(canonical, p) {
			return true
		}
	}
	return false
}

// readHeaders reads the member Headers: an object of strings, or of arrays of
// strings for headers that are sent more than once.
func readHeaders(h http.Header, v any) (problems []string) {
	o, ok := v.(*value.Object)
	if !ok {
		return []string{invalid("Headers")}
	}
	for name, member := range o.All() {
		key := http.CanonicalHeaderKey(name)
		values, ok := texts(member)
		switch {
		case !ok || !validFieldName(name) || !allValid(values):
			problems = append(problems, invalid("Headers."+name))
		case isForbidden(key):
			problems = append(problems, "The header '"+name+"' is not allowed in 'Headers'")
		default:
			h[key] = append(h[key], values...)
		}
	}
	return problems
}

// texts is a scalar, or an array of scalars, as texts.
func texts(v any) ([]string, bool) {
	items, ok := v.([]any)
	if !ok {
		s, ok := scalar(v)
		return []string{s}, ok
	}
	list := make([]string, len(items))
	for i, item := range items {
		s, ok := scalar(item)
		if !ok {
			return nil, false
		}
		list[i] = s
	}
	return list, true
}

// scalar is a string, number, boolean or null as text.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case nil:
		return "", true
	case bool, value.Number:
		return string(value.Append(nil, v)), true
	}
	return "", false
}

// validFieldName says whether name is a token (RFC 9110, 5.6.2).
func validFieldName(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return name != ""
}

// validFieldValue says whether v has no control characters but tabs.
func validFieldValue(v string) bool {
	for i := 0; i < len(v); i++ {
		if c := v[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

func allValid(values []string) bool {
	for _, v := range values {
		if !validFieldValue(v) {
			return false
		}
	}
	return true
}

package httptask

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

var errTooBig = errors.New("the answer is too big")

// readBody reads the answer's body if it is within the limit.
func (t *Task) readBody(resp *http.Response) ([]byte, error) {
	limit := int64(t.config.MaxResponse)
	if resp.ContentLength > limit && resp.Request.Method != http.MethodHead {
		return nil, errTooBig
	}
	if resp.ContentLength >= 0 && resp.Request.Method != http.MethodHead {
		body := make([]byte, resp.ContentLength)
		if _, err := io.ReadFull(resp.Body, body); err != nil {
			return nil, err
		}
		_, err := resp.Body.Read(make([]byte, 1)) // sees the end, so that the connection is kept
		if err != io.EOF {
			return nil, err
		}
		return body, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = errTooBig
	}
	return body, err
}

// result is what the workflow sees of an answer.
func result(resp *http.Response, body []byte) ([]byte, error) {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, statusError(resp, body)
	}
	kind := mediaType(resp.Header)
	if binary(kind) || !utf8.Valid(body) {
		return nil, runtimeError("The endpoint answered with a body that is no text (content type '%s').", kind)
	}
	b := make([]byte, 0, len(body)+512)
	b = append(b, `{"Headers":{`...)
	b = appendHeaders(b, resp.Header)
	b = append(b, `},"ResponseBody":`...)
	b = appendBody(b, kind, body)
	b = append(b, `,"StatusCode":`...)
	b = strconv.AppendInt(b, int64(resp.StatusCode), 10)
	b = append(b, `,"StatusText":`...)
	b = value.AppendString(b, statusText(resp))
	return append(b, '}'), nil
}

func statusError(resp *http.Response, body []byte) *connector.Error {
	cause := strings.ToValidUTF8(string(body), "\uFFFD")
	if cause == "" {
		cause = statusText(resp)
	}
	return &connector.Error{Name: "States.Http.StatusCode." + strconv.Itoa(resp.StatusCode), Cause: cause}
}

// statusText is the reason that the server gave, or the usual one.
func statusText(resp *http.Response) string {
	if _, text, ok := strings.Cut(resp.Status, " "); ok && text != "" {
		return text
	}
	return http.StatusText(resp.StatusCode)
}

func appendHeaders(b []byte, h http.Header) []byte {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = value.AppendString(b, strings.ToLower(name))
		b = append(b, ":["...)
		for j, v := range h[name] {
			if j > 0 {
				b = append(b, ',')
			}
			b = value.AppendString(b, v)
		}
		b = append(b, ']')
	}
	return b
}

// appendBody appends JSON as it is, without white space, and all else as a
// string.
func appendBody(b []byte, kind string, body []byte) []byte {
	isJSON := kind == "" || kind == "application/json" || strings.HasSuffix(kind, "+json") || kind == "text/json"
	if isJSON && value.Valid(body) == nil {
		return value.AppendCompact(b, body)
	}
	return value.AppendString(b, string(body))
}

// mediaType is the content type without its parameters, in lower case.
func mediaType(h http.Header) string {
	text := h.Get("Content-Type")
	if text == "application/json" {
		return text
	}
	if kind, _, err := mime.ParseMediaType(text); err == nil {
		return kind
	}
	kind, _, _ := strings.Cut(strings.ToLower(text), ";")
	return strings.TrimSpace(kind)
}

// binary says whether AWS refuses the content type.
func binary(kind string) bool {
	return kind == "application/octet-stream" || strings.HasPrefix(kind, "image/") ||
		strings.HasPrefix(kind, "video/") || strings.HasPrefix(kind, "audio/")
}

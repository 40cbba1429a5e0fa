package sfn

import (
	"slices"
	"strconv"
	"strings"

	"github.com/fermata-dev/fermata/connector"
)

// exchange writes the request and the response of an HTTP task.
func (o *output) exchange(e *connector.HTTPExchange) {
	protocol := ""
	if r := e.Request; r != nil {
		protocol, _, _ = strings.Cut(r.URL, ":")
		o.object("request", func() {
			o.text("protocol", protocol)
			o.text("method", r.Method)
			o.text("url", r.URL)
			o.text("headers", headerList(r.Header))
			o.nonEmpty("body", string(r.Body))
		})
	}
	if r := e.Response; r != nil {
		o.object("response", func() {
			o.text("protocol", protocol)
			o.text("statusCode", strconv.Itoa(r.StatusCode))
			o.text("statusMessage", r.StatusText)
			o.text("headers", headerList(r.Header))
			o.nonEmpty("body", string(r.Body))
		})
	}
}

// headerList writes headers as AWS shows them: [Name: value, Name: value].
func headerList(header map[string][]string) string {
	var lines []string
	for name, values := range header {
		for _, v := range values {
			lines = append(lines, name+": "+v)
		}
	}
	slices.Sort(lines)
	return "[" + strings.Join(lines, ", ") + "]"
}

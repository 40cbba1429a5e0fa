package client

import (
	"fmt"
	"net/url"
	"strings"
)

// ownExecutions is where a Fermata server shows executions of either type. AWS's
// API refuses Express ones.
const ownExecutions = "/fermata/v1/executions"

// isExpress reports whether an ARN is that of an Express execution.
func isExpress(arn string) bool { return strings.Contains(arn, ":express:") }

// query writes an input as the query of a URL.
func query(in object) string {
	values := url.Values{}
	for name, v := range in {
		values.Set(name, fmt.Sprint(v))
	}
	return values.Encode()
}

package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Where a Fermata server shows more than AWS's API: executions of either type and what
// is stopped by an incident, and how state machines stand.
const (
	ownExecutions = "/fermata/v1/executions"
	ownMachines   = "/fermata/v1/stateMachines"
)

// isExpress reports whether an ARN is that of an Express execution.
func isExpress(arn string) bool { return strings.Contains(arn, ":express:") }

// look reads at a path of Fermata's own, or carries out an operation of AWS's where the
// server does not answer that.
func (c *Client) look(ctx context.Context, path, operation string, in object, out any) error {
	err := c.get(ctx, path, out)
	if refused := (*Error)(nil); errors.As(err, &refused) {
		return c.Call(ctx, operation, in, out)
	}
	return err
}

// query writes an input as the query of a URL.
func query(in object) string {
	values := url.Values{}
	for name, v := range in {
		values.Set(name, fmt.Sprint(v))
	}
	return values.Encode()
}

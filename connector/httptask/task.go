package httptask

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// Task is the connector "http". It may be used by any number of goroutines.
type Task struct {
	config    Config
	transport *http.Transport
}

// New checks the configuration; the error lists everything that is wrong.
func New(c Config) (*Task, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	return &Task{config: c, transport: newTransport(c)}, nil
}

// Close drops the connections that are kept open.
func (t *Task) Close() error {
	t.transport.CloseIdleConnections()
	return nil
}

// Invoke carries out one request.
func (t *Task) Invoke(ctx context.Context, call *connector.Call) ([]byte, error) {
	if call.Action != "invoke" {
		return nil, runtimeError("The resource '%s' names the action '%s' of http, which does not exist.", call.Resource, call.Action)
	}
	p, err := t.read(call)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, t.config.Timeout)
	defer cancel()
	shown, request := traceOf(ctx), t.request(within, p, call)
	shown.request(t, call, request)
	resp, err := t.transport.RoundTrip(request) // follows no redirect
	if err != nil {
		return nil, t.failure(ctx, within, p, err)
	}
	defer resp.Body.Close()
	body, err := t.readBody(resp)
	if err != nil {
		return nil, t.failure(ctx, within, p, err)
	}
	shown.response(resp, body)
	return result(resp, body)
}

// read makes the parameters of a call, with what its connection adds.
func (t *Task) read(call *connector.Call) (*parameters, error) {
	p, err := t.withoutConnection(call)
	if err != nil {
		return nil, err
	}
	c, err := t.connection(p.connection)
	if err != nil {
		return nil, err
	}
	if problems := p.merge(c); len(problems) > 0 {
		return nil, refuse(call.Payload, problems)
	}
	return p, nil
}

// withoutConnection makes the parameters of a call as its author wrote them.
func (t *Task) withoutConnection(call *connector.Call) (*parameters, error) {
	v, err := value.Parse(call.Payload)
	if err != nil {
		return nil, refuse(call.Payload, []string{"The parameters are not valid JSON: " + err.Error()})
	}
	p, problems := readParameters(v)
	if len(problems) > 0 {
		return nil, refuse(call.Payload, problems)
	}
	if p.endpoint.Scheme == "http" && !t.config.AllowPlain {
		return nil, refuse(call.Payload, []string{"The field 'ApiEndpoint' must begin with https://"})
	}
	return p, nil
}

// request is the HTTP request that the parameters say. The key makes it safe for
// the transport to send it again when a kept connection turns out to be closed.
func (t *Task) request(ctx context.Context, p *parameters, call *connector.Call) *http.Request {
	p.endpoint.RawQuery = p.query.appendTo(p.endpoint.RawQuery)
	h := p.header
	h["User-Agent"] = []string{t.config.UserAgent}
	if _, given := h["Idempotency-Key"]; !given && call.IdempotencyKey != "" && validFieldValue(call.IdempotencyKey) {
		h["Idempotency-Key"] = []string{call.IdempotencyKey}
	}
	if call.TraceHeader != "" && validFieldValue(call.TraceHeader) {
		h["X-Amzn-Trace-Id"] = []string{call.TraceHeader}
	}
	r := &http.Request{
		Method: p.method, URL: p.endpoint, Host: p.endpoint.Host, Header: h,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if body, ok := p.encodeBody(); ok {
		r.ContentLength = int64(len(body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
	}
	return r.WithContext(ctx)
}

// encodeBody is the body to send, if there is one, and says its type in the
// header if the author did not.
func (p *parameters) encodeBody() (body []byte, ok bool) {
	if p.body == nil {
		return nil, false
	}
	contentType := "application/json; charset=UTF-8"
	object, isObject := p.body.(*value.Object)
	text, isText := p.body.(string)
	switch {
	case isText:
		body = []byte(text)
	case p.form && isObject:
		body = []byte(encodeForm(object, p.arrays))
	default:
		body = value.Append(nil, p.body)
	}
	if p.form {
		contentType = "application/x-www-form-urlencoded"
	}
	if _, given := p.header["Content-Type"]; !given {
		p.header["Content-Type"] = []string{contentType}
	}
	return body, true
}

// failure is the task's failure for a request that got no answer. within is the
// part of ctx that holds our own limit.
func (t *Task) failure(ctx, within context.Context, p *parameters, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // nobody waits any longer
	}
	var refused *addressError
	switch {
	case errors.As(err, &refused):
		return runtimeError("The endpoint '%s' cannot be called: %s.", p.endpoint.Host, refused)
	case errors.Is(err, errTooBig):
		return &connector.Error{
			Name:  "States.DataLimitExceeded",
			Cause: "The state/task 'http' returned a result with a size exceeding the maximum number of bytes service limit.",
		}
	case within.Err() != nil:
		return socketError("The request to '%s' was not answered within %v.", p.endpoint.Host, t.config.Timeout)
	}
	return socketError("The request to '%s' failed: %s.", p.endpoint.Host, strings.TrimSuffix(err.Error(), "."))
}

func socketError(format string, args ...any) *connector.Error {
	return &connector.Error{Name: "States.Http.Socket", Cause: fmt.Sprintf(format, args...)}
}

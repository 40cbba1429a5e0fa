package httptask

import (
	"context"
	"io"
	"net/http"

	"github.com/fermata-dev/fermata/connector"
)

// trace fills in the exchange that somebody asks for, if anybody does.
type trace struct{ exchange *connector.HTTPExchange }

func traceOf(ctx context.Context) trace { return trace{connector.TracedHTTP(ctx)} }

// request shows the request of a call: r, or without the secrets of its
// connection the request that the parameters alone would make.
func (tr trace) request(t *Task, call *connector.Call, r *http.Request) {
	if tr.exchange == nil {
		return
	}
	if !tr.exchange.RevealSecrets {
		plain, err := t.withoutConnection(call)
		if err != nil {
			return
		}
		r = t.request(r.Context(), plain, call)
	}
	shown := &connector.HTTPRequest{Method: r.Method, URL: r.URL.String(), Header: r.Header.Clone()}
	if r.GetBody != nil {
		if body, err := r.GetBody(); err == nil {
			shown.Body, _ = io.ReadAll(body) // it is in memory
		}
	}
	tr.exchange.Request = shown
}

// response shows the response.
func (tr trace) response(r *http.Response, body []byte) {
	if tr.exchange == nil {
		return
	}
	tr.exchange.Response = &connector.HTTPResponse{
		StatusCode: r.StatusCode, StatusText: statusText(r), Header: r.Header.Clone(), Body: body,
	}
}

package connector

import "context"

// HTTPExchange is the HTTP request of a call and its response. A connector that
// speaks HTTP in its user's name fills it in for whoever asks with TraceHTTP.
type HTTPExchange struct {
	// RevealSecrets is set by who asks: else the request is shown without what a
	// connection has added to it.
	RevealSecrets bool
	// Request is nil where none was made, Response where none came.
	Request  *HTTPRequest
	Response *HTTPResponse
}

// HTTPRequest is a request as it was sent.
type HTTPRequest struct {
	Method, URL string
	Header      map[string][]string
	Body        []byte
}

// HTTPResponse is a response as it came.
type HTTPResponse struct {
	StatusCode int
	StatusText string
	Header     map[string][]string
	Body       []byte
}

type httpTrace struct{}

// TraceHTTP asks for the exchange of the one call that is made with the context.
func TraceHTTP(ctx context.Context, exchange *HTTPExchange) context.Context {
	return context.WithValue(ctx, httpTrace{}, exchange)
}

// TracedHTTP is what TraceHTTP was given, nil for nothing.
func TracedHTTP(ctx context.Context) *HTTPExchange {
	exchange, _ := ctx.Value(httpTrace{}).(*HTTPExchange)
	return exchange
}

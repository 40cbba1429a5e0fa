package remote

import (
	"io"
	"net/http"
)

// plainBodies sends requests whose bodies can be read and nothing else.
//
// The SDK closes the body of a request as soon as the headers of the response are
// there. Its bodies have a method WriteTo that fails once they are closed, and
// package net/http may still be asking whether there is more of them: it then
// drops the connection, from which the body of the response is yet to come. Read
// of a closed body says that it has ended.
type plainBodies struct{ next http.RoundTripper }

type plainBody struct{ io.ReadCloser }

func (p plainBodies) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return p.next.RoundTrip(req)
	}
	plain := *req
	plain.Body = plainBody{req.Body}
	return p.next.RoundTrip(&plain)
}

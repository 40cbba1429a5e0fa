// Package httptask is the connector named "http": it carries out
// arn:aws:states:::http:invoke, a call of any HTTP endpoint.
//
// The payload of a call is the Parameters object: ApiEndpoint, Method, Headers,
// QueryParameters, RequestBody, Transform, and Authentication or
// InvocationConfig with a ConnectionArn. The result is
// {Headers, ResponseBody, StatusCode, StatusText}: Headers with names in lower
// case and arrays as values, ResponseBody a JSON value where the content type is
// JSON or missing and the body parses, else a string.
//
// # Failures
//
//	status of 300 and above            States.Http.StatusCode.<n>, the cause is
//	                                   the body, or the status text if there is none
//	no connection, broken connection   States.Http.Socket
//	no complete answer in time         States.Http.Socket
//	an answer over MaxResponse         States.DataLimitExceeded
//	parameters that make no request,
//	a forbidden header or address,
//	an answer that is no text          States.Runtime
//	an unknown connection              Events.ConnectionResource.ResourceNotFound
//
// # What differs from AWS
//
// ConnectionArn may be left out. Redirects are not followed: one that is not an
// error for the author has to be said by Location and a Choice, and none leads
// past the rules below. No Range header is sent: an answer that is too long
// fails instead of being cut. Every request carries Idempotency-Key, the same
// whenever the attempt is carried out again, unless the author sets one.
//
// # Where it may go
//
// Only https, and no address that is private, loopback, link-local or reserved,
// unless the configuration says so. Addresses are checked when the connection is
// made, after the name was resolved, so that no name can lead astray. Proxies of
// the environment are not used: behind one nothing could be checked.
package httptask

import (
	"errors"
	"fmt"
	"time"
)

// Config of a Task. The zero value works and is strict.
type Config struct {
	// Connections by name: what stands behind connection/ in a ConnectionArn.
	// A key may also be a whole ARN.
	Connections map[string]Connection
	// AllowPlain lets http through, AllowPrivate addresses that are not public.
	AllowPlain, AllowPrivate bool
	// Timeout is how long a request may take to the end of its answer; 60 s if
	// zero, as AWS.
	Timeout time.Duration
	// MaxResponse is the biggest body of an answer, in bytes; 262144 if zero, as
	// AWS.
	MaxResponse int
	// MaxIdlePerHost is how many connections to one host are kept open for later
	// requests; 256 if zero.
	MaxIdlePerHost int
	// UserAgent is sent with every request; "Fermata|HttpInvoke" if empty.
	UserAgent string
}

// Connection is what an EventBridge connection is to AWS: what is added to the
// requests that name it. Where a request has the same, the connection wins.
type Connection struct {
	// Auth is Basic, APIKey or Bearer; nil for none.
	Auth Auth
	// Headers, Query and Body are added to the request's.
	Headers, Query, Body map[string]string
}

// Auth says who calls: Basic, APIKey or Bearer.
type Auth interface{ header() (name, value string) }

// Basic is a user with a password.
type Basic struct{ User, Password string }

// APIKey is a header of its own with a secret value.
type APIKey struct{ Header, Value string }

// Bearer is an OAuth token that somebody else keeps fresh.
type Bearer struct{ Token string }

func (c Config) withDefaults() Config {
	if c.Timeout == 0 {
		c.Timeout = 60 * time.Second
	}
	if c.MaxResponse == 0 {
		c.MaxResponse = 262144
	}
	if c.MaxIdlePerHost == 0 {
		c.MaxIdlePerHost = 256
	}
	if c.UserAgent == "" {
		c.UserAgent = "Fermata|HttpInvoke"
	}
	return c
}

// check lists everything that is wrong.
func (c Config) check() error {
	var problems []error
	if c.Timeout < 0 || c.MaxResponse < 0 || c.MaxIdlePerHost < 0 {
		problems = append(problems, errors.New("http task: timeout and limits must not be negative"))
	}
	if !validFieldValue(c.UserAgent) {
		problems = append(problems, errors.New("http task: the user agent cannot be sent in a header"))
	}
	for name, connection := range c.Connections {
		if connection.Auth != nil {
			key, v := connection.Auth.header()
			problems = append(problems, checkHeader(name, key, v))
		}
		for key, v := range connection.Headers {
			problems = append(problems, checkHeader(name, key, v))
		}
	}
	return errors.Join(problems...)
}

func checkHeader(connection, key, v string) error {
	if !validFieldName(key) || !validFieldValue(v) {
		return fmt.Errorf("http task: connection %q: the header %q cannot be sent", connection, key)
	}
	return nil
}

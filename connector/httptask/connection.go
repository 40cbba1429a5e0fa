package httptask

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

func (a Basic) header() (string, string) {
	return "Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(a.User+":"+a.Password))
}

func (a APIKey) header() (string, string) { return a.Header, a.Value }

func (a Bearer) header() (string, string) { return "Authorization", "Bearer " + a.Token }

// connection is what an ARN stands for; the zero Connection for an empty one.
func (t *Task) connection(arn string) (Connection, error) {
	if arn == "" {
		return Connection{}, nil
	}
	if c, ok := t.config.Connections[arn]; ok {
		return c, nil
	}
	if c, ok := t.config.Connections[connectionName(arn)]; ok {
		return c, nil
	}
	return Connection{}, &connector.Error{
		Name:  "Events.ConnectionResource.ResourceNotFound",
		Cause: "The connection '" + arn + "' does not exist: the project configures no connection named '" + connectionName(arn) + "'.",
	}
}

// connectionName is the name in arn:aws:events:region:account:connection/name/id.
func connectionName(arn string) string {
	_, name, ok := strings.Cut(arn, ":connection/")
	if !ok {
		return arn
	}
	name, _, _ = strings.Cut(name, "/")
	return name
}

// merge adds what the connection brings to the request.
func (p *parameters) merge(c Connection) (problems []string) {
	for key, v := range c.Headers {
		p.header[http.CanonicalHeaderKey(key)] = []string{v}
	}
	if c.Auth != nil {
		key, v := c.Auth.header()
		p.header[http.CanonicalHeaderKey(key)] = []string{v}
	}
	for key, v := range c.Query {
		p.query.set(key, v)
	}
	if len(c.Body) == 0 {
		return nil
	}
	body := value.NewObject(len(c.Body))
	switch own := p.body.(type) {
	case *value.Object:
		body = own.Clone()
	case nil:
	default:
		return []string{"The field 'RequestBody' must be a JSON object because the connection adds to it"}
	}
	for key, v := range c.Body {
		body.Set(key, v)
	}
	p.body = body
	return nil
}

package httptask

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

// parameters of http:invoke, read and checked.
type parameters struct {
	endpoint   *url.URL
	method     string
	header     http.Header
	query      query
	body       any // nil for none
	form       bool
	arrays     string
	connection string
}

var methods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"}

// readParameters reads the Parameters of http:invoke, and lists what is wrong with
// them in the words that a States.Runtime error has between its brackets. What
// depends on the configuration (plain http, connections) is not looked at.
func readParameters(v any) (*parameters, []string) {
	o, ok := v.(*value.Object)
	if !ok {
		return nil, []string{"The Parameters must be a JSON object"}
	}
	p := &parameters{header: make(http.Header, 8)}
	var problems []string
	for key, member := range o.All() {
		problems = append(problems, p.read(key, member)...)
	}
	for _, required := range []string{"ApiEndpoint", "Method"} {
		if _, ok := o.Get(required); !ok {
			problems = append(problems, fmt.Sprintf("The field '%s' is required but was missing", required))
		}
	}
	if p.form {
		switch p.body.(type) {
		case nil, string, *value.Object:
		default:
			problems = append(problems, "The field 'RequestBody' must be a JSON object to be URL-encoded")
		}
	}
	return p, problems
}

func (p *parameters) read(key string, v any) (problems []string) {
	switch key {
	case "ApiEndpoint":
		return p.readEndpoint(v)
	case "Method":
		var ok bool
		if p.method, ok = v.(string); !ok || !slices.Contains(methods, p.method) {
			return []string{invalid(key)}
		}
	case "Headers":
		return optional(v, func() []string { return readHeaders(p.header, v) })
	case "QueryParameters":
		return optional(v, func() []string { return readQuery(&p.query, v) })
	case "RequestBody":
		p.body = v
	case "Authentication", "InvocationConfig":
		return optional(v, func() []string { return p.readConnection(key, v) })
	case "Transform":
		return optional(v, func() []string { return p.readTransform(v) })
	default:
		return []string{unsupported(key)}
	}
	return nil
}

// optional leaves a member out that is null.
func optional(v any, read func() []string) []string {
	if v == nil {
		return nil
	}
	return read()
}

func (p *parameters) readEndpoint(v any) []string {
	text, _ := v.(string)
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return []string{invalid("ApiEndpoint")}
	case u.Scheme != "https" && u.Scheme != "http":
		return []string{"The field 'ApiEndpoint' must begin with https://"}
	case u.User != nil:
		return []string{"The field 'ApiEndpoint' must not contain a user: a connection holds credentials"}
	}
	u.Fragment, u.RawFragment = "", ""
	p.endpoint = u
	return nil
}

func (p *parameters) readConnection(key string, v any) []string {
	o, ok := v.(*value.Object)
	if !ok {
		return []string{invalid(key)}
	}
	for name, member := range o.All() {
		arn, isText := member.(string)
		if name != "ConnectionArn" {
			return []string{unsupported(key + "." + name)}
		}
		if !isText || arn == "" {
			return []string{invalid(key + "." + name)}
		}
		p.connection = arn
	}
	return nil
}

func (p *parameters) readTransform(v any) (problems []string) {
	o, ok := v.(*value.Object)
	if !ok {
		return []string{invalid("Transform")}
	}
	for name, member := range o.All() {
		switch name {
		case "RequestBodyEncoding":
			p.form = member == "URL_ENCODED"
			if !p.form && member != "NONE" {
				problems = append(problems, invalid("Transform."+name))
			}
		case "RequestEncodingOptions":
			problems = append(problems, p.readOptions(member)...)
		default:
			problems = append(problems, unsupported("Transform."+name))
		}
	}
	return problems
}

func (p *parameters) readOptions(v any) []string {
	const field = "Transform.RequestEncodingOptions"
	o, ok := v.(*value.Object)
	if !ok {
		return []string{invalid(field)}
	}
	for name, member := range o.All() {
		if name != "ArrayFormat" {
			return []string{unsupported(field + "." + name)}
		}
		text, _ := member.(string)
		if !slices.Contains([]string{indices, repeat, commas, brackets, none}, text) {
			return []string{invalid(field + "." + name)}
		}
		p.arrays = text
	}
	return nil
}

func invalid(field string) string {
	return fmt.Sprintf("The value of the field '%s' has an invalid format", field)
}

func unsupported(field string) string {
	return fmt.Sprintf("The field \"%s\" is not supported by Step Functions", field)
}

// refuse is the failure of a task whose parameters make no request.
func refuse(text []byte, problems []string) *connector.Error {
	return runtimeError("The Parameters '%s' could not be used to start the Task: [%s]", text, strings.Join(problems, ", "))
}

func runtimeError(format string, args ...any) *connector.Error {
	return &connector.Error{Name: "States.Runtime", Cause: fmt.Sprintf(format, args...)}
}

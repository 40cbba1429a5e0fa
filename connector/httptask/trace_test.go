package httptask

import (
	"slices"
	"strings"
	"testing"

	"github.com/fermata-dev/fermata/connector"
)

// TestTrace: whoever asks sees the request and the response, and what a connection
// has added only if secrets are to be revealed.
func TestTrace(t *testing.T) {
	url := echo(t)
	config := open
	config.Connections = map[string]Connection{"c": {
		Auth: Basic{User: "u", Password: "p"}, Headers: map[string]string{"X-Secret": "s"}, Query: map[string]string{"key": "s"},
	}}
	h := task(t, config)
	payload := `{"ApiEndpoint":"` + url + `/a","Method":"POST","Headers":{"X-Own":"1"},"RequestBody":{"n":1},` +
		`"Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:1:connection/c/1"}}`
	for _, reveal := range []bool{false, true} {
		exchange := &connector.HTTPExchange{RevealSecrets: reveal}
		if _, err := h.Invoke(connector.TraceHTTP(t.Context(), exchange), call(payload)); err != nil {
			t.Fatal(err)
		}
		r := exchange.Request
		secret := slices.Equal(r.Header["X-Secret"], []string{"s"}) && len(r.Header["Authorization"]) == 1 && strings.HasSuffix(r.URL, "/a?key=s")
		if r.Method != "POST" || string(r.Body) != `{"n":1}` || !slices.Equal(r.Header["X-Own"], []string{"1"}) || secret != reveal {
			t.Errorf("reveal %v: request %+v", reveal, r)
		}
		if !reveal && (len(r.Header["X-Secret"]) > 0 || len(r.Header["Authorization"]) > 0 || r.URL != url+"/a") {
			t.Errorf("secrets show: %+v", r)
		}
		if a := exchange.Response; a.StatusCode != 200 || a.StatusText != "OK" || !strings.Contains(string(a.Body), "X-Secret: s") {
			t.Errorf("response %+v", a)
		}
	}
}

// TestTraceOfNothing: there is a request without a response where none came, and
// neither where the parameters make none.
func TestTraceOfNothing(t *testing.T) {
	h := task(t, open)
	exchange := &connector.HTTPExchange{}
	if _, err := h.Invoke(connector.TraceHTTP(t.Context(), exchange), call(`{"ApiEndpoint":"http://127.0.0.1:1/","Method":"GET"}`)); err == nil {
		t.Fatal("it was answered")
	}
	if exchange.Request == nil || exchange.Response != nil {
		t.Errorf("got %+v", exchange)
	}
	exchange = &connector.HTTPExchange{}
	if _, err := h.Invoke(connector.TraceHTTP(t.Context(), exchange), call(`{}`)); err == nil || exchange.Request != nil {
		t.Errorf("got %+v, %v", exchange, err)
	}
}

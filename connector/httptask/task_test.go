package httptask

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/expr/value"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open is a configuration for servers on this machine.
var open = Config{AllowPlain: true, AllowPrivate: true}

func task(t testing.TB, c Config) *Task {
	t.Helper()
	task, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = task.Close() })
	return task
}

// echo answers with the request: one line for the request line, one for each
// header that matters, and the body.
func echo(t testing.TB) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprintf(w, "%s %s\n", r.Method, r.RequestURI)
		for _, name := range []string{"Authorization", "Content-Type", "Idempotency-Key", "User-Agent", "X-Amzn-Trace-Id", "X-Own", "X-Secret"} {
			for _, v := range r.Header[name] {
				fmt.Fprintf(w, "%s: %s\n", name, v)
			}
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func call(payload string) *connector.Call {
	return &connector.Call{Resource: "arn:aws:states:::http:invoke", Action: "invoke", Payload: []byte(payload), IdempotencyKey: "k1"}
}

func invoke(t *testing.T, task *Task, payload string) *value.Object {
	t.Helper()
	b, err := task.Invoke(context.Background(), call(payload))
	if err != nil {
		t.Fatal(err)
	}
	v, err := value.Parse(b)
	if err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return v.(*value.Object)
}

func TestRequestIsWhatTheParametersSay(t *testing.T) {
	c := open
	c.Connections = map[string]Connection{
		"shop":  {Auth: Basic{"u", "p"}, Headers: map[string]string{"x-own": "of the connection"}, Query: map[string]string{"q": "c"}, Body: map[string]string{"b": "c"}},
		"key":   {Auth: APIKey{"X-Secret", "s"}},
		"token": {Auth: Bearer{"tok"}},
	}
	const agent = "User-Agent: Fermata|HttpInvoke\n"
	const json = "Content-Type: application/json; charset=UTF-8\n"
	for _, x := range []struct{ parameters, want string }{
		{`"Method":"GET"`, "GET /p\nIdempotency-Key: k1\n" + agent},
		{`"Method":"GET","QueryParameters":{"a":1,"b c":["x","y&z"],"e":null}`,
			"GET /p?a=1&b%20c=x&b%20c=y%26z&e=\nIdempotency-Key: k1\n" + agent},
		{`"Method":"GET","QueryParameters":"a=1&a=2"`, "GET /p?a=1&a=2\nIdempotency-Key: k1\n" + agent},
		{`"Method":"POST","RequestBody":{"n": 1.0,"s":"é"}`, "POST /p\n" + json + "Idempotency-Key: k1\n" + agent + `{"n":1.0,"s":"é"}`},
		{`"Method":"PUT","RequestBody":"plain","Headers":{"content-type":"text/x","idempotency-key":"mine","x-own":["1","2"]}`,
			"PUT /p\nContent-Type: text/x\nIdempotency-Key: mine\n" + agent + "X-Own: 1\nX-Own: 2\nplain"},
		{`"Method":"POST","RequestBody":{"a":["x","y"],"o":{"k":"v w"}},"Transform":{"RequestBodyEncoding":"URL_ENCODED"}`,
			"POST /p\nContent-Type: application/x-www-form-urlencoded\nIdempotency-Key: k1\n" + agent + "a%5B0%5D=x&a%5B1%5D=y&o%5Bk%5D=v%20w"},
		{`"Method":"POST","RequestBody":{"b":"own","x":1},"QueryParameters":{"q":"own"},"Headers":{"X-Own":"own"},"Authentication":{"ConnectionArn":"arn:aws:events:r:1:connection/shop/uuid"}`,
			"POST /p?q=c\nAuthorization: Basic dTpw\n" + json + "Idempotency-Key: k1\n" + agent + "X-Own: of the connection\n" + `{"b":"c","x":1}`},
		{`"Method":"GET","InvocationConfig":{"ConnectionArn":"arn:aws:events:r:1:connection/key/uuid"}`,
			"GET /p\nIdempotency-Key: k1\n" + agent + "X-Secret: s\n"},
		{`"Method":"GET","Authentication":{"ConnectionArn":"arn:aws:events:r:1:connection/token/uuid"}`,
			"GET /p\nAuthorization: Bearer tok\nIdempotency-Key: k1\n" + agent},
	} {
		out := invoke(t, task(t, c), `{"ApiEndpoint":"`+echo(t)+`/p",`+x.parameters+`}`)
		if got, _ := out.Get("ResponseBody"); got != x.want {
			t.Errorf("%s:\ngot  %q\nwant %q", x.parameters, got, x.want)
		}
	}
}

func TestArrayFormats(t *testing.T) {
	v, _ := value.Parse([]byte(`{"array":["a","b,c"],"n":[[1]],"e":[]}`))
	for format, want := range map[string]string{
		"":       "array[0]=a&array[1]=b,c&n[0][0]=1",
		indices:  "array[0]=a&array[1]=b,c&n[0][0]=1",
		repeat:   "array=a&array=b,c&n=1",
		brackets: "array[]=a&array[]=b,c&n[][]=1",
		commas:   "array=a,b,c&n=[1]&e=",
		none:     `array=["a","b,c"]&n=[[1]]&e=[]`,
	} {
		got := encodeForm(v.(*value.Object), format)
		got = strings.NewReplacer("%5B", "[", "%5D", "]", "%2C", ",", "%22", `"`).Replace(got)
		if got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
}

// failure invokes and gives the error.
func failure(t *testing.T, task *Task, payload string) *connector.Error {
	t.Helper()
	b, err := task.Invoke(context.Background(), call(payload))
	var e *connector.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: got %s, %v", payload, b, err)
	}
	return e
}

func TestParametersThatMakeNoRequest(t *testing.T) {
	strict := task(t, Config{})
	ok := `"ApiEndpoint":"https://x.test/","Method":"GET"`
	for parameters, want := range map[string]string{
		`[]`:                         "[The Parameters must be a JSON object]",
		`{}`:                         "[The field 'ApiEndpoint' is required but was missing, The field 'Method' is required but was missing]",
		`{` + ok + `,"Url":1}`:       `[The field "Url" is not supported by Step Functions]`,
		`{` + ok + `,"Method":"get"`: "not valid JSON",
		`{"ApiEndpoint":"https://x.test/","Method":"TRACE"}`:                               "'Method' has an invalid format",
		`{"ApiEndpoint":"http://x.test/","Method":"GET"}`:                                  "must begin with https://",
		`{"ApiEndpoint":"https://u:p@x.test/","Method":"GET"}`:                             "must not contain a user",
		`{"ApiEndpoint":"//x","Method":"GET"}`:                                             "must begin with https://",
		`{"ApiEndpoint":"https://","Method":"GET"}`:                                        "'ApiEndpoint' has an invalid format",
		`{` + ok + `,"Headers":{"Host":"y"}}`:                                              "The header 'Host' is not allowed",
		`{` + ok + `,"Headers":{"x-AMZ-date":"y"}}`:                                        "The header 'x-AMZ-date' is not allowed",
		`{` + ok + `,"Headers":{"a b":"y"}}`:                                               "'Headers.a b' has an invalid format",
		`{` + ok + `,"Headers":{"a":"y\r\nHost: z"}}`:                                      "'Headers.a' has an invalid format",
		`{` + ok + `,"Headers":{"a":{}}}`:                                                  "'Headers.a' has an invalid format",
		`{` + ok + `,"QueryParameters":[1]}`:                                               "'QueryParameters' has an invalid format",
		`{` + ok + `,"Transform":{"RequestBodyEncoding":"X"}}`:                             "'Transform.RequestBodyEncoding' has an invalid format",
		`{` + ok + `,"RequestBody":[1],"Transform":{"RequestBodyEncoding":"URL_ENCODED"}}`: "must be a JSON object to be URL-encoded",
	} {
		if e := failure(t, strict, parameters); e.Name != "States.Runtime" || !strings.Contains(e.Cause, want) {
			t.Errorf("%s: got %v", parameters, e)
		}
	}
	e := failure(t, strict, `{`+ok+`,"Authentication":{"ConnectionArn":"arn:aws:events:r:1:connection/none/uuid"}}`)
	if e.Name != "Events.ConnectionResource.ResourceNotFound" || !strings.Contains(e.Cause, "'none'") {
		t.Errorf("got %v", e)
	}
}

func answer(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return `{"ApiEndpoint":"` + s.URL + `","Method":"GET"}`
}

func TestResultHasTheShapeOfAWS(t *testing.T) {
	p := answer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		w.Header()["X-Two"] = []string{"1", "2"}
		w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"n": 1.0}`))
	})
	b, err := task(t, open).Invoke(context.Background(), call(p))
	want := `{"Headers":{"content-length":["10"],"content-type":["application/problem+json; charset=utf-8"],"x-two":["1","2"]},` +
		`"ResponseBody":{"n":1.0},"StatusCode":201,"StatusText":"Created"}`
	if err != nil || string(b) != want {
		t.Errorf("got %s, %v", b, err)
	}
}

func TestAnswersThatFail(t *testing.T) {
	reply := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for _, x := range []struct {
		handler     http.HandlerFunc
		name, cause string
	}{
		{reply(404, "application/json", `{"a": 1}`), "States.Http.StatusCode.404", `{"a": 1}`},
		{reply(503, "", ""), "States.Http.StatusCode.503", "Service Unavailable"},
		{reply(302, "", ""), "States.Http.StatusCode.302", "Found"},
		{reply(200, "image/png", "x"), "States.Runtime", "image/png"},
		{reply(200, "text/plain", "\xff"), "States.Runtime", "no text"},
		{reply(200, "text/plain", strings.Repeat("x", 1001)), "States.DataLimitExceeded", "'http'"},
		{func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 600))
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, strings.Repeat("x", 600))
		}, "States.DataLimitExceeded", "'http'"},
		{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "short")
		}, "States.Http.Socket", "unexpected EOF"},
		{func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "States.Http.Socket", "not answered within"},
	} {
		c := open
		c.MaxResponse, c.Timeout = 1000, 300*time.Millisecond
		if e := failure(t, task(t, c), answer(t, x.handler)); e.Name != x.name || !strings.Contains(e.Cause, x.cause) {
			t.Errorf("want %s: got %v", x.name, e)
		}
	}
	if e := failure(t, task(t, open), `{"ApiEndpoint":"http://127.0.0.1:1","Method":"GET"}`); e.Name != "States.Http.Socket" {
		t.Errorf("got %v", e)
	}
}

func TestContextEndsTheRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	p := answer(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if _, err := task(t, open).Invoke(ctx, call(p)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPrivateAddressesAreRefused(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer s.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	strict := task(t, Config{AllowPlain: true})
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		e := failure(t, strict, `{"ApiEndpoint":"http://`+host+`:`+port+`/","Method":"GET"}`)
		if e.Name != "States.Runtime" || !strings.Contains(e.Cause, "not public") {
			t.Errorf("%s: got %v", host, e)
		}
	}
	if reached {
		t.Error("the server was reached")
	}
}

func TestPublicAddresses(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"10.0.0.1": false, "172.16.0.1": false, "192.168.1.1": false, "127.0.0.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "::": false,
		"fe80::1": false, "fd00::1": false, "ff02::1": false, "::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false,
		"2002:7f00:1::": false, "::127.0.0.1": false,
	} {
		if got := isPublic(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var connections atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	task := task(t, open)
	for range 20 {
		invoke(t, task, `{"ApiEndpoint":"`+s.URL+`","Method":"POST","RequestBody":{}}`)
	}
	if n := connections.Load(); n > 1 {
		t.Errorf("%d connections for requests one after the other", n)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	_, err := New(Config{Timeout: -1, UserAgent: "a\nb", Connections: map[string]Connection{
		"c": {Auth: APIKey{"a b", "v"}, Headers: map[string]string{"x": "\x00"}},
	}})
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("got %v", err)
	}
}

func FuzzParameters(f *testing.F) {
	f.Add(`{"ApiEndpoint":"https://x.test/a?b=c#d","Method":"GET","Headers":{"a":["1"]},"QueryParameters":{"q":[1,null]}}`)
	f.Add(`{"ApiEndpoint":"https://[::1]:0","Method":"POST","RequestBody":{"a":[{"b":[1]}]},"Transform":{"RequestBodyEncoding":"URL_ENCODED","RequestEncodingOptions":{"ArrayFormat":"COMMAS"}}}`)
	t := &Task{config: Config{AllowPlain: true}.withDefaults()}
	f.Fuzz(func(test *testing.T, text string) {
		c := call(text)
		p, err := t.read(c)
		if err != nil {
			return
		}
		r := t.request(context.Background(), p, c)
		for name, values := range r.Header {
			if !validFieldName(name) || !allValid(values) {
				test.Errorf("the header %q: %q would be sent", name, values)
			}
		}
		if strings.ContainsAny(r.URL.RequestURI(), " \r\n") {
			test.Errorf("the address %q would be asked for", r.URL.RequestURI())
		}
	})
}

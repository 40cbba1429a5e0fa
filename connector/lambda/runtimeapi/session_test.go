package runtimeapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// runtime is a client as handlers have one.
type runtime struct {
	t   testing.TB
	url string
}

func start(t testing.TB) (*Session, *runtime) {
	s := NewSession()
	server := httptest.NewServer(s)
	t.Cleanup(func() { s.Close(); server.Close(); http.DefaultClient.CloseIdleConnections() })
	return s, &runtime{t, server.URL + prefix}
}

func (r *runtime) get(path string) (*http.Response, string) {
	resp, err := http.Get(r.url + path)
	return r.read(resp, err)
}

func (r *runtime) post(path string, body io.Reader) (*http.Response, string) {
	resp, err := http.Post(r.url+path, "application/json", body)
	return r.read(resp, err)
}

func (r *runtime) read(resp *http.Response, err error) (*http.Response, string) {
	if err != nil {
		r.t.Error(err)
		return &http.Response{}, ""
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Error(err)
	}
	return resp, string(b)
}

type outcome struct {
	Answer
	err error
}

// invoke gives the session an invocation and waits until it is handed over.
func invoke(r *runtime, s *Session, inv *Invocation) <-chan outcome {
	done := make(chan outcome, 1)
	go func() {
		a, err := s.Invoke(context.Background(), inv)
		done <- outcome{a, err}
	}()
	resp, body := r.get("invocation/next")
	if resp.StatusCode != http.StatusOK || body != string(inv.Payload) {
		r.t.Errorf("next: %d %s", resp.StatusCode, body)
	}
	return done
}

func TestInvocationIsHandedOver(t *testing.T) {
	s, r := start(t)
	done := make(chan outcome, 1)
	deadline := time.UnixMilli(1_700_000_000_123)
	go func() {
		a, err := s.Invoke(context.Background(), &Invocation{
			ID: "1", Payload: []byte(`{"a":1}`), Deadline: deadline, FunctionARN: "arn", TraceID: "Root=1", ClientContext: `{"custom":{}}`,
		})
		done <- outcome{a, err}
	}()
	resp, body := r.get("invocation/next")
	if body != `{"a":1}` {
		t.Errorf("got %s", body)
	}
	for name, want := range map[string]string{
		headerRequestID: "1", headerDeadline: "1700000000123", headerFunctionARN: "arn", headerTrace: "Root=1", headerClientContext: `{"custom":{}}`,
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	<-s.Ready()
	<-s.Parked()
	if resp, body := r.post("invocation/1/response", strings.NewReader(`[1]`)); resp.StatusCode != 202 || body != "{\"status\":\"OK\"}\n" {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	if o := <-done; o.err != nil || o.Failed || string(o.Payload) != `[1]` {
		t.Errorf("got %+v", o)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		kind    string
		body    io.Reader
		status  int
		failed  bool
		payload string
	}{
		{"response", strings.NewReader(`{}`), 202, false, `{}`},
		{"response", io.MultiReader(strings.NewReader(`{"a"`), strings.NewReader(`:1}`)), 202, false, `{"a":1}`}, // chunked
		{"response", strings.NewReader(``), 202, false, ``},
		{"error", strings.NewReader(`{"errorType":"E"}`), 202, true, `{"errorType":"E"}`},
		{"error", strings.NewReader(``), 202, true, `{"errorType":"Runtime.Unknown","errorMessage":"the function reported an error without saying which"}`},
		{"response", bytes.NewReader(make([]byte, MaxAnswer+1)), 413, true,
			`{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}`},
		{"response", io.MultiReader(bytes.NewReader(make([]byte, MaxAnswer+1))), 413, true,
			`{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}`},
	} {
		s, r := start(t)
		done := invoke(r, s, &Invocation{ID: "x", Payload: []byte("1")})
		if resp, body := r.post("invocation/x/"+c.kind, c.body); resp.StatusCode != c.status {
			t.Errorf("%s: got %d %s", c.payload, resp.StatusCode, body)
		}
		if o := <-done; o.err != nil || o.Failed != c.failed || string(o.Payload) != c.payload {
			t.Errorf("got %v %s, %v", o.Failed, o.Payload, o.err)
		}
	}
}

func TestErrorInTheMiddleOfAStream(t *testing.T) {
	s, r := start(t)
	done := invoke(r, s, &Invocation{ID: "x", Payload: []byte("1")})
	req, _ := http.NewRequest("POST", r.url+"invocation/x/response", io.MultiReader(strings.NewReader("half")))
	req.Header.Set("Lambda-Runtime-Function-Response-Mode", "streaming")
	req.Trailer = http.Header{
		headerErrorType: {"Late"}, headerErrorBody: {base64.StdEncoding.EncodeToString([]byte(`{"errorType":"Late"}`))},
	}
	resp, err := http.DefaultClient.Do(req)
	if resp, _ := r.read(resp, err); resp.StatusCode != 202 {
		t.Errorf("got %d", resp.StatusCode)
	}
	if o := <-done; !o.Failed || string(o.Payload) != `{"errorType":"Late"}` {
		t.Errorf("got %+v", o)
	}
}

func TestWhatIsRefused(t *testing.T) {
	s, r := start(t)
	refused := func(what string, resp *http.Response, body string, status int, name string) {
		t.Helper()
		if resp.StatusCode != status || !strings.HasPrefix(body, `{"errorType":"`+name+`"`) || resp.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: got %d %s", what, resp.StatusCode, body)
		}
	}
	resp, body := r.post("invocation/1/response", strings.NewReader("1"))
	refused("answer before next", resp, body, 400, invalidRequestID)
	done := invoke(r, s, &Invocation{ID: "1", Payload: []byte("1")})
	resp, body = r.get("invocation/next")
	refused("next without answer", resp, body, 403, invalidTransition)
	resp, body = r.post("invocation/2/response", strings.NewReader("1"))
	refused("wrong id", resp, body, 400, invalidRequestID)
	resp, body = r.post("init/error", strings.NewReader("{}"))
	refused("init error after next", resp, body, 403, invalidTransition)
	if resp, _ := r.post("invocation/1/error", strings.NewReader(`{}`)); resp.StatusCode != 202 {
		t.Errorf("got %d", resp.StatusCode)
	}
	<-done
	resp, body = r.post("invocation/1/response", strings.NewReader("1"))
	refused("second answer", resp, body, 403, invalidTransition)
	resp, body = r.get("invocation/1/response")
	refused("wrong method", resp, body, 404, "NotFound")
	resp, body = r.get("elsewhere")
	refused("wrong path", resp, body, 404, "NotFound")
	s.Close()
	resp, body = r.get("invocation/next")
	refused("next at the end", resp, body, 410, "SessionEnded")
}

func TestAnswerWaitsUntilItIsSettled(t *testing.T) {
	type channels struct{ settled, unwanted, givenUp chan struct{} }
	for name, c := range map[string]struct {
		settle func(*Session, channels)
		status int
	}{
		"settled":  {func(_ *Session, c channels) { close(c.settled) }, 202},
		"unwanted": {func(_ *Session, c channels) { close(c.unwanted) }, 202},
		"given up": {func(_ *Session, c channels) { close(c.givenUp) }, 410},
		"closed":   {func(s *Session, _ channels) { s.Close() }, 410},
	} {
		s, r := start(t)
		ch := channels{make(chan struct{}), make(chan struct{}), make(chan struct{})}
		done := invoke(r, s, &Invocation{ID: "1", Payload: []byte("1"), Settled: ch.settled, Unwanted: ch.unwanted, GivenUp: ch.givenUp})
		answered := make(chan int, 1)
		go func() {
			resp, _ := r.post("invocation/1/response", strings.NewReader("2"))
			answered <- resp.StatusCode
		}()
		if o := <-done; string(o.Payload) != "2" { // the result is out, the runtime is not told
			t.Errorf("%s: got %+v", name, o)
		}
		select {
		case status := <-answered:
			t.Errorf("%s: answered %d too early", name, status)
		case <-time.After(20 * time.Millisecond):
		}
		c.settle(s, ch)
		if status := <-answered; status != c.status {
			t.Errorf("%s: got %d, want %d", name, status, c.status)
		}
	}
}

func TestAbandonedInvocation(t *testing.T) {
	s, r := start(t)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := s.Invoke(ctx, &Invocation{ID: "1", Payload: []byte("1")})
		done <- err
	}()
	r.get("invocation/next")
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if resp, body := r.post("invocation/1/response", strings.NewReader("1")); resp.StatusCode != 410 {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	next := invoke(r, s, &Invocation{ID: "2", Payload: []byte("2")}) // the session goes on
	r.post("invocation/2/response", strings.NewReader("3"))
	if o := <-next; string(o.Payload) != "3" {
		t.Errorf("got %+v", o)
	}
}

func TestRuntimeThatHungUp(t *testing.T) {
	s, r := start(t)
	ctx, cancel := context.WithCancel(context.Background())
	req, _ := http.NewRequestWithContext(ctx, "GET", r.url+"invocation/next", nil)
	gone := make(chan struct{})
	go func() {
		s.ServeHTTP(httptest.NewRecorder(), req)
		close(gone)
	}()
	<-s.Parked()
	cancel()
	<-gone
	done := invoke(r, s, &Invocation{ID: "1", Payload: []byte("1")})
	r.post("invocation/1/response", strings.NewReader("2"))
	if o := <-done; string(o.Payload) != "2" {
		t.Errorf("got %+v", o)
	}
}

func TestClosedSession(t *testing.T) {
	s := NewSession()
	s.Close()
	s.Close()
	if _, err := s.Invoke(context.Background(), &Invocation{}); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestInitError(t *testing.T) {
	s, r := start(t)
	if resp, _ := r.post("init/error", strings.NewReader(`{"errorType":"Init"}`)); resp.StatusCode != 202 {
		t.Errorf("got %d", resp.StatusCode)
	}
	if a := <-s.InitError(); !a.Failed || string(a.Payload) != `{"errorType":"Init"}` {
		t.Errorf("got %+v", a)
	}
}

// FuzzHTTP plays any runtime: a script of requests, while one invocation after
// the other is waiting.
func FuzzHTTP(f *testing.F) {
	f.Add("nra", "/2018-06-01/runtime/invocation/0/response", []byte(`{"a":1}`))
	f.Add("nnreRi", "/2018-06-01/runtime/invocation/%2e%2e/error", []byte(``))
	f.Add("ixne", "/2018-06-01/runtime//invocation/next", []byte("\x00"))
	f.Fuzz(func(t *testing.T, script, path string, body []byte) {
		s := NewSession()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := 0; ; i++ {
				if _, err := s.Invoke(ctx, &Invocation{ID: fmt.Sprint(i), Payload: body}); err != nil {
					return
				}
			}
		}()
		id := 0
		for _, step := range script[:min(len(script), 20)] {
			play(t, s, step, path, body, &id)
		}
		s.Close()
		<-done
	})
}

func play(t *testing.T, s *Session, step rune, path string, body []byte, id *int) {
	method, target := "POST", fmt.Sprintf("%sinvocation/%d/", prefix, *id)
	switch step {
	case 'n':
		method, target = "GET", prefix+"invocation/next"
	case 'r':
		target += "response"
	case 'e':
		target += "error"
	case 'i':
		target = prefix + "init/error"
	default:
		target = path
	}
	r, err := http.NewRequest(method, "http://x", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	r = r.WithContext(ctx)
	r.URL.Path = target
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code == 202 && (step == 'r' || step == 'e') {
		*id++
	}
	if w.Code < 200 || w.Code > 413 {
		t.Errorf("%s %s: %d", method, target, w.Code)
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	s, r := start(b)
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		for {
			resp, err := http.Get(r.url + "invocation/next")
			if err != nil {
				return
			}
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode != 200 {
				return
			}
			r.post("invocation/"+resp.Header.Get(headerRequestID)+"/response", bytes.NewReader(body))
		}
	}()
	id := 0
	b.ReportAllocs()
	for b.Loop() {
		id++
		if _, err := s.Invoke(context.Background(), &Invocation{ID: fmt.Sprint(id), Payload: []byte(`{"a":1}`)}); err != nil {
			b.Fatal(err)
		}
	}
	s.Close()
	<-stop
}

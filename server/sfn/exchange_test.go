package sfn

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// faulty is an engine that fails in the way it is told to. What it does not
// have panics.
type faulty struct {
	Engine
	err error
}

func (f faulty) CompleteTask(context.Context, string, []byte) error { return f.err }
func (f faulty) CheckToken(string) error                            { return nil }
func (f faulty) Healthy() error                                     { return f.err }

func (f faulty) Poll(ctx context.Context, _, _ string) (*engine.WorkItem, error) {
	<-ctx.Done()
	return nil, f.err
}

func (f faulty) ByName(context.Context, uint64, string) (store.RunID, error) { return 0, f.err }

// with makes a server over another engine.
func (w *world) with(e Engine, logger *slog.Logger) *Server {
	w.t.Helper()
	cfg := w.cfg
	cfg.Engine, cfg.Logger = e, logger
	s, err := New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// TestForeignPagesAreRefused: a page of another origin can have a browser send a
// plain POST to a server on the same machine.
func TestForeignPagesAreRefused(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", waits, "STANDARD")
	for name, c := range map[string]struct {
		header http.Header
		want   int
	}{
		"no browser":           {http.Header{}, 200},
		"the server's own":     {http.Header{"Origin": {"http://127.0.0.1:8083"}}, 200},
		"another origin":       {http.Header{"Origin": {"https://example.com"}}, 403},
		"another port":         {http.Header{"Origin": {"http://127.0.0.1:3000"}}, 403},
		"as the browser says":  {http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		"typed by its user in": {http.Header{"Sec-Fetch-Site": {"none"}}, 200},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8083/fermata/v1/executions/run",
			strings.NewReader(`{"stateMachineArn":"`+arn+`","timeoutSeconds":0}`))
		maps.Copy(r.Header, c.header)
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, r)
		if rec.Code != c.want {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
}

func TestBadRequests(t *testing.T) {
	w := newWorld(t)
	const api = targetPrefix + "ListStateMachines"
	for name, tc := range map[string]struct {
		target, contentType, body string
		status                    int
		code                      string
	}{
		"no target":         {"", contentType, `{}`, 400, "UnknownOperationException"},
		"another service":   {"DynamoDB_20120810.ListTables", contentType, `{}`, 400, "UnknownOperationException"},
		"no such operation": {targetPrefix + "Dance", contentType, `{}`, 400, "UnknownOperationException"},
		"form":              {api, "application/x-www-form-urlencoded", `{}`, 400, "SerializationException"},
		"no content type":   {api, "", `{}`, 400, "SerializationException"},
		"bad content type":  {api, ";;;", `{}`, 400, "SerializationException"},
		"charset":           {api, contentType + "; charset=utf-8", `{}`, 200, ""},
		"1.1":               {api, "application/x-amz-json-1.1", `{}`, 200, ""},
		"nothing":           {api, contentType, ``, 200, ""},
		"no JSON":           {api, contentType, `{`, 400, "SerializationException"},
		"not an object":     {api, contentType, `[]`, 400, "SerializationException"},
		"null":              {api, contentType, `null`, 400, "SerializationException"},
		"not UTF-8":         {api, contentType, "{\"nextToken\":\"\xff\"}", 400, "SerializationException"},
		"deep":              {api, contentType, `{"a":` + strings.Repeat("[", 100_000), 400, "SerializationException"},
		"large":             {api, contentType, `{"a":"` + strings.Repeat("x", 9<<20) + `"}`, 413, "RequestEntityTooLargeException"},
	} {
		t.Run(name, func(t *testing.T) {
			rec := post(w, tc.target, tc.contentType, strings.NewReader(tc.body))
			var out struct {
				Type    string `json:"__type"`
				Message string `json:"message"`
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
				t.Fatalf("%v: %s", err, rec.Body)
			}
			if rec.Code != tc.status || out.Type != tc.code || rec.Header().Get("X-Amzn-ErrorType") != tc.code || tc.code != "" && out.Message == "" {
				t.Errorf("got %d %s", rec.Code, rec.Body)
			}
			if rec.Header().Get("x-amzn-RequestId") == "" || rec.Header().Get("Content-Type") != contentType {
				t.Errorf("headers %v", rec.Header())
			}
		})
	}
	w.fails("Restart", map[string]any{}, `UnknownOperationException: There is no operation "Restart".`)
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	if rec.Code != 400 || !strings.Contains(rec.Body.String(), "UnknownOperationException") {
		t.Errorf("GET / gave %d %s", rec.Code, rec.Body)
	}
	rec = httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/other", nil))
	if rec.Code != http.StatusNotFound {
		t.Errorf("POST /other gave %d", rec.Code)
	}
}

// TestTraceHeader: that of the HTTP request counts more than that of the input.
func TestTraceHeader(t *testing.T) {
	w := newWorld(t)
	arn := w.machine("m", passes, "EXPRESS")
	for _, tc := range []struct{ header, body, want string }{
		{"", "", ""}, {"", "Root=body", "Root=body"}, {"Root=header", "", "Root=header"}, {"Root=header", "Root=body", "Root=header"},
	} {
		in := map[string]any{"stateMachineArn": arn}
		if tc.body != "" {
			in["traceHeader"] = tc.body
		}
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("X-Amz-Target", targetPrefix+"StartSyncExecution")
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("X-Amzn-Trace-Id", tc.header)
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, r)
		var out struct{ TraceHeader string }
		if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || out.TraceHeader != tc.want {
			t.Errorf("header %q, body %q: got %s", tc.header, tc.body, rec.Body)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`))
	r.Header.Set("X-Amz-Target", targetPrefix+"ListStateMachines")
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("X-Amzn-Trace-Id", strings.Repeat("x", 300))
	rec := httptest.NewRecorder()
	if w.ServeHTTP(rec, r); rec.Code != http.StatusOK {
		t.Errorf("an operation without traces: %s", rec.Body)
	}
}

func TestErrorsOfTheEngine(t *testing.T) {
	w := newWorld(t)
	for _, tc := range []struct {
		err    error
		status int
		code   string
		logged bool
	}{
		{engine.ErrBusy, 400, "com.amazon.coral.availability#ThrottlingException", false},
		{engine.ErrStopped, 503, "ServiceUnavailable", false},
		{store.ErrFailed, 503, "ServiceUnavailable", false},
		{store.ErrClosed, 503, "ServiceUnavailable", false},
		{engine.ErrToken, 400, "InvalidToken", false},
		{engine.ErrNoTask, 400, "TaskTimedOut", false},
		{engine.ErrClosed, 400, "TaskTimedOut", false},
		{engine.ErrIncident, 500, "InternalFailure", false},
		{errors.New("a secret of ours"), 500, "InternalFailure", true},
	} {
		var log bytes.Buffer
		s := w.with(faulty{err: tc.err}, slog.New(slog.NewTextHandler(&log, nil)))
		status, out := call(t, s, "SendTaskSuccess", map[string]any{"taskToken": "x", "output": "1"})
		if status != tc.status || out["__type"] != tc.code || (log.Len() > 0) != tc.logged || strings.Contains(out["message"].(string), "secret") {
			t.Errorf("%v: got %d %v, log %q", tc.err, status, out, &log)
		}
	}
}

func TestPanicBecomesAnAnswer(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	s := w.with(faulty{}, slog.New(slog.NewTextHandler(&log, nil)))
	status, out := call(t, s, "SendTaskHeartbeat", map[string]any{"taskToken": "x"})
	if status != 500 || out["__type"] != "InternalFailure" || !strings.Contains(log.String(), "SendTaskHeartbeat") || !strings.Contains(log.String(), "stack") {
		t.Errorf("got %d %v, log %s", status, out, &log)
	}
}

func TestUnhealthy(t *testing.T) {
	w := newWorld(t)
	rec := httptest.NewRecorder()
	w.with(faulty{err: store.ErrFailed}, nil).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	if rec.Code != http.StatusServiceUnavailable {
		t.Errorf("got %d", rec.Code)
	}
}

func TestPollEndsWithTheClient(t *testing.T) {
	w := newWorld(t)
	activity := w.must("CreateActivity", map[string]any{"name": "work"})["activityArn"].(string)
	cfg := w.cfg
	cfg.Engine, cfg.Limits.PollTime = faulty{err: context.Canceled}, time.Hour
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(`{"activityArn":"`+activity+`"}`))
	r.Header.Set("X-Amz-Target", targetPrefix+"GetActivityTask")
	r.Header.Set("Content-Type", contentType)
	s.ServeHTTP(httptest.NewRecorder(), r)
}

func TestConfigIsChecked(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("a server without an engine is made")
	}
}

func TestDates(t *testing.T) {
	for want, at := range map[string]time.Time{
		"1700000000":       time.UnixMilli(1_700_000_000_000),
		"1700000000.007":   time.UnixMilli(1_700_000_000_007),
		"1700000000.12":    time.UnixMilli(1_700_000_000_120),
		"-62135596800.000": {},
	} {
		got := appendDate(nil, at)
		var a, b float64
		if json.Unmarshal(got, &a) != nil || json.Unmarshal([]byte(want), &b) != nil || a != b {
			t.Errorf("%v is written as %s, want %s", at, got, want)
		}
	}
}

package sfn

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/connector/states"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

const (
	roleARN = "arn:aws:iam::123456789012:role/test"
	passes  = `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"done":true},"End":true}}}`
	waits   = `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":3600,"End":true}}}`
	prefix  = "arn:aws:states:us-east-1:123456789012:"
)

// world is a server over real engines in memory.
type world struct {
	*Server
	t       testing.TB
	catalog *catalog.Catalog
	store   store.Store // of Standard machines
}

func newWorld(t testing.TB) *world {
	t.Helper()
	ctx := context.Background()
	records := memstore.New(memstore.Options{})
	c, err := catalog.Open(ctx, catalog.Config{Records: records, Compile: catalog.ASL(nil), Place: catalog.Place{Region: "us-east-1"}})
	if err != nil {
		t.Fatal(err)
	}
	l := launch.New(c)
	open := func(kind catalog.Type, s *memstore.Store) *engine.Engine {
		e, err := engine.Open(ctx, engine.Config{
			Store: s, Catalog: c, ChildResult: childResult, DrainTimeout: time.Millisecond,
			Limits: interpreter.Limits{PayloadBytes: 262144, HistoryEvents: 25000, InlineIterations: 40, VariableBytes: 262144, VariablesBytes: 10 << 20},
			Connectors: map[string]connector.Connector{
				states.Name: states.New(l.Starter(kind)), mapruns.MapRun: mapruns.NewMapRun(l), mapruns.Child: mapruns.NewChild(l),
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		return e
	}
	standard, express := open(catalog.Standard, records), open(catalog.Express, memstore.New(memstore.Options{}))
	l.Attach(standard, express)
	c.Attach(standard)
	t.Cleanup(c.Close)
	s, err := New(Config{Engine: standard, Express: express, Catalog: c, Launcher: l, Limits: Limits{PollTime: 50 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	return &world{Server: s, t: t, catalog: c, store: records}
}

func childResult(end connector.ChildEnd) connector.ChildResult {
	if mapruns.Ends(end.Form) {
		return mapruns.Result(end)
	}
	return states.Result(end)
}

// post sends a request to a handler.
func post(h http.Handler, target, contentType string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/", body)
	r.Header.Set("X-Amz-Target", target)
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// call makes a call and returns the status and the members of the answer.
func call(t testing.TB, h http.Handler, operation string, in map[string]any) (int, map[string]any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	w := post(h, targetPrefix+operation, contentType, bytes.NewReader(body))
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s answered %q: %v", operation, w.Body, err)
	}
	return w.Code, out
}

// must makes a call that has to succeed.
func (w *world) must(operation string, in map[string]any) map[string]any {
	w.t.Helper()
	status, out := call(w.t, w, operation, in)
	if status != http.StatusOK {
		w.t.Fatalf("%s %v: %d %v", operation, in, status, out)
	}
	return out
}

// fails makes a call that has to fail and compares "code: message".
func (w *world) fails(operation string, in map[string]any, want string) {
	w.t.Helper()
	status, out := call(w.t, w, operation, in)
	got, _ := out["__type"].(string)
	if message, _ := out["message"].(string); strings.Contains(want, ":") {
		got += ": " + message
	}
	if status == http.StatusOK || got != want {
		w.t.Errorf("%s %v: %d\ngot  %s\nwant %s", operation, in, status, got, want)
	}
}

func (w *world) machine(name, definition, kind string) string {
	w.t.Helper()
	out := w.must("CreateStateMachine", map[string]any{"name": name, "definition": definition, "roleArn": roleARN, "type": kind})
	return out["stateMachineArn"].(string)
}

// ended waits for the end of an execution.
func (w *world) ended(arn string) map[string]any {
	w.t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(w.own("wait", `{"executionArn":"`+arn+`","timeoutSeconds":10}`)), &out); err != nil {
		w.t.Fatalf("waiting: %v", err)
	}
	return out
}

// own makes a call that is Fermata's own and has to succeed.
func (w *world) own(name, body string) string {
	w.t.Helper()
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/fermata/v1/executions/"+name, strings.NewReader(body)))
	if rec.Code != http.StatusOK {
		w.t.Fatalf("%s: %d %s", name, rec.Code, rec.Body)
	}
	return rec.Body.String()
}

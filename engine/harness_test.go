package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// catalog knows the definitions of a test.
type catalog struct {
	mu       sync.Mutex
	defs     map[uint64]*engine.Definition
	followed uint64 // the machine whose runs are followed
}

func (c *catalog) Definition(_ context.Context, id uint64) (*engine.Definition, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.defs[id]; d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("no definition %d", id)
}

func (c *catalog) QueueExists(string) bool { return true }

func (c *catalog) Info(def *engine.Definition, name string) interpreter.Info {
	arn := fmt.Sprintf("arn:aws:states:us-east-1:123456789012:stateMachine:m%d", def.Machine)
	return interpreter.Info{
		ExecutionARN: fmt.Sprintf("arn:aws:states:us-east-1:123456789012:execution:m%d:%s", def.Machine, name),
		Name:         name, MachineARN: arn, MachineName: fmt.Sprintf("m%d", def.Machine),
		Followed: def.Machine == c.followed,
	}
}

// world is an engine with what it needs.
type world struct {
	t       *testing.T
	catalog *catalog
	cfg     engine.Config
	engine  *engine.Engine
}

// newWorld opens an engine over a memory store whose functions answer f.
func newWorld(t *testing.T, f connector.Func, change ...func(*engine.Config)) *world {
	t.Helper()
	w := &world{t: t, catalog: &catalog{defs: map[uint64]*engine.Definition{}}}
	w.cfg = engine.Config{
		Store:        memstore.New(memstore.Options{}),
		Catalog:      w.catalog,
		Connectors:   map[string]connector.Connector{"lambda": f},
		Limits:       interpreter.Limits{PayloadBytes: 1 << 20, HistoryEvents: 100_000, InlineIterations: 100},
		DrainTimeout: time.Second,
	}
	for _, c := range change {
		c(&w.cfg)
	}
	w.open()
	t.Cleanup(func() { _ = w.engine.Close() })
	return w
}

func (w *world) open() {
	w.t.Helper()
	e, err := engine.Open(w.t.Context(), w.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.engine = e
}

// deploy compiles a definition.
func (w *world) deploy(id uint64, text string) *engine.Definition {
	w.t.Helper()
	p, diagnostics := asl.Compile([]byte(text), asl.Options{})
	if p == nil {
		w.t.Fatalf("definition %d: %v", id, diagnostics)
	}
	d := &engine.Definition{ID: id, Machine: id, Program: p}
	w.catalog.mu.Lock()
	defer w.catalog.mu.Unlock()
	w.catalog.defs[id] = d
	return d
}

func (w *world) start(d *engine.Definition, name, input string) store.RunID {
	w.t.Helper()
	s, err := w.engine.Start(w.t.Context(), engine.StartRequest{Definition: d, Name: name, Input: value.Text([]byte(input))})
	if err != nil {
		w.t.Fatalf("start %s: %v", name, err)
	}
	return s.Run
}

// wait waits for the end of a run and returns "STATUS output" or "STATUS error cause".
func (w *world) wait(run store.RunID) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	d, err := w.engine.Wait(ctx, run)
	if err != nil {
		w.t.Fatalf("wait: %v", err)
	}
	return outcome(d)
}

func outcome(d engine.Description) string {
	text := d.Status.String()
	if d.Output != nil {
		text += " " + string(d.Output.Text())
	}
	for _, s := range []*string{d.Error, d.Cause} {
		if s != nil {
			text += " " + *s
		}
	}
	return text
}

// expect fails the test if the run does not end so.
func (w *world) expect(run store.RunID, want string) {
	w.t.Helper()
	if got := w.wait(run); got != want {
		w.t.Errorf("run ended as %q, want %q", got, want)
	}
}

// echo answers with the payload.
func echo(_ context.Context, call *connector.Call) ([]byte, error) { return call.Payload, nil }

var errStore = errors.New("the store is away for a moment")

const oneTask = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}}}`

package logging_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/logging"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/executionlog"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sink keeps what it is given, by execution, in order. While gate is locked it
// hangs.
type sink struct {
	gate sync.Mutex
	fail error

	mu  sync.Mutex
	ids map[string][]int // of events, by execution
}

func (s *sink) Write(_ string, record []byte) error {
	s.gate.Lock()
	defer s.gate.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	var r struct {
		ID  string `json:"id"`
		ARN string `json:"execution_arn"`
	}
	if err := json.Unmarshal(record, &r); err != nil {
		return err
	}
	id, err := strconv.Atoi(r.ID)
	if s.ids == nil {
		s.ids = map[string][]int{}
	}
	s.ids[r.ARN] = append(s.ids[r.ARN], id)
	return err
}

func (*sink) Flush() error { return nil }
func (*sink) Sync() error  { return nil }
func (*sink) Close() error { return nil }

func (s *sink) failing(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

func (s *sink) of(arn string) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids[arn])
}

// openings counts worlds: each begins a minute after the one before, as a process
// that starts again does not begin in the same millisecond.
var openings atomic.Int64

// world is an engine of Standard executions, and one of Express ones, that are
// followed.
type world struct {
	t                 testing.TB
	store             *memstore.Store
	sink              *sink
	catalog           *catalog.Catalog
	standard, express *engine.Engine
	logs              *logging.Follower
	answers           chan struct{} // one for each task that may end
	now               func() time.Time
}

func open(t testing.TB, s *memstore.Store, change ...func(*logging.Config)) *world {
	t.Helper()
	w := &world{t: t, store: s, sink: &sink{}, answers: make(chan struct{}, 1000)}
	ahead := time.Duration(openings.Add(1)) * time.Minute
	w.now = func() time.Time { return time.Now().Add(ahead) }
	var err error
	w.catalog, err = catalog.Open(t.Context(), catalog.Config{Records: s, Compile: catalog.ASL(nil)})
	w.must(err)
	cfg := logging.Config{Sink: w.sink, Catalog: w.catalog, Store: s, Pace: time.Millisecond, Now: w.now}
	for _, c := range change {
		c(&cfg)
	}
	w.logs, err = logging.New(t.Context(), cfg)
	w.must(err)
	w.standard = w.engine(s, w.logs.Standard)
	w.express = w.engine(memstore.New(memstore.Options{}), w.logs.Express)
	w.logs.Start(w.standard, w.express)
	return w
}

func (w *world) engine(s store.Store, follow func(engine.Committed)) *engine.Engine {
	w.t.Helper()
	e, err := engine.Open(w.t.Context(), engine.Config{
		Store: s, Catalog: w.catalog, Follow: follow, Now: w.now, DrainTimeout: time.Millisecond,
		Connectors: map[string]connector.Connector{"lambda": connector.Func(w.work)},
	})
	w.must(err)
	return e
}

// work ends when the test lets it.
func (w *world) work(ctx context.Context, call *connector.Call) ([]byte, error) {
	select {
	case <-w.answers:
		return call.Payload, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// close stops everything in an orderly way.
func (w *world) close() {
	w.t.Helper()
	w.must(w.standard.Close())
	w.must(w.express.Close())
	w.must(w.logs.Close())
}

// crash stops everything with nothing more becoming durable, and returns the
// store as it was.
func (w *world) crash() *memstore.Store {
	w.t.Helper()
	s, err := w.store.Reopen()
	w.must(err)
	return s
}

// buried releases what a crash has left of the process.
func (w *world) buried() {
	w.t.Helper()
	w.must(w.standard.Close())
	w.must(w.express.Close())
	if err := w.logs.Close(); err == nil {
		w.t.Error("what has crashed says that all is logged")
	}
}

const twoTasks = `{"StartAt": "A", "States": {
	"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Next": "B"},
	"B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}}}`

// twoTasksEvents is how many events its history has.
const twoTasksEvents = 12

func (w *world) create(name string, kind catalog.Type, level executionlog.Level) {
	w.t.Helper()
	_, err := w.catalog.CreateMachine(w.t.Context(), catalog.CreateRequest{
		Name: name, Type: kind, Definition: twoTasks,
		Settings: catalog.Settings{
			RoleARN: "arn:aws:iam::123456789012:role/r",
			Logging: catalog.Logging{Level: level, Destinations: []string{"arn:aws:logs:us-east-1:123456789012:log-group:g:*"}},
		},
	})
	w.must(err)
}

// started is an execution.
type started struct {
	arn string
	run store.RunID
}

func (w *world) start(machine, name string) started {
	w.t.Helper()
	arn, err := catalog.ParseMachine(w.catalog.Machine(machine))
	w.must(err)
	target, err := w.catalog.Target(w.t.Context(), arn)
	w.must(err)
	def := target.Definition
	e, kind := w.standard, catalog.DetailOf(def).MachineType
	if kind == catalog.Express {
		e, name = w.express, catalog.ExpressName(name, "uuid")
	}
	s, err := e.Start(w.t.Context(), engine.StartRequest{Definition: def, Name: name, Input: value.Text([]byte(`{}`))})
	w.must(err)
	return started{w.catalog.Execution(kind, machine, name), s.Run}
}

// end lets n tasks end and waits until the executions have, unless there is none.
func (w *world) end(n int, executions ...started) {
	w.t.Helper()
	for range n {
		w.answers <- struct{}{}
	}
	for _, x := range executions {
		ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
		_, err := w.standard.Wait(ctx, x.run)
		cancel()
		w.must(err)
	}
}

// complete reports whether ids are 1 to n, whatever their order.
func complete(ids []int, n int) error {
	slices.Sort(ids)
	return inOrder(ids, 1, n)
}

// inOrder reports whether the first occurrences of ids are first, first+1, … n.
func inOrder(ids []int, first, n int) error {
	next := first
	for _, id := range ids {
		if id > next {
			return fmt.Errorf("event %d comes before event %d: %v", id, next, ids)
		}
		if id == next {
			next++
		}
	}
	if next != n+1 {
		return fmt.Errorf("events %d to %d are missing: %v", next, n, ids)
	}
	return nil
}

// change writes a checkpoint.
func change(text string) store.Change {
	return store.Change{Key: "logging/checkpoint", Blind: true, Value: []byte(text)}
}

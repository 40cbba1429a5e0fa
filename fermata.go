// Package fermata runs durable workflows in the process of a Go program.
//
// An execution of a state machine holds for a second or a year, through crashes
// and deploys, and goes on at the exact step. State machines are written in the
// Amazon States Language; the work they call for is done by Go functions of the
// program ([Fermata.Handle]), by Lambda functions, HTTP endpoints, activity
// workers and other executions.
//
// The same engine behind AWS's API is the command fermata.
package fermata

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/catalog/logging"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/connector/httptask"
	"github.com/fermata-dev/fermata/connector/lambda"
	"github.com/fermata-dev/fermata/connector/lambda/local"
	"github.com/fermata-dev/fermata/connector/lambda/remote"
	"github.com/fermata-dev/fermata/connector/mapio"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/connector/states"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/executionlog"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/mock"
	"github.com/fermata-dev/fermata/mock/standin"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
	"github.com/fermata-dev/fermata/store/pebblestore"
	"github.com/fermata-dev/fermata/teststate"
	"github.com/fermata-dev/fermata/throttle"
)

// Config of a Fermata. The zero value keeps everything in memory.
type Config struct {
	// Dir is the folder of the embedded store, made if it is not there. Empty
	// keeps everything in memory, for tests.
	Dir string
	// Store is used instead of Dir if it is not nil. It stays open after Close.
	Store store.Store

	// Limits of executions (default: DefaultLimits).
	Limits *interpreter.Limits
	// Quotas bound what may be created (default: nothing does); see AWSQuotas.
	Quotas catalog.Quotas
	// Throttle slows down what AWS slows down: calls of its API, state transitions, and
	// how fast HTTP tasks and map runs begin; see package throttle. Nil slows nothing
	// down.
	Throttle *throttle.Rates
	// IgnoreKMS accepts and shows keys of AWS KMS and encrypts nothing. Without it
	// they are refused.
	IgnoreKMS bool
	// Retention is how long closed executions are kept (default 90 days, negative
	// for ever).
	Retention time.Duration
	// ExpressLimits are those of Express executions (default: DefaultExpressLimits).
	ExpressLimits *interpreter.Limits
	// ExpressHistory is how long closed Express executions can be looked at (default
	// 24 h), and ExpressMemory what all Express executions may take in memory
	// (default 128 MiB): beyond it closed ones go before their time, the oldest
	// first, and where that does not help no new ones are started.
	ExpressHistory time.Duration
	ExpressMemory  int64
	// CacheBytes bounds the memory for executions with nothing to do at the moment
	// (default 64 MiB).
	CacheBytes int64
	// MailBytes bounds the memory for messages between executions that wait, such as the
	// results of children of distributed Maps (default 32 MiB). Those beyond it are read
	// from the store when their turn comes.
	MailBytes int64
	// MaxCalls bounds the calls under way per connector (default 4096).
	MaxCalls int
	// DrainTimeout is how long Close lets calls under way end (default 10 s). A store
	// that does not answer then is asked again for as long.
	DrainTimeout time.Duration

	// Region and Account are what ARNs are made of (default: AWS_REGION or
	// us-east-1, and 123456789012).
	Region, Account string
	// Handlers are Go functions that do tasks, by name, as Handle takes them.
	// Those that executions under way may call have to be here: what goes on when
	// Open finds it goes on at once.
	Handlers map[string]Handler
	// Functions are local Lambda handlers: processes started on demand.
	Functions []local.Function
	// Remote says how to reach a Lambda endpoint; functions that are neither
	// handled in this process nor local are invoked there. Nil for none.
	Remote *remote.Config
	// HTTP says where HTTP tasks may go.
	HTTP httptask.Config
	// Mocks is a mock configuration file of Step Functions Local: an execution
	// that is started with the ARN machine#case has its tasks answered from
	// there. With mocks, state machines may name any service. Nil for none.
	Mocks *mock.File
	// MapIO says where distributed Maps read their items and write their results:
	// S3, and folders that stand for buckets. An item may have as many bytes as a
	// payload, unless it says otherwise.
	MapIO mapio.Config
	// Connectors beside the built-in ones, by name; they replace those.
	Connectors map[string]connector.Connector

	// ExecutionLogs takes what state machines log, as their loggingConfiguration
	// says (packages executionlog and catalog/logging). It is closed by Close. Nil
	// keeps no logs.
	ExecutionLogs executionlog.Sink

	Logger   *slog.Logger
	Listener engine.Listener
}

// Fermata is an engine with its store, catalog and connectors.
type Fermata struct {
	cfg       Config
	store     store.Store
	ownStore  bool
	catalog   *catalog.Catalog
	standard  *engine.Engine
	express   *engine.Engine
	launcher  *launch.Launcher
	logs      *logging.Follower
	functions *lambda.Registry
	local     *local.Set
	tasks     map[string]connector.Connector // of the Express engine
	closers   []io.Closer
	buckets   *throttle.Buckets // nil for none
	counted   *launch.Open      // nil for none

	closing sync.Once
	closed  error // what closing gave
}

// Open starts an engine. What was under way when the store was last used goes
// on.
func Open(ctx context.Context, cfg Config) (*Fermata, error) {
	f := &Fermata{cfg: cfg, functions: &lambda.Registry{Logger: cfg.Logger}}
	for name, h := range cfg.Handlers {
		f.Handle(name, h)
	}
	f.cfg.setDefaults()
	if cfg.Throttle != nil {
		f.buckets = throttle.New(cfg.Throttle, time.Now)
	}
	if err := f.open(ctx); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (cfg *Config) setDefaults() {
	if cfg.Limits == nil {
		cfg.Limits = DefaultLimits()
	}
	if cfg.ExpressLimits == nil {
		cfg.ExpressLimits = DefaultExpressLimits()
	}
	if cfg.ExpressHistory == 0 {
		cfg.ExpressHistory = 24 * time.Hour
	}
	if cfg.ExpressMemory <= 0 {
		cfg.ExpressMemory = 128 << 20
	}
}

func (f *Fermata) open(ctx context.Context) error {
	if err := f.openStore(); err != nil {
		return err
	}
	var err error
	f.catalog, err = catalog.Open(ctx, catalog.Config{
		Records:   f.store,
		Compile:   catalog.ASL(f.services()),
		Place:     catalog.Place{Region: f.cfg.Region, Account: f.cfg.Account},
		Quotas:    f.cfg.Quotas,
		IgnoreKMS: f.cfg.IgnoreKMS,
		Logger:    f.cfg.Logger,
	})
	if err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	f.launcher = launch.New(f.catalog)
	if f.cfg.Mocks != nil {
		f.launcher.UseTestCases(standin.Cases{File: f.cfg.Mocks})
	}
	if f.counted, err = launch.CountOpen(ctx, f.store, f.catalog, f.cfg.Quotas); err != nil {
		return fmt.Errorf("counting open executions: %w", err)
	}
	f.launcher.Limit(f.counted)
	connectors, err := f.connectors()
	if err != nil {
		return err
	}
	if f.cfg.ExecutionLogs != nil {
		f.logs, err = logging.New(ctx, logging.Config{Sink: f.cfg.ExecutionLogs, Catalog: f.catalog, Store: f.store, Logger: f.cfg.Logger})
		if err != nil {
			return err
		}
	}
	if f.express, err = f.openEngine(ctx, catalog.Express, connectors); err != nil {
		return err
	}
	if f.standard, err = f.openEngine(ctx, catalog.Standard, connectors); err != nil {
		return err
	}
	if f.logs != nil {
		f.logs.Start(f.standard, f.express)
	}
	f.launcher.Attach(f.standard, f.express)
	f.catalog.Attach(f.standard)
	return nil
}

func (f *Fermata) openStore() (err error) {
	switch {
	case f.cfg.Store != nil:
		f.store = f.cfg.Store
	case f.cfg.Dir == "":
		f.store, f.ownStore = memstore.New(memstore.Options{ID: rand.Text()}), true
	default:
		f.store, err = pebblestore.Open(f.cfg.Dir, pebblestore.Options{OnError: func(err error) {
			if f.cfg.Logger != nil {
				f.cfg.Logger.Error("store", "error", err)
			}
		}})
		f.ownStore = err == nil
	}
	return err
}

// openEngine opens the engine for machines of a type. Each has its own connector
// for children, which tells the parent's runs from those of the other engine.
func (f *Fermata) openEngine(ctx context.Context, t catalog.Type, shared map[string]connector.Connector) (*engine.Engine, error) {
	cfg := engine.Config{
		Store:        f.store,
		Catalog:      f.catalog,
		Connectors:   map[string]connector.Connector{"states": states.New(f.launcher.Starter(t))},
		ChildResult:  childResult,
		Limits:       *f.cfg.Limits,
		Retention:    f.cfg.Retention,
		CacheBytes:   f.cfg.CacheBytes,
		MailBytes:    f.cfg.MailBytes,
		MaxCalls:     f.cfg.MaxCalls,
		DrainTimeout: f.cfg.DrainTimeout,
		Logger:       f.cfg.Logger,
		Listener:     f.cfg.Listener,
	}
	maps.Copy(cfg.Connectors, shared)
	if t == catalog.Standard {
		cfg.Connectors[mapruns.MapRun] = mapruns.NewMapRun(f.launcher)
		cfg.Connectors[mapruns.Child] = mapruns.NewChild(f.launcher)
		if f.counted != nil {
			cfg.Counter = f.counted
		}
	}
	if f.logs != nil {
		cfg.Follow = f.logs.Standard
	}
	f.pace(&cfg, t)
	if t == catalog.Express {
		f.tasks = cfg.Connectors
		f.makeExpress(&cfg)
	}
	if f.cfg.Mocks == nil {
		return engine.Open(ctx, cfg)
	}
	mocks := standin.New(f.cfg.Mocks)
	cfg.Intercept = mocks.Intercept
	e, err := engine.Open(ctx, cfg)
	if err == nil {
		mocks.Attach(e)
	}
	return e, err
}

// pace slows an engine down as Config.Throttle says. Transitions of Express executions
// have no rate at AWS.
func (f *Fermata) pace(cfg *engine.Config, t catalog.Type) {
	cfg.Paces = map[string]engine.Pace{}
	if b := f.buckets.HTTPTasks(); b != nil {
		cfg.Paces["http"] = b
	}
	if b := f.buckets.MapRuns(); b != nil {
		cfg.Paces[mapruns.MapRun] = b
	}
	if b := f.buckets.Transitions(); b != nil && t == catalog.Standard {
		cfg.Transitions = b
	}
}

// services says which service integrations state machines may name: those that
// always are there, and any at all where mocks may stand in for them.
func (f *Fermata) services() func(service, action string) bool {
	if f.cfg.Mocks == nil {
		return nil
	}
	return func(string, string) bool { return true }
}

// makeExpress changes the configuration of an engine into that of one for Express
// machines: everything is in memory.
func (f *Fermata) makeExpress(cfg *engine.Config) {
	if f.logs != nil {
		cfg.Follow = f.logs.Express
	}
	cfg.Store, cfg.Volatile = memstore.New(memstore.Options{ID: rand.Text()}), true
	cfg.Limits, cfg.Retention, cfg.MaxBytes = *f.cfg.ExpressLimits, f.cfg.ExpressHistory, f.cfg.ExpressMemory
}

// childResult says how the end of an execution reads to the task that started it.
func childResult(end connector.ChildEnd) connector.ChildResult {
	if mapruns.Ends(end.Form) {
		return mapruns.Result(end)
	}
	return states.Result(end)
}

func (f *Fermata) connectors() (map[string]connector.Connector, error) {
	var err error
	router := &lambda.Router{Functions: f.functions}
	if len(f.cfg.Functions) > 0 {
		f.local, err = local.New(local.Config{Functions: f.cfg.Functions, Logger: f.cfg.Logger, Region: f.catalog.Region, Account: f.catalog.Account})
		if err != nil {
			return nil, err
		}
		router.Local = f.local
	}
	if f.cfg.Remote != nil {
		router.Remote = remote.New(*f.cfg.Remote)
	}
	http, err := httptask.New(f.cfg.HTTP)
	if err != nil {
		return nil, err
	}
	files, err := mapio.New(f.mapIO())
	if err != nil {
		return nil, err
	}
	all := map[string]connector.Connector{"lambda": router, "http": http, maprun.Files: files}
	for name, c := range f.cfg.Connectors {
		all[name] = c
	}
	for _, c := range all {
		if c, ok := c.(connector.Lifecycle); ok {
			f.closers = append(f.closers, c)
		}
	}
	return all, nil
}

func (f *Fermata) mapIO() mapio.Config {
	c := f.cfg.MapIO
	if c.Limits.ItemBytes == 0 {
		c.Limits.ItemBytes = f.cfg.Limits.PayloadBytes
	}
	return c
}

// Drain begins to close: no more work is taken, and it returns when calls and Express
// executions under way have ended, or their time for that is over. What is kept can
// still be read until Close.
func (f *Fermata) Drain() error {
	var errs [2]error
	var engines sync.WaitGroup
	for i, e := range []*engine.Engine{f.standard, f.express} {
		if e != nil {
			engines.Go(func() { errs[i] = e.Close() })
		}
	}
	engines.Wait()
	return errors.Join(errs[:]...)
}

// Close drains the engine and releases everything. What is left of Standard
// executions goes on when the store is opened again; Express executions may end
// within the DrainTimeout, and are lost else. Whoever waits for an execution or
// asks for one from then on is told by an engine.ErrStopped or store.ErrClosed.
// Closing again waits for the first Close and gives what that gave.
func (f *Fermata) Close() error {
	f.closing.Do(func() { f.closed = f.close() })
	return f.closed
}

func (f *Fermata) close() error {
	if f.catalog != nil {
		f.catalog.Close()
	}
	errs := []error{f.Drain()}
	if f.standard != nil {
		errs = append(errs, f.counted.Keep(context.Background()))
	}
	switch {
	case f.logs != nil:
		errs = append(errs, f.logs.Close())
	case f.cfg.ExecutionLogs != nil:
		errs = append(errs, f.cfg.ExecutionLogs.Close())
	}
	for _, c := range f.closers {
		errs = append(errs, c.Close())
	}
	if f.ownStore {
		errs = append(errs, f.store.Close())
	}
	return errors.Join(errs...)
}

// Engine runs the Standard executions.
func (f *Fermata) Engine() *engine.Engine { return f.standard }

// Express runs the Express executions, in memory.
func (f *Fermata) Express() *engine.Engine { return f.express }

// Catalog knows the state machines and activities.
func (f *Fermata) Catalog() *catalog.Catalog { return f.catalog }

// Launcher starts executions by the ARN of their state machine.
func (f *Fermata) Launcher() *launch.Launcher { return f.launcher }

// Tester tests single states of state machines; their tasks are done by the same
// connectors as those of executions.
func (f *Fermata) Tester() *teststate.Tester {
	return &teststate.Tester{Connectors: f.tasks, Limits: f.cfg.Limits}
}

// Throttle has the token buckets of Config.Throttle, for a server of the API; nil, which
// lets everything pass, for none.
func (f *Fermata) Throttle() *throttle.Buckets { return f.buckets }

// Store is where everything is.
func (f *Fermata) Store() store.Store { return f.store }

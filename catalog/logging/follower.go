package logging

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/executionlog"
	"github.com/fermata-dev/fermata/store"
)

// Engine is what is needed of an engine. *engine.Engine is one.
type Engine interface {
	EntriesFrom(ctx context.Context, run store.RunID, from uint64, yield func(engine.Entry) bool) error
	Head(ctx context.Context, run store.RunID) (*store.Head, error)
	List(ctx context.Context, q store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error)
	Settled(ctx context.Context) (time.Time, error)
	ParentOfName(name string) (run store.RunID, number int64, ok bool)
}

// Config of a Follower. Sink, Catalog and Store are required.
type Config struct {
	Sink    executionlog.Sink // it is closed with the follower
	Catalog *catalog.Catalog
	// Store is that of the Standard executions; it keeps the checkpoint.
	Store store.Store
	// QueueBytes bounds the entries that wait in memory (default 32 MiB), QueueLength
	// their number (default 262,144), TailBytes the states of executions that wait
	// for their next entry (default 32 MiB).
	QueueBytes, QueueLength, TailBytes int
	// Pace is the least time between two checkpoints (default 1 s).
	Pace time.Duration
	// Logger is told of records that were dropped (default: discards).
	Logger *slog.Logger
	// Now is the clock (default time.Now).
	Now func() time.Time
}

// Follower logs executions. Make one with New, give its hooks to the engines,
// and Start it when they are open.
type Follower struct {
	cfg               Config
	standard, express *source
	queue             queue
	tails             tails
	mark              mark
	recovery          recovery
	losses            losses
	mapRun            mapRun // that was asked for last
	record            []byte

	ctx     context.Context // ends when Close has given up waiting
	cancel  context.CancelFunc
	stop    chan struct{}
	done    chan struct{}
	started bool
	closing sync.Once
	failure error
}

// source is an engine that is followed.
type source struct {
	engine  Engine
	durable bool
}

// New makes a Follower and notes in the store that it is at work. It must be
// called before the engine of the Standard executions is opened.
func New(ctx context.Context, cfg Config) (*Follower, error) {
	if cfg.Sink == nil || cfg.Catalog == nil || cfg.Store == nil {
		return nil, errors.New("logging: Config needs Sink, Catalog and Store")
	}
	cfg.setDefaults()
	f := &Follower{cfg: cfg, standard: &source{durable: true}, express: &source{}, stop: make(chan struct{}), done: make(chan struct{})}
	f.queue.init(cfg.QueueBytes, cfg.QueueLength)
	f.tails.init(cfg.TailBytes)
	f.losses.init(cfg.Logger)
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	f.ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return f, nil
}

func (c *Config) setDefaults() {
	or := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	or(&c.QueueBytes, 32<<20)
	or(&c.QueueLength, 1<<18)
	or(&c.TailBytes, 32<<20)
	if c.Pace <= 0 {
		c.Pace = time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}

// Standard is Config.Follow of the engine of Standard executions.
func (f *Follower) Standard(c engine.Committed) { f.take(f.standard, c) }

// Express is Config.Follow of the engine of Express executions.
func (f *Follower) Express(c engine.Committed) { f.take(f.express, c) }

func (f *Follower) take(s *source, c engine.Committed) {
	if !f.queue.put(notice{source: s, Committed: c}) {
		f.losses.entry()
		f.mark.hold(s, c.At)
	}
}

// Start begins to log. It returns at once; what a crash has left unlogged is
// logged in the background.
func (f *Follower) Start(standard, express Engine) {
	f.standard.engine, f.express.engine = standard, express
	f.started = true
	go f.run()
}

// Close logs what has been committed, closes the sink and says in the store that
// there is nothing left to log. The engines must have been closed and the store
// not yet. A sink that hangs is given up after some seconds.
func (f *Follower) Close() error {
	f.closing.Do(func() { f.failure = f.close() })
	return f.failure
}

// patience is how long Close waits for the sink.
const patience = 10 * time.Second

func (f *Follower) close() error {
	defer f.cancel()
	if !f.started {
		return f.cfg.Sink.Close()
	}
	close(f.stop)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-f.done:
	case <-timer.C:
		f.cfg.Logger.Warn("execution logs: the sink takes too long; what is left is logged after the next start", "entries", f.queue.length())
		f.cancel()
		return errors.New("execution logs: the sink did not take what was left in time")
	}
	return errors.Join(f.end(context.WithoutCancel(f.ctx)), f.cfg.Sink.Close())
}

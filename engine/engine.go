package engine

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Engine runs executions over a store. Its methods are safe for concurrent use.
type Engine struct {
	cfg      Config
	log      *slog.Logger
	listener Listener
	clock    *clock
	since    time.Time

	key       tokenKey
	names     names
	keyPrefix string

	shards  []*shard
	ids     runIDs
	loads   *pool
	commits *pool
	queues  queues
	waiters waiters
	room    sync.Mutex // held while room is made in the store
	// starting is the room of runs that are being started, where Config.MaxBytes is set.
	starting atomic.Int64
	open     openRuns
	callers  sync.Pool // of *caller

	poolsMu sync.Mutex // guards pools
	pools   map[string]*pool

	// ctx ends when the engine is closed. callsOver says that calls under way were
	// given up: what they give is not wanted any more.
	ctx        context.Context
	cancel     context.CancelFunc
	draining   atomic.Bool
	drainBegan chan struct{} // closed with draining
	callsOver  atomic.Bool
	failure    atomic.Pointer[error]
	background sync.WaitGroup
	closing    sync.Once
}

const (
	defaultCacheBytes = 64 << 20
	defaultMailBytes  = 32 << 20
	defaultMaxCalls   = 4096
	defaultBacklog    = 65536
	defaultRetention  = 90 * 24 * time.Hour
	defaultDrain      = 10 * time.Second
	defaultBatchFacts = 20000
	defaultBatchBytes = 2 << 20
	loaders           = 16
)

func (cfg *Config) setDefaults() error {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Store == nil || cfg.Catalog == nil {
		return errors.New("engine: Config.Store and Config.Catalog are required")
	}
	orInt := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	orInt(&cfg.Shards, runtime.GOMAXPROCS(0))
	orInt(&cfg.MaxCalls, defaultMaxCalls)
	orInt(&cfg.MaxBacklog, defaultBacklog)
	orInt(&cfg.Limits.BatchFacts, defaultBatchFacts)
	orInt(&cfg.Limits.BatchBytes, defaultBatchBytes)
	if cfg.Transitions != nil {
		cfg.Limits.BatchFacts = min(cfg.Limits.BatchFacts, pacedBatchFacts)
	}
	if cfg.CacheBytes <= 0 {
		cfg.CacheBytes = defaultCacheBytes
	}
	if cfg.MaxBytes > 0 {
		cfg.CacheBytes = min(cfg.CacheBytes, cfg.MaxBytes/4)
	}
	if cfg.MailBytes <= 0 {
		cfg.MailBytes = defaultMailBytes
	}
	if cfg.Retention == 0 {
		cfg.Retention = defaultRetention
	}
	if _, ok := cfg.Store.(store.Sized); cfg.MaxBytes > 0 && !ok {
		return errors.New("engine: Config.MaxBytes needs a store that knows its size")
	}
	if cfg.DrainTimeout <= 0 {
		cfg.DrainTimeout = defaultDrain
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return nil
}

// Open starts an engine: it takes over every run that a dead node has left and
// arms the wake-ups. It is ready when Open returns; what it took over goes on in
// the background.
func Open(ctx context.Context, cfg Config) (*Engine, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, err
	}
	e := &Engine{cfg: cfg, log: cfg.Logger, listener: cfg.Listener, loads: newPool(loaders), commits: newPool(cfg.Shards * commitsUnderWay), pools: map[string]*pool{}, drainBegan: make(chan struct{})}
	e.ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	e.clock = clockOf(cfg.Now)
	e.since = e.now()
	e.keyPrefix = keyPrefix(cfg.Store.ID())
	e.ids.store = cfg.Store
	e.queues.init(e)
	e.waiters.init()
	e.callers.New = newCaller
	e.open.counts = cfg.Volatile
	key, err := loadTokenKey(ctx, cfg.Store)
	if err != nil {
		return nil, fmt.Errorf("engine: token key: %w", err)
	}
	e.key, e.names = key, newNames(key)
	for i := range cfg.Shards {
		e.shards = append(e.shards, newShard(e, e.coreConfig(i)))
	}
	for _, s := range e.shards {
		go s.run()
	}
	if err := e.recover(ctx); err != nil {
		_ = e.Close()
		return nil, fmt.Errorf("engine: recovery: %w", err)
	}
	return e, nil
}

func (e *Engine) coreConfig(shard int) core.Config {
	var seed [8]byte
	_, _ = rand.Read(seed[:]) // never fails
	return core.Config{
		Node:        e.cfg.Store.Node(),
		Limits:      e.cfg.Limits,
		CacheBytes:  e.cfg.CacheBytes / int64(e.cfg.Shards),
		MailBytes:   e.mailBytes(),
		TurnBytes:   turnBytes,
		Weigh:       e.cfg.MaxBytes > 0,
		TellOpened:  e.cfg.Counter != nil,
		Since:       e.since,
		Seed:        binary.LittleEndian.Uint64(seed[:]) ^ uint64(shard),
		Token:       e.key.token,
		QueueExists: e.cfg.Catalog.QueueExists,
		Farewell:    e.farewell,
		Mail:        readMail,
	}
}

// mailBytes is the memory for messages that wait at one shard.
func (e *Engine) mailBytes() int { return int(max(1, e.cfg.MailBytes/int64(e.cfg.Shards))) }

// now is the time of the engine's clock, in UTC.
func (e *Engine) now() time.Time { return e.clock.now() }

func (e *Engine) shardOf(run store.RunID) *shard { return e.shards[uint64(run)%uint64(len(e.shards))] }

// pool returns the pool of a connector.
func (e *Engine) pool(name string) *pool {
	e.poolsMu.Lock()
	defer e.poolsMu.Unlock()
	p := e.pools[name]
	if p == nil {
		p = newPool(e.cfg.MaxCalls)
		e.pools[name] = p
	}
	return p
}

// tokenKeyRecord holds the secret that signs task tokens.
const tokenKeyRecord = "engine/token-key"

// loadTokenKey returns the store's secret, making it when the store is new.
func loadTokenKey(ctx context.Context, s store.Store) (tokenKey, error) {
	for {
		r, err := s.Record(ctx, tokenKeyRecord)
		if err == nil {
			return tokenKey(r.Value), nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		err = s.Write(ctx, store.Change{Key: tokenKeyRecord, Value: key})
		if err != nil && !errors.Is(err, store.ErrConflict) {
			return nil, err
		}
	}
}

// retry calls f until it succeeds, its error is final, or the engine stops.
func (e *Engine) retry(f func() error) error {
	pause := 5 * time.Millisecond
	for {
		err := f()
		if err == nil {
			return nil
		}
		if unacceptable(err) || e.stops(err) {
			return err
		}
		e.log.Warn("store does not answer, trying again", "error", err, "in", pause)
		select {
		case <-time.After(pause):
		case <-e.ctx.Done():
			return err
		}
		pause = min(2*pause, 2*time.Second)
	}
}

// stops reports whether the store did not answer because the engine stops, or the store
// has failed for good: what could not be read then says nothing of a run.
func (e *Engine) stops(err error) bool {
	return e.ctx.Err() != nil || errors.Is(err, store.ErrFailed) || errors.Is(err, store.ErrClosed)
}

// fail stops the engine for good: the store can make nothing durable any more.
func (e *Engine) fail(err error) {
	if e.failure.CompareAndSwap(nil, &err) && e.ctx.Err() == nil {
		e.log.Error("store has failed: no more work is taken; restart when it is healthy", "error", err)
		e.drain()
		e.giveUpCalls() // their results could not be kept
	}
}

// drain lets no more work begin.
func (e *Engine) drain() {
	if e.draining.CompareAndSwap(false, true) {
		close(e.drainBegan)
	}
}

// Draining is closed when the engine takes no more work: calls that wait for something
// else than their work have to give up then, with ErrStopped.
func (e *Engine) Draining() <-chan struct{} { return e.drainBegan }

// Healthy returns nil when the engine takes work, else why not.
func (e *Engine) Healthy() error {
	if err := e.failure.Load(); err != nil {
		return fmt.Errorf("%w: %w", ErrStopped, *err)
	}
	if e.draining.Load() {
		return fmt.Errorf("%w: it is draining", ErrStopped)
	}
	return nil
}

// incident tells the operator of a fault of our own.
func (e *Engine) incident(i core.Incident) {
	e.log.Error("incident: an execution was stopped; it can be resumed after a fix", "execution", i.Execution, "run", uint64(i.Run), "what", i.What)
	if e.listener != nil {
		e.listener.Incident(i.Run, i.What)
	}
}

// runClosed tells those who wait that a run has ended.
func (e *Engine) runClosed(c *core.Closed) {
	e.named(c.Run, &c.Head)
	if e.cfg.Counter != nil {
		e.cfg.Counter.Closed(c.Head.Machine)
	}
	if e.listener != nil {
		e.listener.RunClosed(c.Run, c.Head.Machine, c.Result.Status, c.Head.Closed.Sub(c.Head.Started))
	}
	e.waiters.closed(c)
	e.open.leave()
}

// Close drains the engine and stops it: no more work is taken, calls under way
// may end within Config.DrainTimeout, and what is decided is committed. A store that
// does not answer then is asked again for as long, and no longer. What is
// left goes on when the store is opened again. The store stays open.
func (e *Engine) Close() error {
	e.closing.Do(e.close)
	return nil
}

func (e *Engine) close() {
	patience, cancel := context.WithTimeout(context.Background(), e.cfg.DrainTimeout)
	defer cancel()
	if left := e.open.end(patience.Done()); left > 0 {
		e.log.Warn("executions in memory did not end in time and are lost", "executions", left)
	}
	e.drain()
	e.queues.close()
	drained := make(chan struct{})
	go func() {
		for _, p := range e.allPools() {
			p.wait()
		}
		close(drained)
	}()
	select {
	case <-drained:
	case <-patience.Done():
		e.log.Warn("calls under way did not end in time and were given up")
	}
	e.giveUpCalls()
	tooLate := time.AfterFunc(e.cfg.DrainTimeout, e.cancel)
	for _, s := range e.shards {
		s.flush()
	}
	if !tooLate.Stop() {
		e.log.Warn("the store did not answer in time: what was decided last is decided again when it is opened")
	}
	e.cancel()
	for _, s := range e.shards {
		s.committer.flush()
		s.stop()
	}
	e.waiters.close()
	e.background.Wait()
	<-drained
	for _, p := range append(e.allPools(), e.loads, e.commits) {
		p.close()
	}
}

func (e *Engine) allPools() []*pool {
	e.poolsMu.Lock()
	defer e.poolsMu.Unlock()
	var all []*pool
	for _, p := range e.pools {
		all = append(all, p)
	}
	return all
}

// runIDs gives out run ids from blocks that the store reserved.
type runIDs struct {
	store store.Store

	mu         sync.Mutex // guards next and end
	next, end  store.RunID
	allocating sync.Mutex
}

const runIDBlock = 4096

func (r *runIDs) take(ctx context.Context) (store.RunID, error) {
	if id, ok := r.fromBlock(); ok {
		return id, nil
	}
	r.allocating.Lock()
	defer r.allocating.Unlock()
	if id, ok := r.fromBlock(); ok {
		return id, nil
	}
	first, err := r.store.AllocateRuns(ctx, runIDBlock)
	if err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next, r.end = first+1, first+runIDBlock
	return first, nil
}

func (r *runIDs) fromBlock() (store.RunID, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == r.end {
		return 0, false
	}
	id := r.next
	r.next++
	return id, true
}

// text returns the bytes of a document, nil for none.
func text(d *value.Document) []byte {
	if d == nil {
		return nil
	}
	return d.Text()
}

// copyResult gives a result documents of its own: a Document is not safe for
// concurrent use.
func copyResult(r interpreter.Result) interpreter.Result {
	if r.Input != nil {
		r.Input = value.Text(text(r.Input))
	}
	if r.Output != nil {
		r.Output = value.Text(text(r.Output))
	}
	return r
}

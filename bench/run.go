package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fermata-dev/fermata"
	"github.com/fermata-dev/fermata/connector/httptask"
	"github.com/fermata-dev/fermata/connector/lambda/local"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
	"github.com/fermata-dev/fermata/store/pebblestore"
)

// mostRecordedRuns bounds the batches that are kept for the replay.
const mostRecordedRuns = 50_000

// recordedRuns is of how many runs they are kept.
func (b *bench) recordedRuns() int {
	if b.Kind == Map {
		return b.Items + 2 // with the map run and its parent
	}
	return mostRecordedRuns
}

// Starter starts executions: in this process or through the API.
type Starter interface {
	// Run starts an execution and returns when it has ended; Start when it was
	// acknowledged.
	Run(ctx context.Context, input []byte) error
	Start(ctx context.Context, input []byte) error
}

// Serve makes a Starter that goes through the HTTP API of an engine. The command
// line gives it, so that this package needs no server.
type Serve func(f *fermata.Fermata, machineARN string, express bool, concurrency int) (Starter, func(), error)

// Env is what a run needs from its caller.
type Env struct {
	Serve Serve
	// Lambda is the function that does the work for tasks "lambda".
	Lambda *local.Function
	// Victim is the command line of a process that calls [Victim], for Recover.
	Victim func(dir string, c Config) []string
	// Progress is told what goes on; may be nil.
	Progress func(format string, args ...any)
}

// bench is one run.
type bench struct {
	Config
	env     Env
	dir     string
	tasks   *taskServer
	store   *recorder
	fermata *fermata.Fermata
	starter Starter
	undo    []func()
}

// Run measures one workload.
func Run(ctx context.Context, cfg Config, env Env) (*Report, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, err
	}
	if cfg.Kind == Recover {
		return recoverFromKill(ctx, cfg, env)
	}
	b := &bench{Config: cfg, env: env}
	if b.env.Progress == nil {
		b.env.Progress = func(string, ...any) {}
	}
	defer b.close()
	if err := b.open(ctx); err != nil {
		return nil, err
	}
	r := &Report{
		Kind: cfg.Kind, Tasks: cfg.Tasks, API: cfg.API, Store: b.storeName(), Concurrency: cfg.Concurrency,
		Executions: cfg.Executions, StepsEach: cfg.steps(), PayloadSize: cfg.Payload,
	}
	measure := b.measure
	if cfg.Kind == Map {
		measure = b.measureMap
	}
	if err := measure(ctx, r); err != nil {
		return nil, err
	}
	return r, errors.Join(b.rest(ctx, r), b.size(ctx, r), b.floor(ctx, r), b.httpLoop(r), b.reopen(ctx, r))
}

// reopen measures how long it takes until an engine is ready that finds all
// these executions open.
func (b *bench) reopen(ctx context.Context, r *Report) error {
	if b.Kind != Sleep || b.Store == "memory" {
		return nil
	}
	if err := errors.Join(b.fermata.Close(), b.store.Close()); err != nil {
		return err
	}
	began := time.Now()
	f, err := fermata.Open(ctx, fermata.Config{Dir: filepath.Join(b.dir, "run")})
	r.ReadyMs = float64(time.Since(began).Microseconds()) / 1e3
	if err != nil {
		return err
	}
	return f.Close()
}

func (b *bench) storeName() string {
	if b.Store == "memory" {
		return "memory"
	}
	return "pebble"
}

func (b *bench) atEnd(f func()) { b.undo = append(b.undo, f) }

func (b *bench) close() {
	for _, f := range slices.Backward(b.undo) {
		f()
	}
}

// newStore opens an empty store of the kind that is measured.
func (b *bench) newStore(name string) (store.Store, error) {
	if b.Store == "memory" {
		return memstore.New(memstore.Options{}), nil
	}
	dir := filepath.Join(b.dir, name)
	s, err := pebblestore.Open(dir, pebblestore.Options{})
	if err != nil {
		return nil, err
	}
	b.atEnd(func() { _ = os.RemoveAll(dir) })
	return s, nil
}

func (b *bench) open(ctx context.Context) (err error) {
	if b.dir = b.Store; b.dir == "" || b.dir == "memory" {
		if b.dir, err = os.MkdirTemp("", "fermata-bench-"); err != nil {
			return err
		}
		b.atEnd(func() { _ = os.RemoveAll(b.dir) })
	}
	s, err := b.newStore("run")
	if err != nil {
		return err
	}
	b.atEnd(func() { _ = s.Close() })
	b.store = newRecorder(s, b.recordedRuns())
	taskURL := ""
	if b.Tasks == "http" {
		if b.tasks, err = startTaskServer(); err != nil {
			return err
		}
		b.atEnd(b.tasks.close)
		taskURL = b.tasks.url
	}
	files, err := b.mapIO()
	if err != nil {
		return err
	}
	cfg := fermata.Config{
		Store:      b.store,
		MapIO:      files,
		CacheBytes: b.CacheBytes,
		HTTP:       httptask.Config{AllowPlain: true, AllowPrivate: true, MaxIdlePerHost: b.Concurrency + 64},
	}
	if b.Tasks == "lambda" {
		if b.env.Lambda == nil {
			return errors.New("tasks by lambda need a function")
		}
		cfg.Functions = []local.Function{*b.env.Lambda}
	}
	if b.fermata, err = fermata.Open(ctx, cfg); err != nil {
		return err
	}
	b.atEnd(func() { _ = b.fermata.Close() })
	if b.Tasks == "inprocess" {
		b.fermata.Handle("work", echo)
	}
	deploy := b.fermata.Deploy
	if b.Kind == Express {
		deploy = b.fermata.DeployExpress
	}
	m, err := deploy(ctx, "bench", b.definition(taskURL))
	if err != nil {
		return err
	}
	return b.serve(m)
}

func (b *bench) serve(m *fermata.Machine) error {
	if !b.API {
		b.starter = inProcess{b.fermata, m.Name}
		return nil
	}
	if b.env.Serve == nil {
		return errors.New("starting through the API needs a server")
	}
	s, stop, err := b.env.Serve(b.fermata, m.ARN, b.Kind == Express, b.Concurrency)
	if err != nil {
		return err
	}
	b.starter = s
	b.atEnd(stop)
	return nil
}

// inProcess starts executions by calls.
type inProcess struct {
	f       *fermata.Fermata
	machine string
}

func (p inProcess) Start(ctx context.Context, input []byte) error {
	_, err := p.f.Start(ctx, p.machine, json.RawMessage(input))
	return err
}

func (p inProcess) Run(ctx context.Context, input []byte) error {
	_, err := p.f.Run(ctx, p.machine, json.RawMessage(input))
	return err
}

// measure runs the workload: a short one to warm up, then the one that counts.
func (b *bench) measure(ctx context.Context, r *Report) error {
	warm := min(b.Executions/10+1, 2000)
	if _, err := b.drive(ctx, warm, nil); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	b.env.Progress("running %d executions", b.Executions)
	if b.Profile != "" {
		f, err := os.Create(b.Profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	heap, resident := int64(0), uint64(0)
	if b.Kind == Sleep {
		heap, resident = b.liveHeap(), residentNow()
	}
	b.store.record(!b.NoFloor)
	before, cpu := b.store.Stats(), cpuTime()
	latencies := make([]time.Duration, b.Executions)
	took, err := b.drive(ctx, b.Executions, latencies)
	if err != nil {
		return err
	}
	used, after := cpuTime()-cpu, b.store.Stats()
	b.store.record(false)
	b.fill(r, took, used, before, after, latencies)
	if b.Kind == Sleep {
		latencies = nil
		r.HeapGrowth = b.liveHeap() - heap
		r.HeapPerExecution = float64(r.HeapGrowth) / float64(b.Executions)
		r.StoreBuffers = b.store.Stats().HeapBuffers
		r.RSSGrowth = int64(residentNow()) - int64(resident)
	}
	return b.heapProfile()
}

// liveHeap is the memory of reachable objects without the store's buffers. It looks
// again where the store has given one back meanwhile.
func (b *bench) liveHeap() int64 {
	var m runtime.MemStats
	buffers := b.store.Stats().HeapBuffers
	for range 10 {
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		before := buffers
		if buffers = b.store.Stats().HeapBuffers; buffers == before {
			break
		}
	}
	return int64(m.HeapAlloc) - int64(buffers)
}

// heapProfile writes what is held, and by whom.
func (b *bench) heapProfile() error {
	if b.HeapProfile == "" {
		return nil
	}
	f, err := os.Create(b.HeapProfile)
	if err != nil {
		return err
	}
	runtime.GC() // the profile is that of the last collection
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}

// drive starts n executions with as many at a time as the workload has.
func (b *bench) drive(ctx context.Context, n int, latencies []time.Duration) (time.Duration, error) {
	run := b.starter.Run
	if b.Kind == Sleep {
		run = b.starter.Start
	}
	return b.inParallel(ctx, n, func(ctx context.Context, i int) error {
		input := b.input(uint64(i))
		at := time.Now()
		err := run(ctx, input)
		if latencies != nil {
			latencies[i] = time.Since(at)
		}
		return err
	})
}

// inParallel does n things, with as many at a time as the workload has, and returns how
// long that took.
func (b *bench) inParallel(ctx context.Context, n int, do func(ctx context.Context, i int) error) (time.Duration, error) {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	began := time.Now()
	for range b.Concurrency {
		group.Go(func() {
			for failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(ctx, i); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return time.Since(began), nil
}

func (b *bench) fill(r *Report, took, cpu time.Duration, before, after store.Stats, latencies []time.Duration) {
	n, steps := float64(b.Executions), float64(b.Executions*b.steps())
	r.Seconds = took.Seconds()
	r.ExecutionsPerSecond = n / took.Seconds()
	r.StepsPerSecond = steps / took.Seconds()
	if len(latencies) > 0 {
		slices.Sort(latencies)
		ms := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }
		r.P50, r.P99 = ms(latencies[len(latencies)/2]), ms(latencies[len(latencies)*99/100])
	}
	r.Commits = after.Batches - before.Batches
	r.CommitsPerExecution = float64(r.Commits) / n
	r.Fsyncs = after.Syncs - before.Syncs
	r.BytesLogged = after.BytesLogged - before.BytesLogged
	us := float64(cpu.Nanoseconds()) / 1e3
	r.CPUPerExecution = us / n
	if steps > 0 {
		r.FsyncsPerStep = float64(r.Fsyncs) / steps
		r.CPUPerStep = us / steps
	}
	r.PeakRSS = peakRSS()
	r.Goroutines = runtime.NumGoroutine()
}

// rest measures what executions that wait cost.
func (b *bench) rest(ctx context.Context, r *Report) error {
	if b.Kind != Sleep {
		return nil
	}
	const window = 3 * time.Second
	cpu, began := cpuTime(), time.Now()
	select {
	case <-time.After(window):
	case <-ctx.Done():
		return ctx.Err()
	}
	r.IdleCores = float64(cpuTime()-cpu) / float64(time.Since(began))
	return nil
}

// size measures the store after everything is flushed and compacted.
func (b *bench) size(ctx context.Context, r *Report) error {
	if b.NoCompact || b.Store == "memory" {
		return nil
	}
	b.env.Progress("compacting")
	if err := b.store.Compact(ctx); err != nil {
		return err
	}
	all := float64(b.Executions + min(b.Executions/10+1, 2000))
	if b.Kind == Map {
		all = float64(2 * (b.Items + warmRows)) // those of the rows, and those that were started one by one
	}
	r.BytesPerExecution = float64(b.store.Stats().DiskBytes) / all
	if s := b.steps(); s > 0 {
		r.BytesPerStep = r.BytesPerExecution / float64(s)
	}
	return nil
}

// floor replays what was committed.
func (b *bench) floor(ctx context.Context, r *Report) error {
	if b.NoFloor {
		return nil
	}
	atATime := b.Concurrency
	if b.Kind == Map {
		atATime = mapFloorRuns
	}
	b.env.Progress("replaying %d executions for the floor", len(b.store.order))
	s, err := b.newStore("floor")
	if err != nil {
		return err
	}
	defer s.Close()
	rate, err := b.store.replay(ctx, s, atATime)
	if err != nil {
		return err
	}
	r.FloorExecutionsPerSecond = rate
	r.FloorStepsPerSecond = rate * float64(b.steps())
	r.FloorRatio = r.ExecutionsPerSecond / rate
	return nil
}

func (b *bench) httpLoop(r *Report) error {
	if b.tasks == nil {
		return nil
	}
	rate, err := b.tasks.loop(b.Concurrency, string(b.input(0)), 2*time.Second)
	if err != nil {
		return err
	}
	r.HTTPLoopPerSecond = rate
	r.HTTPLoopRatio = r.StepsPerSecond / rate
	return nil
}

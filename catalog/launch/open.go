package launch

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// ExecutionLimitExceeded refuses a start or redrive where as many executions are open
// as there may be. The words are those with which AWS's API reference describes it; no
// recording shows it.
const ExecutionLimitExceeded catalog.Code = "ExecutionLimitExceeded"

func limitExceeded() error {
	return &catalog.Error{Code: ExecutionLimitExceeded, Message: "Execution Limit Exceeded: 'The maximum number of running executions has been reached. " +
		"Running executions must end or be stopped before a new execution can be started.'"}
}

// Open counts the Standard executions and the map runs that are open, and keeps their
// numbers within quotas. It is the Counter of the Standard engine. Children of map runs
// have quotas of their own, at AWS and here, and are not counted.
//
// The numbers are right after a crash, for they are counted then: before the engine is
// opened, when nothing changes. After a regular end they were kept, and are taken as
// they are while they are far from the quotas. Whoever opens an engine over the store
// takes them away, also one without quotas: they are those of the last engine or none.
type Open struct {
	records store.Records

	mu                  sync.Mutex // guards the fields below
	executions, mapRuns gauge
	ended               chan struct{} // closed and made anew when a map run ends
}

// gauge is how many there are of a kind, and how many may be: 0 for any number.
type gauge struct{ most, open, starting int }

func (g *gauge) full() bool { return g.most > 0 && g.open+g.starting >= g.most }

// openRecord keeps the numbers while no engine is open: "2 executions mapruns". In its
// first format, "1 executions mapruns", it may be from before engines without quotas took
// it away, and is not believed.
const openRecord = "launch/open"

// countPage is how many runs are read at once to be counted.
const countPage = 4096

// CountOpen counts what is open in a store whose engine is not open yet. Without quotas
// nothing is counted, and Open is nil.
func CountOpen(ctx context.Context, s store.Store, c *catalog.Catalog, q catalog.Quotas) (*Open, error) {
	o := &Open{records: s, executions: gauge{most: q.OpenExecutions}, mapRuns: gauge{most: q.OpenMapRuns}, ended: make(chan struct{})}
	kept, err := o.takeKept(ctx)
	if err != nil {
		return nil, err
	}
	if q.OpenExecutions == 0 && q.OpenMapRuns == 0 {
		return nil, nil
	}
	if !kept {
		err = o.count(ctx, s, c)
	}
	return o, err
}

// count counts both, also what has no quota now: the numbers are kept together.
func (o *Open) count(ctx context.Context, s store.Store, c *catalog.Catalog) error {
	o.executions.open, o.mapRuns.open = 0, 0
	for after := ""; ; {
		machines, err := c.ListMachines(ctx, after, countPage)
		if err != nil || len(machines) == 0 {
			return err
		}
		for _, m := range machines {
			if err := errors.Join(count(ctx, s, m.ID, &o.executions), count(ctx, s, catalog.MapRunsOf(m.ID), &o.mapRuns)); err != nil {
				return err
			}
		}
		after = machines[len(machines)-1].Name
	}
}

func count(ctx context.Context, s store.Store, machine uint64, g *gauge) error {
	if c, ok := s.(store.Counter); ok {
		n, err := c.Count(ctx, machine, store.Running)
		g.open += n
		return err
	}
	for after := (store.ListRow{}); ; {
		rows, err := s.List(ctx, store.ListQuery{Machine: machine, Status: store.Running}, after, countPage)
		g.open += len(rows)
		if err != nil || len(rows) < countPage {
			return err
		}
		after = rows[len(rows)-1]
	}
}

// takeKept takes the numbers that the last engine has left, and says whether they can
// be used. They are removed: should this engine end in a crash, they are wrong.
func (o *Open) takeKept(ctx context.Context) (bool, error) {
	r, err := o.records.Record(ctx, openRecord)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	n, _ := fmt.Sscanf(string(r.Value), "2 %d %d", &o.executions.open, &o.mapRuns.open)
	err = o.records.Write(ctx, store.Change{Key: openRecord, Expect: r.Version})
	return n == 2 && o.executions.far() && o.mapRuns.far(), err
}

// far says that the quota will not be reached soon: a number that is off by a few does
// no harm.
func (g *gauge) far() bool { return g.most == 0 || 2*g.open < g.most }

// Keep keeps the numbers for the next engine. This one has been closed.
func (o *Open) Keep(ctx context.Context) error {
	if o == nil {
		return nil
	}
	o.mu.Lock()
	text := fmt.Sprintf("2 %d %d", o.executions.open, o.mapRuns.open)
	o.mu.Unlock()
	err := o.records.Write(ctx, store.Change{Key: openRecord, Blind: true, Value: []byte(text)})
	if errors.Is(err, store.ErrFailed) || errors.Is(err, store.ErrClosed) {
		return nil // they are counted again
	}
	return err
}

// of is the gauge of the runs of a machine, nil for none.
func (o *Open) of(machine uint64) *gauge {
	switch catalog.KindOf(machine) {
	case catalog.Whole:
		return &o.executions
	case catalog.MapRun:
		return &o.mapRuns
	}
	return nil
}

// Opened counts a run.
func (o *Open) Opened(machine uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if g := o.of(machine); g != nil {
		g.open++
	}
}

// Closed counts a run no longer.
func (o *Open) Closed(machine uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.of(machine)
	if g == nil {
		return
	}
	g.open = max(0, g.open-1)
	if g == &o.mapRuns {
		close(o.ended)
		o.ended = make(chan struct{})
	}
}

// enter makes room for a start of a kind. If there is none it gives what is closed when
// there may be some.
func (o *Open) enter(g *gauge) (ok bool, changed <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if g.full() {
		return false, o.ended
	}
	g.starting++
	return true, nil
}

// leave ends a start: what it has started is counted.
func (o *Open) leave(g *gauge) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g.starting--
}

// Limit has starts keep within the quotas, nil for none. It is called before Attach.
func (l *Launcher) Limit(o *Open) { l.open = o }

// admit makes room for an execution. leave has to be called when it was started, or was
// not. One that there is already needs none: a task may be carried out again.
func (l *Launcher) admit(ctx context.Context, start *engine.StartRequest) (leave func(), err error) {
	o := l.open
	if o == nil {
		return func() {}, nil
	}
	if ok, _ := o.enter(&o.executions); ok {
		return func() { o.leave(&o.executions) }, nil
	}
	if start.Name != "" {
		if _, err := l.standard.ByName(ctx, start.Definition.Machine, start.Name); err == nil {
			return func() {}, nil
		}
	}
	return nil, limitExceeded()
}

// MayRedrive refuses a redrive, with a *catalog.Error, where as many executions are
// open as there may be.
func (l *Launcher) MayRedrive() error {
	o := l.open
	if o == nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.executions.full() {
		return limitExceeded()
	}
	return nil
}

// admitMapRun waits until there is room for a map run, unless it is there already. Who
// waits is not durable: the task that starts the map run is, and is carried out again.
func (l *Launcher) admitMapRun(ctx context.Context, machine uint64, name string) (leave func(), err error) {
	o := l.open
	if o == nil {
		return func() {}, nil
	}
	ok, changed := o.enter(&o.mapRuns)
	if !ok {
		if _, err := l.standard.ByName(ctx, machine, name); err == nil {
			return func() {}, nil
		}
	}
	for !ok {
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-l.standard.Draining():
			return nil, engine.ErrStopped
		}
		ok, changed = o.enter(&o.mapRuns)
	}
	return func() { o.leave(&o.mapRuns) }, nil
}

package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// Runs is what the catalog needs of the engine for Standard machines to delete one.
// *engine.Engine is one.
type Runs interface {
	List(ctx context.Context, q store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error)
	MachineDeleted(ctx context.Context, run store.RunID) error
	WhenEnded(ctx context.Context, run store.RunID, then func()) error
}

// sweeper goes on with deletions. Its goroutine runs between Attach and Close, and
// looks at a deletion when that may go on: nothing is done for a machine that waits
// until one of its executions has ended. While there are others then, it waits for one
// of those.
type sweeper struct {
	logger *slog.Logger
	nudge  chan struct{} // capacity 1: there may be something due
	stop   context.CancelFunc
	done   chan struct{}

	mu   sync.Mutex // guards the fields below
	runs Runs
	// By the id of their machine: deletions that may go on; those whose machine nobody
	// is in any more who came before it was marked; those that an execution's end makes
	// due.
	due, clear, awaited map[uint64]bool
}

// What cannot be read or written is tried again after firstPause, and then after twice
// the pause before, up to sweepPause. sweepPage is how many executions of a machine the
// sweeper tells before it goes on with the next machine. When an execution has ended it
// looks after endPause: who asks how it ended is to find it.
const (
	firstPause = 50 * time.Millisecond
	sweepPause = 10 * time.Second
	sweepPage  = 256
	endPause   = time.Second
)

func (s *sweeper) init(logger *slog.Logger) {
	s.logger = logger
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	s.nudge = make(chan struct{}, 1)
	s.due, s.clear, s.awaited = map[uint64]bool{}, map[uint64]bool{}, map[uint64]bool{}
}

// Attach tells the catalog the engine whose executions follow its Standard machines,
// and begins to finish deletions, those of an earlier process first. It is called
// once; whoever calls it calls Close.
func (c *Catalog) Attach(standard Runs) {
	s := &c.sweeper
	s.mu.Lock()
	s.runs = standard
	s.mu.Unlock()
	ctx, stop := context.WithCancel(context.Background())
	s.stop, s.done = stop, make(chan struct{})
	go func() {
		defer close(s.done)
		c.sweepUntil(ctx)
	}()
}

// Close ends what Attach has begun and waits for it. A deletion that is left
// half-way goes on when the catalog is opened again. Close it before the
// engine and the store.
func (c *Catalog) Close() {
	if c.sweeper.stop != nil {
		c.sweeper.stop()
		<-c.sweeper.done
	}
}

// wake makes the sweeper look at a deletion.
func (s *sweeper) wake(machine uint64) {
	s.put(machine)
	select {
	case s.nudge <- struct{}{}:
	default:
	}
}

func (s *sweeper) put(machine uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due[machine] = true
}

// take empties what is due.
func (s *sweeper) take() map[uint64]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	due := s.due
	s.due = map[uint64]bool{}
	return due
}

func (c *Catalog) sweepUntil(ctx context.Context) {
	c.sweeper.insist(ctx, c.findDeletions)
	for ctx.Err() == nil {
		c.sweeper.insist(ctx, c.sweep)
		select {
		case <-ctx.Done():
		case <-c.sweeper.nudge:
		}
	}
}

// insist does something until there is no error.
func (s *sweeper) insist(ctx context.Context, do func(context.Context) error) {
	for pause := firstPause; ; pause = min(2*pause, sweepPause) {
		err := do(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		s.logger.Warn("deleting state machines", "error", err)
		select {
		case <-ctx.Done():
		case <-s.nudge:
		case <-time.After(pause):
		}
	}
}

// findDeletions makes all deletions due that an earlier process has left.
func (c *Catalog) findDeletions(ctx context.Context) error {
	for after := ""; ; {
		page, err := c.list(ctx, deletingPrefix, after, sweepPage)
		if err != nil {
			return err
		}
		for _, r := range page {
			after = strings.TrimPrefix(r.Key, deletingPrefix)
			if d, err := readDeletion(r); err != nil {
				c.sweeper.logger.Error("a state machine cannot be deleted", "error", err)
			} else {
				c.sweeper.put(d.Machine)
			}
		}
		if len(page) < sweepPage {
			return nil
		}
	}
}

// progress is what one look at a deletion has come to.
type progress int

const (
	waits   progress = iota // for something that makes it due
	advance                 // there is more to do at once
	over                    // the machine is gone
)

// sweep goes on with the deletions that are due, in turns, until each of them is over,
// waits, or cannot go on: those stay due.
func (c *Catalog) sweep(ctx context.Context) (failed error) {
	var stuck []uint64
	for due := c.sweeper.take(); len(due) > 0 && ctx.Err() == nil; due = c.sweeper.take() {
		for machine := range due {
			come, err := c.finish(ctx, machine)
			switch {
			case err != nil:
				stuck, failed = append(stuck, machine), errors.Join(failed, err)
			case come == advance:
				c.sweeper.put(machine)
			}
		}
	}
	for _, machine := range stuck {
		c.sweeper.put(machine)
	}
	return failed
}

// finish goes on with the deletion of a machine.
func (c *Catalog) finish(ctx context.Context, id uint64) (progress, error) {
	r, err := c.records.Record(ctx, deletingKey(id))
	if errors.Is(err, store.ErrNotFound) {
		return over, nil
	}
	if err != nil {
		return waits, fmt.Errorf("catalog: reading %q: %w", deletingKey(id), err)
	}
	d, err := readDeletion(r)
	if err != nil {
		return waits, err
	}
	machine := new(Machine)
	_, found, err := c.read(ctx, machineKey(id), machine)
	switch {
	case err != nil:
		return waits, err
	case !found:
		return over, nil // it was removed this instant
	case !d.Told && machine.Type == Standard:
		return c.tell(ctx, r, d, machine)
	}
	if busy, err := c.busy(ctx, machine); err != nil || busy {
		return waits, err
	}
	return over, c.remove(ctx, id)
}

// cleared reports whether nobody is about to have an execution of the machine run who
// has not seen that it is being deleted. If somebody is, the deletion is due when they
// have left: whoever comes later does not count.
func (c *Catalog) cleared(m *Machine) bool {
	s := &c.sweeper
	if s.isClear(m.ID) {
		return true
	}
	c.machines.forget(m.Name) // whoever has marked it may not have come to that
	if !c.entries.empty(m.Name, func() { s.setClear(m.ID); s.wake(m.ID) }) {
		return false
	}
	s.setClear(m.ID)
	return true
}

func (s *sweeper) isClear(machine uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clear[machine]
}

func (s *sweeper) setClear(machine uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear[machine] = true
}

// forget drops what is known of a machine that is gone.
func (s *sweeper) forget(machine uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clear, machine)
}

// tell tells a page of executions.
func (c *Catalog) tell(ctx context.Context, r store.Record, d *Deletion, m *Machine) (progress, error) {
	runs := c.sweeper.known()
	if runs == nil || !c.cleared(m) {
		return waits, nil
	}
	page, err := runs.List(ctx, store.ListQuery{Machine: m.ID, Status: store.Running}, d.cursor(), sweepPage)
	if err == nil {
		err = c.tellAll(ctx, runs, m, page)
	}
	if err != nil {
		return waits, err
	}
	d.passed(page)
	err = c.write(ctx, store.Change{Key: r.Key, Expect: r.Version, Value: encode(d)})
	if errors.Is(err, store.ErrConflict) { // it was removed this instant
		err = nil
	}
	if err != nil {
		return waits, err
	}
	return advance, nil
}

// tellAll tells executions at the same time, so that they share commits.
func (c *Catalog) tellAll(ctx context.Context, runs Runs, m *Machine, page []store.ListRow) error {
	var all sync.WaitGroup
	errs := make([]error, len(page))
	for i := range page {
		all.Go(func() {
			err := runs.MachineDeleted(ctx, page[i].Run)
			if errors.Is(err, engine.ErrIncident) {
				c.blocked(m, &page[i])
			}
			if !settled(err) {
				errs[i] = err
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// settled says that the execution needs not to be told any more, or that nothing can
// tell it: one with an incident is told when it is resumed.
func settled(err error) bool {
	return err == nil || errors.Is(err, engine.ErrClosed) || errors.Is(err, engine.ErrNotFound) || errors.Is(err, engine.ErrIncident)
}

// blocked tells the operator of an execution whose machine waits for it in vain.
func (c *Catalog) blocked(m *Machine, row *store.ListRow) {
	c.sweeper.logger.Warn("deleting a state machine: it stays until this execution is resumed or stopped, which an incident has stopped",
		"execution", c.Execution(m.Type, m.Name, row.Head.Name))
}

// busy reports whether the deletion of the machine has to wait for executions; one of
// them makes it due then. Before Attach nobody knows what runs, and the answer is yes.
func (c *Catalog) busy(ctx context.Context, m *Machine) (bool, error) {
	if m.Type == Express {
		return false, nil
	}
	runs := c.sweeper.known()
	if runs == nil {
		return true, nil
	}
	rows, err := runs.List(ctx, store.ListQuery{Machine: m.ID, Status: store.Running}, store.ListRow{}, 1)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	return true, c.await(ctx, runs, m, &rows[0])
}

// await makes the deletion due when the execution has ended, unless another one does
// that already, which has not ended then.
func (c *Catalog) await(ctx context.Context, runs Runs, m *Machine, row *store.ListRow) error {
	s := &c.sweeper
	if !s.begin(m.ID) {
		return nil
	}
	if row.Head.Incident != "" {
		c.blocked(m, row)
	}
	err := runs.WhenEnded(ctx, row.Run, func() { time.AfterFunc(endPause, func() { s.end(m.ID); s.wake(m.ID) }) })
	if err != nil {
		s.end(m.ID)
	}
	return err
}

// begin notes that an end is awaited, unless one is.
func (s *sweeper) begin(machine uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	already := s.awaited[machine]
	s.awaited[machine] = true
	return !already
}

func (s *sweeper) end(machine uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.awaited, machine)
}

func (s *sweeper) known() Runs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs
}

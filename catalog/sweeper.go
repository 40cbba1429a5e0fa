package catalog

import (
	"context"
	"errors"
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
}

// sweeper goes on with deletions. Its goroutine runs between Attach and Close.
type sweeper struct {
	logger *slog.Logger
	nudge  chan struct{} // capacity 1: there may be something to do
	stop   context.CancelFunc
	done   chan struct{}

	mu   sync.Mutex // guards runs
	runs Runs
}

// The sweeper looks again whether executions have ended after firstPause, and then
// after twice the pause before, up to sweepPause. sweepPage is how many executions of
// a machine it tells before it goes on with the next machine.
const (
	firstPause = 50 * time.Millisecond
	sweepPause = 10 * time.Second
	sweepPage  = 256
)

func (s *sweeper) init(logger *slog.Logger) {
	s.logger = logger
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	s.nudge = make(chan struct{}, 1)
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

// wake makes the sweeper look.
func (s *sweeper) wake() {
	select {
	case s.nudge <- struct{}{}:
	default:
	}
}

func (c *Catalog) sweepUntil(ctx context.Context) {
	pause := firstPause
	for {
		var again <-chan time.Time
		left, err := c.sweep(ctx)
		if err != nil && ctx.Err() == nil {
			c.sweeper.logger.Warn("deleting state machines", "error", err)
		}
		if left {
			again = time.After(pause)
			pause = min(2*pause, sweepPause)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.sweeper.nudge:
			pause = firstPause
		case <-again:
		}
	}
}

// progress is what one look at a deletion has come to.
type progress int

const (
	waits   progress = iota // for executions to end
	advance                 // there is more to do at once
	over                    // the machine is gone
)

// sweep goes on with all deletions until each of them is over, waits, or cannot go
// on. It reports whether there are such left.
func (c *Catalog) sweep(ctx context.Context) (left bool, failed error) {
	for more := true; more && ctx.Err() == nil; {
		more, left, failed = false, false, nil
		after := ""
		for {
			page, err := c.list(ctx, deletingPrefix, after, sweepPage)
			if err != nil {
				return true, err
			}
			for _, r := range page {
				after = strings.TrimPrefix(r.Key, deletingPrefix)
				come, err := c.finish(ctx, r)
				failed = errors.Join(failed, err)
				more, left = more || come == advance, left || come != over
			}
			if len(page) < sweepPage {
				break
			}
		}
	}
	return left, failed
}

// finish goes on with a deletion.
func (c *Catalog) finish(ctx context.Context, r store.Record) (progress, error) {
	d, err := readDeletion(r)
	if err != nil {
		return waits, err
	}
	machine := new(Machine)
	_, found, err := c.read(ctx, machineKey(d.Machine), machine)
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
	return over, c.remove(ctx, machine.ID)
}

// tell tells a page of executions.
func (c *Catalog) tell(ctx context.Context, r store.Record, d *Deletion, m *Machine) (progress, error) {
	runs := c.sweeper.known()
	if runs == nil || c.entries.under(m.Name) {
		return waits, nil
	}
	page, err := runs.List(ctx, store.ListQuery{Machine: m.ID, Status: store.Running}, d.cursor(), sweepPage)
	if err == nil {
		err = tellAll(ctx, runs, page)
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
func tellAll(ctx context.Context, runs Runs, page []store.ListRow) error {
	var all sync.WaitGroup
	errs := make([]error, len(page))
	for i := range page {
		all.Go(func() {
			if err := runs.MachineDeleted(ctx, page[i].Run); !settled(err) {
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

// busy reports whether the deletion of the machine has to wait. Before Attach nobody
// knows what runs, and the answer is yes.
func (c *Catalog) busy(ctx context.Context, m *Machine) (bool, error) {
	if m.Type == Express {
		return false, nil
	}
	runs := c.sweeper.known()
	if runs == nil || c.entries.under(m.Name) {
		return true, nil
	}
	rows, err := runs.List(ctx, store.ListQuery{Machine: m.ID, Status: store.Running}, store.ListRow{}, 1)
	return len(rows) > 0, err
}

func (s *sweeper) known() Runs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs
}

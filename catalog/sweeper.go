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

// Runs is what the catalog needs of an engine to end the executions of a
// machine that is being deleted. *engine.Engine is one.
type Runs interface {
	List(ctx context.Context, q store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error)
	Stop(ctx context.Context, run store.RunID, errName, cause *string) (time.Time, error)
}

// sweeper ends executions of machines that are being deleted. Its goroutine
// runs between Attach and Close.
type sweeper struct {
	logger *slog.Logger
	nudge  chan struct{} // capacity 1: there may be something to do
	stop   context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex // guards engines
	engines []Runs
}

// sweepPause is how long the sweeper waits before it looks again after a
// failure, and sweepPage how many executions it stops between two looks.
const (
	sweepPause = 5 * time.Second
	sweepPage  = 100
)

func (s *sweeper) init(logger *slog.Logger) {
	s.logger = logger
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	s.nudge = make(chan struct{}, 1)
}

// Attach tells the catalog the engines whose executions follow its machines and
// begins to finish deletions, those of an earlier process first. It is called
// once; whoever calls it calls Close.
func (c *Catalog) Attach(engines ...Runs) {
	s := &c.sweeper
	s.mu.Lock()
	s.engines = engines
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
// engines and the store.
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
	for {
		var again <-chan time.Time
		if err := c.sweep(ctx); err != nil && ctx.Err() == nil {
			c.sweeper.logger.Warn("deleting state machines", "error", err)
			again = time.After(sweepPause)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.sweeper.nudge:
		case <-again:
		}
	}
}

// sweep finishes all deletions, or as many as it can.
func (c *Catalog) sweep(ctx context.Context) error {
	var failed error
	after := ""
	for {
		page, err := c.list(ctx, deletingPrefix, after, sweepPage)
		if err != nil {
			return err
		}
		for _, r := range page {
			after = strings.TrimPrefix(r.Key, deletingPrefix)
			failed = errors.Join(failed, c.finish(ctx, r))
		}
		if len(page) < sweepPage {
			return failed
		}
	}
}

// finish stops the executions of a machine until none is left, and removes it.
func (c *Catalog) finish(ctx context.Context, deleting store.Record) error {
	var id uint64
	if err := decode(deleting.Key, deleting.Value, &id); err != nil {
		return err
	}
	for _, e := range c.sweeper.known() {
		if err := stopAll(ctx, e, id); err != nil {
			return err
		}
	}
	return c.remove(ctx, id)
}

func stopAll(ctx context.Context, e Runs, machine uint64) error {
	query := store.ListQuery{Machine: machine, Status: store.Running}
	var after store.ListRow
	for {
		rows, err := e.List(ctx, query, after, sweepPage)
		if err != nil {
			return err
		}
		for _, row := range rows {
			after = row
			if _, err := e.Stop(ctx, row.Run, nil, nil); err != nil && !settled(err) {
				return err
			}
		}
		if len(rows) < sweepPage {
			return nil
		}
	}
}

// settled says that the execution needs no stopping any more, or that nothing
// can stop it (an incident; resuming it is an operator's decision).
func settled(err error) bool {
	return errors.Is(err, engine.ErrClosed) || errors.Is(err, engine.ErrNotFound) || errors.Is(err, engine.ErrIncident)
}

// running reports whether any execution of the machine runs. Before Attach
// nobody knows, and the answer is yes.
func (s *sweeper) running(ctx context.Context, m *Machine) (bool, error) {
	engines := s.known()
	for _, e := range engines {
		rows, err := e.List(ctx, store.ListQuery{Machine: m.ID, Status: store.Running}, store.ListRow{}, 1)
		if err != nil || len(rows) > 0 {
			return true, err
		}
	}
	return len(engines) == 0, nil
}

func (s *sweeper) known() []Runs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engines
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/store"
)

// StartAnew is Start where a run of before may have the name: that one is removed, and
// stopped first if it is open, for the new one takes its place. Counted says that the
// new one is a redrive of it. It knows from the one of before how often there was one;
// where that is gone it is the first.
func (e *Engine) StartAnew(ctx context.Context, r StartRequest, counted bool) (Started, error) {
	if counted {
		r.again = 1
		if err := e.giveWay(ctx, &r, counted); err != nil {
			return Started{}, err
		}
	}
	for {
		started, err := e.Start(ctx, r)
		var taken *NameTakenError
		if !errors.As(err, &taken) {
			return started, err
		}
		if err := e.giveWay(ctx, &r, counted); err != nil {
			return Started{}, err
		}
	}
}

// giveWay removes the run that has the name, if there is one, and notes how often it was
// redriven.
func (e *Engine) giveWay(ctx context.Context, r *StartRequest, counted bool) error {
	run, err := e.ByName(ctx, r.Definition.Machine, r.Name)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := e.Stop(ctx, run, nil, nil); err != nil && !errors.Is(err, ErrClosed) && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrIncident) {
		return fmt.Errorf("execution %d, which has the name, cannot be stopped: %w", run, err)
	}
	head, err := e.cfg.Store.Head(ctx, run)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if r.again, _ = core.Redrives(head); counted {
		r.again++
	}
	_, err = e.cfg.Store.Commit(ctx, []store.Batch{{
		Run: run, Position: head.Position, Expect: head.Commit, Commit: store.CommitID(rand.Uint64() | 1),
	}})
	return err
}

package engine

import (
	"context"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Redrive opens a run again that was closed without success. The same token within
// a quarter of an hour opens it once. A run that is open, or cannot be opened,
// gives ErrNotRedrivable.
func (e *Engine) Redrive(ctx context.Context, run store.RunID, token string) error {
	a, err := e.ask(ctx, run, func(c *core.Core, t core.Ticket) {
		c.Command(t, run, interpreter.Redrive{Token: token})
	})
	if err != nil {
		return publicError(err)
	}
	if a.Outcome != interpreter.Done {
		return ErrNotRedrivable
	}
	return nil
}

// Redrives tells how often a run was opened again, or begun again (see StartAnew), and
// when it was last opened.
func Redrives(h *store.Head) (count int64, last time.Time) { return core.Redrives(h) }

// RedriveFor opens a run again that a task of another run has started, for a later
// task of that run: it is told of the end from then on. Asking twice opens it once.
// A run that is open, cannot be opened, or belongs to a later task already gives
// ErrNotRedrivable.
func (e *Engine) RedriveFor(ctx context.Context, run store.RunID, p connector.Parent) error {
	only := core.Condition{
		Holds: func(h *store.Head) bool {
			before, ok := parentOf(h)
			return ok && before.Run == p.Run && before.Task < p.Task
		},
		Attributes: map[string]any{parentAttribute: parentText(&p)},
	}
	a, err := e.ask(ctx, run, func(c *core.Core, t core.Ticket) { c.CommandIf(t, run, interpreter.Redrive{}, only) })
	if err != nil {
		return publicError(err)
	}
	if a.Outcome == interpreter.Done {
		return nil
	}
	head, err := e.cfg.Store.Head(ctx, run)
	if err != nil {
		return readError(err)
	}
	if now, ok := parentOf(head); !ok || now.Origin != p.Origin {
		return ErrNotRedrivable
	}
	return nil
}

// StopFor aborts a run that this task of another run, or an earlier one, waits for,
// with a cause or none, as Stop does.
// If the run has ended, or belongs to a later task by now, it gives ErrClosed.
func (e *Engine) StopFor(ctx context.Context, run store.RunID, of connector.Origin, cause *string) error {
	only := core.Condition{Holds: func(h *store.Head) bool {
		p, ok := parentOf(h)
		return ok && p.Run == of.Run && p.Task <= of.Task
	}}
	a, err := e.ask(ctx, run, func(c *core.Core, t core.Ticket) { c.CommandIf(t, run, interpreter.Stop{Cause: cause}, only) })
	if err == nil && a.Outcome == interpreter.Closed {
		return ErrClosed
	}
	return publicError(err)
}

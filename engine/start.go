package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Start begins a new run and returns when that is durable.
func (e *Engine) Start(ctx context.Context, r StartRequest) (Started, error) {
	if e.cfg.MaxBytes > 0 {
		room := roomFor(r.Input)
		if err := e.makeRoom(room); err != nil {
			return Started{}, err
		}
		defer e.starting.Add(-room)
	}
	run, err := e.ids.take(ctx)
	if err != nil {
		return Started{}, err
	}
	if r.Ended == nil {
		return e.start(ctx, run, r)
	}
	e.waiters.add(run, r.Ended)
	started, err := e.start(ctx, run, r)
	if err != nil || started.Run != run {
		e.waiters.remove(run, r.Ended)
	}
	return started, err
}

func (e *Engine) start(ctx context.Context, run store.RunID, r StartRequest) (Started, error) {
	head := store.Head{Machine: r.Definition.Machine, Definition: r.Definition.ID, Name: r.Name, Attributes: r.Attributes}
	name := r.Name
	if name == "" {
		name = e.names.of(run)
	} else if by, err := e.madeName(ctx, r.Definition.Machine, name); err == nil {
		return e.existing(ctx, by, r)
	} else if !errors.Is(err, ErrNotFound) {
		return Started{}, err
	}
	if r.Parent != nil {
		head.Attributes = withParent(r.Attributes, r.Parent)
	}
	if r.Synchronous {
		head.Attributes = withAttribute(head.Attributes, synchronousAttribute, true)
	}
	if r.again > 0 {
		head.Attributes = core.WithAgain(head.Attributes, r.again)
	}
	creation := &core.Creation{
		Run:     run,
		Program: r.Definition.Program,
		Info:    e.info(r.Definition, &head, name),
		Head:    head,
		Start:   interpreter.Start{Input: r.Input, TraceHeader: r.TraceHeader},
	}
	a, err := e.create(ctx, creation)
	var taken *core.NameTaken
	if errors.As(err, &taken) {
		return e.existing(ctx, taken.Run, r)
	}
	if errors.Is(err, core.ErrNotFound) { // the store's answer was lost, and the next one came too late
		return Started{}, ErrBusy
	}
	if err != nil {
		return Started{}, publicError(err)
	}
	if e.listener != nil {
		e.listener.RunStarted(run, head.Machine)
	}
	return Started{Run: run, Name: name, At: a.At}, nil
}

// create has a run created. One whose caller has stopped waiting may be.
func (e *Engine) create(ctx context.Context, creation *core.Creation) (core.Answer, error) {
	if !e.open.enter() {
		return core.Answer{}, ErrStopped
	}
	a, err := e.ask(ctx, creation.Run, func(c *core.Core, t core.Ticket) { c.Create(t, creation) })
	gone := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	if err != nil && !gone {
		e.open.leave()
	}
	return a, err
}

// existing answers a start whose name is in use: a task that starts its child
// again finds the child that it has.
func (e *Engine) existing(ctx context.Context, run store.RunID, r StartRequest) (Started, error) {
	if r.Parent == nil {
		return Started{}, &NameTakenError{Run: run}
	}
	head, err := e.cfg.Store.Head(ctx, run)
	if errors.Is(err, store.ErrNotFound) {
		return Started{}, ErrBusy // it was purged this instant
	}
	if err != nil {
		return Started{}, err
	}
	if p, ok := parentOf(head); !ok || p.Origin != r.Parent.Origin {
		return Started{}, &NameTakenError{Run: run}
	}
	return Started{Run: run, Name: r.Name, At: head.Started, Existing: true}, nil
}

// parentAttribute holds the task that started a run: "run/task/notify/form".
const parentAttribute = "fermata.parent"

// synchronousAttribute is there for a run whose start waits for its end.
const synchronousAttribute = "fermata.synchronous"

func withParent(attributes map[string]any, p *connector.Parent) map[string]any {
	return withAttribute(attributes, parentAttribute, parentText(p))
}

func parentText(p *connector.Parent) string {
	return fmt.Sprintf("%d/%d/%t/%s", p.Run, p.Task, p.Notify, p.Form)
}

// withAttribute leaves the caller's map as it is.
func withAttribute(attributes map[string]any, name string, v any) map[string]any {
	all := map[string]any{name: v}
	for k, v := range attributes {
		all[k] = v
	}
	return all
}

func parentOf(h *store.Head) (connector.Parent, bool) {
	text, ok := h.Attributes[parentAttribute].(string)
	if !ok {
		return connector.Parent{}, false
	}
	var p connector.Parent
	head, form, ok := cutLast(text, 3)
	if !ok {
		return connector.Parent{}, false
	}
	if _, err := fmt.Sscanf(strings.ReplaceAll(head, "/", " "), "%d %d %t", &p.Run, &p.Task, &p.Notify); err != nil {
		return connector.Parent{}, false
	}
	p.Form = form
	return p, true
}

// cutLast cuts a text after its n-th slash.
func cutLast(text string, n int) (before, after string, ok bool) {
	for i := range len(text) {
		if text[i] == '/' {
			if n--; n == 0 {
				return text[:i], text[i+1:], true
			}
		}
	}
	return "", "", false
}

// farewell gives the message that a child owes the task that started it.
func (e *Engine) farewell(run store.RunID, head *store.Head, info interpreter.Info, result interpreter.Result) []store.Message {
	p, ok := parentOf(head)
	if !ok || !p.Notify || e.cfg.ChildResult == nil {
		return nil
	}
	end := connector.ChildEnd{
		Form: p.Form, ExecutionARN: info.ExecutionARN, Name: info.Name, MachineARN: info.MachineARN,
		Started: head.Started, Closed: head.Closed, Status: result.Status.String(),
		Input: text(result.Input), Output: text(result.Output), Error: result.Error, Cause: result.Cause,
		Redrives: result.Redrives, Redriven: result.Redriven,
	}
	r := e.cfg.ChildResult(end)
	return []store.Message{{
		To:        store.RunID(p.Run),
		MessageID: store.MessageID{Source: run, ID: 1 + uint64(result.Redrives)}, // one for each end
		Body:      writeMail(p.Task, r),
	}}
}

// publicError turns the core's errors into the engine's.
func publicError(err error) error {
	switch {
	case errors.Is(err, core.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, core.ErrIncident):
		return ErrIncident
	default:
		return err
	}
}

// Stop aborts a run, also one that an incident has stopped, unless it cannot be read
// (ErrIncident). It returns when that is durable.
func (e *Engine) Stop(ctx context.Context, run store.RunID, name, cause *string) (time.Time, error) {
	a, err := e.ask(ctx, run, func(c *core.Core, t core.Ticket) {
		c.Command(t, run, interpreter.Stop{Error: name, Cause: cause})
	})
	if err != nil {
		return time.Time{}, publicError(err)
	}
	if a.Outcome == interpreter.Closed {
		return time.Time{}, ErrClosed
	}
	return a.At, nil
}

// MachineDeleted tells a run that its state machine was deleted: it fails at its next
// transition (see interpreter.MachineDeleted). It returns when that is durable. The
// error is ErrClosed for a closed run.
func (e *Engine) MachineDeleted(ctx context.Context, run store.RunID) error {
	return e.tellDeleted(ctx, run, func(*core.Core) {})
}

// ResumeDeleted is Resume of a run whose state machine was deleted, and MachineDeleted:
// it does not go on before it knows.
func (e *Engine) ResumeDeleted(ctx context.Context, run store.RunID) error {
	err := e.tellDeleted(ctx, run, func(c *core.Core) { c.Resume(nil, run) })
	if err == nil {
		e.queues.offerAgain()
	}
	return err
}

func (e *Engine) tellDeleted(ctx context.Context, run store.RunID, and func(*core.Core)) error {
	a, err := e.ask(ctx, run, func(c *core.Core, t core.Ticket) {
		c.Command(t, run, interpreter.MachineDeleted{})
		and(c)
	})
	if err == nil && a.Outcome == interpreter.Closed {
		return ErrClosed
	}
	return publicError(err)
}

// Update changes the settings of a run that runs (see interpreter.Update). It
// returns when that is durable. The error is ErrClosed for a closed run, ErrNoTask
// for one that cannot be changed so.
func (e *Engine) Update(ctx context.Context, run store.RunID, change []byte) error {
	a, err := e.ask(ctx, run, func(c *core.Core, t core.Ticket) {
		c.Command(t, run, interpreter.Update{Change: change})
	})
	return taskError(a, err)
}

// Resume takes up a run that an incident has stopped.
func (e *Engine) Resume(ctx context.Context, run store.RunID) error {
	_, err := e.ask(ctx, run, func(c *core.Core, t core.Ticket) { c.Resume(t, run) })
	if err == nil {
		e.queues.offerAgain()
	}
	return publicError(err)
}

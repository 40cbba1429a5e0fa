package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Readings are answered from the store and never disturb a run.

// Describe tells how a run stands, as far as it is durable.
func (e *Engine) Describe(ctx context.Context, run store.RunID) (Description, error) {
	log, err := e.cfg.Store.Load(ctx, run, -1)
	if err != nil {
		return Description{}, readError(err)
	}
	e.named(run, log.Head)
	state, err := e.fold(ctx, log)
	if err != nil {
		return Description{}, fmt.Errorf("execution %d cannot be read: %w", run, err)
	}
	return Description{Run: run, Head: log.Head, Result: state.Result(), TraceHeader: state.TraceHeader()}, nil
}

// View gives what view sees in the state of a run as far as it is durable, and the head
// of the run. Where the run is at work here its log is not read: view is called where
// nothing else may go on meanwhile, and must be quick. It may not keep the state, nor
// change it.
func (e *Engine) View(ctx context.Context, run store.RunID, view func(interpreter.Run) any) (any, *store.Head, error) {
	type sight struct {
		value any
		head  *store.Head
	}
	seen := make(chan sight, 1)
	s := e.shardOf(run)
	s.post(func(c *core.Core) {
		c.Look(run, func(now core.Sight) {
			if now.State == nil {
				seen <- sight{}
				return
			}
			seen <- sight{view(now.State), &now.Head}
		})
	})
	select {
	case now := <-seen:
		if now.head != nil {
			return now.value, e.named(run, now.head), nil
		}
	case <-s.done:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	state, head, err := e.State(ctx, run)
	if err != nil {
		return nil, nil, err
	}
	return view(state), head, nil
}

// State folds a run and returns its state, which the caller owns, and its head.
func (e *Engine) State(ctx context.Context, run store.RunID) (interpreter.Run, *store.Head, error) {
	log, err := e.cfg.Store.Load(ctx, run, -1)
	if err != nil {
		return nil, nil, readError(err)
	}
	state, err := e.fold(ctx, log)
	if err != nil {
		return nil, nil, fmt.Errorf("execution %d cannot be read: %w", run, err)
	}
	return state, e.named(run, log.Head), nil
}

// ParentOf returns the run whose task has started a run, zero for none.
func ParentOf(h *store.Head) store.RunID {
	p, _ := parentOf(h)
	return store.RunID(p.Run)
}

// Waited says whether the task of another run that has started this one waits for
// its end, and is still outstanding.
func (e *Engine) Waited(ctx context.Context, run store.RunID) (bool, error) {
	head, err := e.cfg.Store.Head(ctx, run)
	if err != nil {
		return false, readError(err)
	}
	p, ok := parentOf(head)
	if !ok || !p.Notify {
		return false, nil
	}
	waits, _, err := e.View(ctx, store.RunID(p.Run), func(parent interpreter.Run) any {
		task, _ := parent.Task(p.Task)
		return task != nil && !parent.Result().Status.Closed()
	})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return waits == true, err
}

// Head tells what is known of a run without reading its log.
func (e *Engine) Head(ctx context.Context, run store.RunID) (*store.Head, error) {
	h, err := e.cfg.Store.Head(ctx, run)
	return e.named(run, h), readError(err)
}

func readError(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return ErrNotFound
	}
	return err
}

// fold makes a state of a log that was read.
func (e *Engine) fold(ctx context.Context, log *store.Log) (state interpreter.Run, err error) {
	def, err := e.cfg.Catalog.Definition(ctx, log.Head.Definition)
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			state, err = nil, fmt.Errorf("panic in the interpreter: %v", p)
		}
	}()
	info := e.info(def, log.Head, log.Head.Name)
	if log.Snapshot == nil {
		state = def.Program.New(info)
	} else if state, err = def.Program.Restore(info, log.Snapshot); err != nil {
		return nil, err
	}
	for _, data := range log.Entries {
		entry, err := core.ParseEntry(data)
		if err != nil {
			return nil, err
		}
		for _, fact := range entry.Facts {
			if err := state.Apply(fact, entry.At); err != nil {
				return nil, err
			}
		}
	}
	return state, nil
}

// info is what a run knows of itself.
func (e *Engine) info(def *Definition, head *store.Head, name string) interpreter.Info {
	info := e.cfg.Catalog.Info(def, name)
	info.Limits = &e.cfg.Limits
	info.Followed = info.Followed && e.cfg.Follow != nil
	info.Again = int(core.Again(head))
	info.Synchronous = head.Attributes[synchronousAttribute] == true
	return info
}

// Info is what a run knows of itself. Its head is one that the engine gave.
func (e *Engine) Info(def *Definition, head *store.Head) interpreter.Info {
	return e.info(def, head, head.Name)
}

// Entries calls yield with the log of a run from the beginning, until yield
// returns false.
func (e *Engine) Entries(ctx context.Context, run store.RunID, yield func(Entry) bool) error {
	return e.EntriesFrom(ctx, run, 0, yield)
}

// EntriesFrom is Entries from a position of the log on.
func (e *Engine) EntriesFrom(ctx context.Context, run store.RunID, from uint64, yield func(Entry) bool) error {
	var broken error
	err := e.cfg.Store.Entries(ctx, run, from, func(position uint64, data []byte) bool {
		var entry Entry
		if entry, broken = parseEntry(position, data); broken != nil {
			broken = fmt.Errorf("execution %d: %w", run, broken)
			return false
		}
		return yield(entry)
	})
	return errors.Join(readError(err), broken)
}

func parseEntry(position uint64, data []byte) (Entry, error) {
	entry, err := core.ParseEntry(data)
	if err != nil {
		return Entry{}, fmt.Errorf("entry %d: %w", position, err)
	}
	return Entry{Position: position, At: entry.At, Facts: entry.Facts}, nil
}

// Definition returns the revision that a run follows.
func (e *Engine) Definition(ctx context.Context, run store.RunID) (*Definition, error) {
	h, err := e.Head(ctx, run)
	if err != nil {
		return nil, err
	}
	return e.cfg.Catalog.Definition(ctx, h.Definition)
}

// ByName returns the run of that name of a state machine.
func (e *Engine) ByName(ctx context.Context, machine uint64, name string) (store.RunID, error) {
	run, err := e.madeName(ctx, machine, name)
	if !errors.Is(err, ErrNotFound) {
		return run, err
	}
	run, err = e.cfg.Store.ByName(ctx, machine, name)
	return run, readError(err)
}

// madeName returns the run of a state machine that the engine gave that name, or
// ErrNotFound.
func (e *Engine) madeName(ctx context.Context, machine uint64, name string) (store.RunID, error) {
	run, ok := e.names.run(name)
	if !ok {
		return 0, ErrNotFound
	}
	h, err := e.cfg.Store.Head(ctx, run)
	if err != nil {
		return 0, readError(err)
	}
	if h.Machine != machine || h.Name != "" {
		return 0, ErrNotFound
	}
	return run, nil
}

// List gives runs by start time, newest first, a page at a time.
func (e *Engine) List(ctx context.Context, q store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error) {
	rows, err := e.cfg.Store.List(ctx, q, after, limit)
	for i := range rows {
		e.named(rows[i].Run, rows[i].Head)
	}
	return rows, err
}

package engine

import (
	"context"
	"sync"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/store"
)

// caller waits for the answer to one input.
type caller struct{ ch chan core.Answer }

func newCaller() any { return &caller{ch: make(chan core.Answer, 1)} }

func (c *caller) answer(a core.Answer) { c.ch <- a }

// ask gives a shard an input and waits for the answer. Whoever stops waiting
// does not take the input back: what it does is done, or not, as if the answer
// had been lost.
func (e *Engine) ask(ctx context.Context, run store.RunID, input func(*core.Core, core.Ticket)) (core.Answer, error) {
	if err := e.Healthy(); err != nil {
		return core.Answer{}, err
	}
	s := e.shardOf(run)
	if s.waiting.Add(1) > int64(e.cfg.MaxBacklog) {
		s.waiting.Add(-1)
		return core.Answer{}, ErrBusy
	}
	c := e.callers.Get().(*caller)
	if !s.post(func(cr *core.Core) { input(cr, c) }) {
		return core.Answer{}, ErrStopped
	}
	select {
	case a := <-c.ch:
		e.callers.Put(c)
		return a, a.Err
	case <-ctx.Done():
		return core.Answer{}, ctx.Err()
	case <-s.done:
		select {
		case a := <-c.ch:
			return a, a.Err
		default:
			return core.Answer{}, ErrStopped
		}
	}
}

// waiters are those who wait for runs to end.
type waiters struct {
	mu    sync.Mutex // guards the fields below
	byRun map[store.RunID][]chan<- Description
	then  map[store.RunID][]*sequel
	over  bool
}

func (w *waiters) init() {
	w.byRun, w.then = map[store.RunID][]chan<- Description{}, map[store.RunID][]*sequel{}
}

// add registers a waiter: the channel, which has room for one, is sent the end
// of the run, or closed when the engine stops.
func (w *waiters) add(run store.RunID, ch chan<- Description) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		close(ch)
		return
	}
	w.byRun[run] = append(w.byRun[run], ch)
}

func (w *waiters) remove(run store.RunID, ch chan<- Description) {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.byRun[run]
	for i := range list {
		if list[i] == ch {
			list = append(list[:i], list[i+1:]...)
			break
		}
	}
	if len(list) == 0 {
		delete(w.byRun, run)
	} else {
		w.byRun[run] = list
	}
}

func (w *waiters) closed(c *core.Closed) {
	w.mu.Lock()
	list := w.byRun[c.Run]
	delete(w.byRun, c.Run)
	w.mu.Unlock()
	for _, ch := range list {
		head := c.Head
		ch <- Description{Run: c.Run, Head: &head, Result: copyResult(c.Result)}
	}
	w.carryOn(c.Run)
}

func (w *waiters) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	for run, list := range w.byRun {
		for _, ch := range list {
			close(ch)
		}
		delete(w.byRun, run)
	}
}

// Wait returns when the run is closed, with how it ended.
func (e *Engine) Wait(ctx context.Context, run store.RunID) (Description, error) {
	ch := make(chan Description, 1)
	e.waiters.add(run, ch)
	defer e.waiters.remove(run, ch)
	d, err := e.Describe(ctx, run)
	if err != nil || d.Head.Status.Closed() {
		return d, err
	}
	select {
	case d, ok := <-ch:
		if !ok {
			return Description{}, ErrStopped
		}
		return d, nil
	case <-ctx.Done():
		return Description{}, ctx.Err()
	}
}

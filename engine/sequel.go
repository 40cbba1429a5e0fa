package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/fermata-dev/fermata/store"
)

// sequel is what comes after the end of a run, for those who do not stand and wait.
type sequel struct{ then func() }

// WhenEnded has then called once, when the run is closed: at once if it is, or if there
// is no such run. Then must not block. It is not called if the engine stops before, nor
// if WhenEnded gives an error.
func (e *Engine) WhenEnded(ctx context.Context, run store.RunID, then func()) error {
	s := &sequel{then}
	e.waiters.addSequel(run, s)
	head, err := e.cfg.Store.Head(ctx, run)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && head.Status.Closed():
		e.waiters.carryOn(run)
		return nil
	case err != nil:
		e.waiters.removeSequel(run, s)
	}
	return err
}

func (w *waiters) addSequel(run store.RunID, s *sequel) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.then[run] = append(w.then[run], s)
}

func (w *waiters) removeSequel(run store.RunID, s *sequel) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.then[run] = slices.DeleteFunc(w.then[run], func(one *sequel) bool { return one == s })
	if len(w.then[run]) == 0 {
		delete(w.then, run)
	}
}

// carryOn calls what comes after the end of a run.
func (w *waiters) carryOn(run store.RunID) {
	w.mu.Lock()
	list := w.then[run]
	delete(w.then, run)
	w.mu.Unlock()
	for _, s := range list {
		s.then()
	}
}

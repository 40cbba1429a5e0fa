package engine

import (
	"context"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/store"
)

// page is how many rows of an index are read at once.
const page = 4096

// recover takes over what others have left. Every owner is gone: the store is used by
// one engine at a time, and this one owns nothing yet. An engine before it may have used
// the same opening of the store.
func (e *Engine) recover(ctx context.Context) error {
	adopted, err := e.orphans(ctx)
	if err != nil {
		return err
	}
	mail, err := e.undelivered(ctx)
	if err != nil {
		return err
	}
	if n := len(adopted) + len(mail); n > 0 {
		e.log.Info("recovery", "executions under way", len(adopted), "with messages", len(mail))
	}
	for _, run := range adopted {
		e.shardOf(run).post(func(c *core.Core) { c.Adopt(run) })
	}
	for _, run := range mail {
		e.shardOf(run).post(func(c *core.Core) { c.Check(run) })
	}
	w := &wakes{e: e}
	if _, err := w.scan(ctx); err != nil {
		return err
	}
	e.background.Add(2)
	go func() { defer e.background.Done(); w.watch() }()
	go func() { defer e.background.Done(); e.retain() }()
	return nil
}

// orphans are the runs that have an owner.
func (e *Engine) orphans(ctx context.Context) ([]store.RunID, error) {
	var runs []store.RunID
	for after := store.RunID(0); ; {
		rows, err := e.cfg.Store.Owned(ctx, after, page)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			runs = append(runs, r.Run)
		}
		if len(rows) < page {
			return runs, nil
		}
		after = rows[len(rows)-1].Run
	}
}

func (e *Engine) undelivered(ctx context.Context) ([]store.RunID, error) {
	var runs []store.RunID
	for after := store.RunID(0); ; {
		rows, err := e.cfg.Store.Mail(ctx, after, page)
		if err != nil {
			return nil, err
		}
		runs = append(runs, rows...)
		if len(rows) < page {
			return runs, nil
		}
		after = rows[len(rows)-1]
	}
}

// discard removes the messages to a run that does not exist.
func (e *Engine) discard(run store.RunID) {
	if err := e.retry(func() error { return e.cfg.Store.Discard(e.ctx, run) }); err != nil {
		e.log.Warn("messages to a purged execution could not be removed", "run", uint64(run), "error", err)
	}
}

package logging

import (
	"context"
	"errors"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// recovery logs what a crash has left unlogged: everything since the checkpoint.
// While it goes on, tails are kept, so that an execution which is told of in the
// meantime is not taken for one that was logged before.
type recovery struct {
	going bool
	since time.Time
	seen  map[key]struct{} // executions that are taken care of
}

func (r *recovery) begin(going bool, since time.Time) {
	r.going, r.since = going, since
	if going {
		r.seen = map[key]struct{}{}
	}
}

// resumes sets from when on the events of a new tail are wanted: of an execution
// that ran before the crash, all since the checkpoint.
func (r *recovery) resumes(t *tail) {
	if !r.going || !t.key.source.durable {
		return
	}
	if _, again := r.seen[t.key]; !again {
		r.seen[t.key] = struct{}{}
		t.from, t.since = 0, r.since
	}
}

// page is how many executions are read at once.
const page = 256

// recover goes through the executions with entries since the checkpoint, and
// logs in between what is committed in the meantime.
func (f *Follower) recover(ctx context.Context) error {
	if !f.recovery.going {
		return nil
	}
	if err := errors.Join(f.recoverClosed(ctx), f.recoverOpen(ctx)); err != nil {
		return err
	}
	f.recovery = recovery{}
	f.tails.shrink()
	f.mark.dirty = true
	return nil
}

// recoverClosed finds executions that have ended since the checkpoint.
func (f *Follower) recoverClosed(ctx context.Context) error {
	after := store.WakeRow{At: f.recovery.since}
	for {
		rows, err := f.cfg.Store.ClosedBefore(ctx, after, f.cfg.Now().Add(time.Hour), page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			head, err := f.standard.engine.Head(ctx, r.Run)
			if errors.Is(err, engine.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			f.recoverRun(r.Run, head)
		}
		f.drain(nil)
		if len(rows) < page {
			return ctx.Err()
		}
		after = rows[len(rows)-1]
	}
}

// recoverOpen finds executions that run, of the machines that log.
func (f *Follower) recoverOpen(ctx context.Context) error {
	for after := ""; ; {
		machines, err := f.cfg.Catalog.ListMachines(ctx, after, page)
		if err != nil {
			return err
		}
		for _, m := range machines {
			if m.Logs && m.Type == catalog.Standard {
				if err := f.recoverMachine(ctx, m.ID); err != nil {
					return err
				}
			}
		}
		if len(machines) < page {
			return nil
		}
		after = machines[len(machines)-1].Name
	}
}

func (f *Follower) recoverMachine(ctx context.Context, machine uint64) error {
	for after := (store.ListRow{}); ; {
		rows, err := f.standard.engine.List(ctx, store.ListQuery{Machine: machine}, after, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			f.recoverRun(r.Run, r.Head)
		}
		f.drain(nil)
		if len(rows) < page {
			return ctx.Err()
		}
		after = rows[len(rows)-1]
	}
}

// recoverRun logs what there is of an execution since the checkpoint.
func (f *Follower) recoverRun(run store.RunID, head *store.Head) {
	k := key{f.standard, run}
	if _, done := f.recovery.seen[k]; done || !head.Last.After(f.recovery.since) || head.Position == 0 {
		return
	}
	f.follow(&notice{source: f.standard, Committed: engine.Committed{
		Run: run, Definition: head.Definition, Name: head.Name,
		Position: head.Position - 1, At: head.Last, Closed: head.Status.Closed(),
	}})
}

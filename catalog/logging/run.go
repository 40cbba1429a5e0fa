package logging

import (
	"context"
	"errors"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/executionlog"
)

// run logs until the follower is closed, and then what is left.
func (f *Follower) run() {
	defer close(f.done)
	if err := f.recover(f.ctx); err != nil && f.ctx.Err() == nil {
		f.losses.failed("what a crash had left unlogged could not be read; it is tried again after the next start", err)
		f.mark.hold(f.standard, f.mark.at)
	}
	ticker := time.NewTicker(f.cfg.Pace)
	defer ticker.Stop()
	var spare []notice
	for open := true; open && f.ctx.Err() == nil; {
		select {
		case <-f.queue.wake:
		case <-ticker.C:
			f.checkpoint(f.ctx)
			f.losses.report()
		case <-f.stop:
			open = false
		}
		spare = f.drain(spare)
	}
	f.losses.report()
}

// spareNotices is the largest memory for notices that is used again.
const spareNotices = 4096

// drain logs what waits, and shows it to the sink's readers.
func (f *Follower) drain(spare []notice) []notice {
	all := f.queue.take(spare)
	for i := range all {
		if f.ctx.Err() != nil {
			return all
		}
		f.follow(&all[i])
		all[i] = notice{}
	}
	if len(all) > 0 {
		f.written(f.cfg.Sink.Flush())
	}
	if cap(all) > spareNotices {
		return nil
	}
	return all
}

// follow logs one entry.
func (f *Follower) follow(n *notice) {
	k := key{n.source, n.Run}
	t := f.tails.byKey[k]
	if t == nil {
		var err error
		if t, err = f.open(f.ctx, n); err != nil || t == nil {
			f.lost(n, err)
			return
		}
		f.recovery.resumes(t)
	}
	if err := f.advance(t, n); err != nil {
		f.tails.drop(t)
		f.lost(n, err)
		return
	}
	if n.Closed && t.next == n.Position+1 {
		f.tails.drop(t)
		return
	}
	f.tails.keep(t)
	if !f.recovery.going {
		f.tails.shrink()
	}
}

// advance applies the entry, and those before it that are still missing.
func (f *Follower) advance(t *tail, n *notice) error {
	switch {
	case t.next > n.Position:
		return nil
	case t.next < n.Position || n.Data == nil:
		return t.readTo(f.ctx, n.Position)
	}
	entry, err := n.Entry()
	if err != nil {
		return err
	}
	return t.apply(entry)
}

// lost counts an entry that cannot be logged. An execution that is purged by now
// has none that could be.
func (f *Follower) lost(n *notice, err error) {
	if err == nil || f.ctx.Err() != nil {
		return
	}
	f.losses.entry()
	if !errors.Is(err, engine.ErrNotFound) {
		f.losses.failed("an execution could not be logged", err)
		f.mark.hold(n.source, n.At)
	}
}

// event writes the record of an event that is wanted.
func (f *Follower) event(t *tail, e *asl.Event) {
	if e.Type == "ExecutionRedriven" {
		t.origin.Redrives++
	}
	if t.quiet || !t.logging.Level.Wants(e.Type) {
		return
	}
	f.record = executionlog.Append(f.record[:0], t.origin, e, t.logging.IncludeExecutionData)
	f.mark.dirty = f.mark.dirty || t.key.source.durable
	if err := f.cfg.Sink.Write(t.logging.Destinations[0], f.record); err != nil {
		f.losses.entry()
		f.losses.failed("a record could not be written", err)
		f.mark.hold(t.key.source, e.Time)
	}
}

// written reports whether the sink could write what it was given since the last
// checkpoint.
func (f *Follower) written(err error) bool {
	if err != nil {
		f.losses.failed("records could not be written", err)
		f.mark.hold(f.standard, f.mark.at)
	}
	return err == nil
}

// checkpoint makes what was logged durable, and notes in the store how far that
// is.
func (f *Follower) checkpoint(ctx context.Context) {
	if !f.mark.dirty || f.recovery.going {
		return
	}
	at, err := f.standard.engine.Settled(ctx)
	if err != nil {
		return // the engine stops: Close does the rest
	}
	f.drain(nil)
	if f.written(f.cfg.Sink.Sync()) {
		f.mark.dirty = false
	}
	if err := f.write(ctx, at, false); err != nil && ctx.Err() == nil {
		f.losses.failed("the checkpoint could not be written", err)
	}
}

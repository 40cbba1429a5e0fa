package logging

import (
	"container/list"
	"context"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/executionlog"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// tail is one execution as far as it was logged.
type tail struct {
	key     key
	logging *catalog.Logging
	player  *asl.Player
	origin  executionlog.Source
	next    uint64 // position of the next entry
	// Entries before from, and those that are not after since, were logged before:
	// their events are not wanted.
	from  uint64
	since time.Time
	quiet bool // while such an entry is applied
	place *list.Element
	size  int
}

// key names an execution: each engine counts its runs for itself.
type key struct {
	source *source
	run    store.RunID
}

// open makes the tail of an execution whose entries before the one that is told
// of were logged. It is nil where there is nothing to log.
func (f *Follower) open(ctx context.Context, n *notice) (*tail, error) {
	def, err := f.cfg.Catalog.Definition(ctx, n.Definition)
	if err != nil {
		return nil, fmt.Errorf("its definition: %w", err)
	}
	detail, known := def.Detail.(*catalog.Detail)
	program, events := def.Program.(*asl.Program)
	if !known || !events || !detail.Logging.Level.On() || len(detail.Logging.Destinations) == 0 {
		return nil, nil
	}
	info := f.cfg.Catalog.Info(def, n.Name)
	info.Limits = &interpreter.Limits{}
	origin, err := f.origin(ctx, n, detail, info.ExecutionARN)
	if err != nil {
		return nil, fmt.Errorf("its map run: %w", err)
	}
	t := &tail{key: key{n.source, n.Run}, logging: &detail.Logging, origin: origin, from: n.Position}
	t.player = asl.Replay(program, info, func(e *asl.Event) bool {
		f.event(t, e)
		return true
	})
	return t, nil
}

// apply makes events of the next entry.
func (t *tail) apply(e engine.Entry) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("entry %d: panic in the interpreter: %v", e.Position, p)
		}
	}()
	t.quiet = e.Position < t.from || !e.At.After(t.since)
	for _, fact := range e.Facts {
		if err := t.player.Apply(fact, e.At); err != nil {
			return fmt.Errorf("entry %d: %w", e.Position, err)
		}
	}
	t.next = e.Position + 1
	return nil
}

// readTo applies the entries up to a position from the engine's log.
func (t *tail) readTo(ctx context.Context, position uint64) error {
	var broken error
	err := t.key.source.engine.EntriesFrom(ctx, t.key.run, t.next, func(e engine.Entry) bool {
		broken = t.apply(e)
		return broken == nil && e.Position < position
	})
	if err != nil {
		return err
	}
	return broken
}

// tails are the executions that wait for their next entry, the one that has
// waited longest first.
type tails struct {
	limit, size int
	byKey       map[key]*tail
	order       list.List // of *tail
}

func (t *tails) init(limit int) { t.limit, t.byKey = limit, map[key]*tail{} }

// keep keeps a tail until memory is short.
func (t *tails) keep(k *tail) {
	t.drop(k)
	k.size = k.player.Run().Size()
	t.size += k.size
	k.place = t.order.PushBack(k)
	t.byKey[k.key] = k
}

// drop forgets a tail.
func (t *tails) drop(k *tail) {
	if k.place == nil {
		return
	}
	t.order.Remove(k.place)
	k.place = nil
	t.size -= k.size
	delete(t.byKey, k.key)
}

// shrink forgets those that have waited longest, until the rest fits.
func (t *tails) shrink() {
	for t.size > t.limit {
		t.drop(t.order.Front().Value.(*tail))
	}
}

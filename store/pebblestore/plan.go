package pebblestore

import (
	"context"
	"errors"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// plan is what is to become of one batch, from what was known when it was made.
type plan struct {
	batch   *store.Batch
	refused bool
	last    store.Fence // the head that the batch builds on, unless it creates
	next    store.Fence // the new head, unless it purges

	// For a creation with a name: who held the name before this call.
	named  bool
	name   nameKey
	holder store.RunID
}

// planner turns the batches of one call into one Pebble batch.
type planner struct {
	store   *Store
	pebble  *pebble.Batch
	plans   []plan
	results []store.Result
	rows    rowWriter

	// What earlier batches of the same call have done.
	names map[nameKey]store.RunID // zero: freed
	since uint64

	taken *pebble.Iterator // over the names in the database, once one was looked up
}

// plan plans all batches from what is visible now. Results that are refusals are
// filled in but for their heads.
func (p *planner) plan(ctx context.Context, batches []store.Batch) (err error) {
	defer func() {
		if closed := p.closeTaken(); err == nil { // else it says the same again
			err = closed
		}
	}()
	p.since = p.store.durable.applied.Load()
	p.plans = p.plans[:0]
	p.results = make([]store.Result, len(batches))
	p.names = nil
	p.rows.begin(p.store, p.pebble)
	for i := range batches {
		p.plans = append(p.plans, plan{batch: &batches[i]})
		if err := p.planOne(&p.plans[i], &p.results[i]); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// accepted counts the batches that were not refused.
func (p *planner) accepted() (n int) {
	for i := range p.plans {
		if !p.plans[i].refused {
			n++
		}
	}
	return n
}

// release gives the planner back for another call. It keeps nothing of this one.
func (p *planner) release() {
	clear(p.plans)
	p.pebble, p.results, p.names, p.rows.to = nil, nil, nil, nil
	p.store.planners.Put(p)
}

func (p *planner) planOne(one *plan, result *store.Result) error {
	b := one.batch
	last, exists, err := p.store.fence(b.Run)
	if err != nil {
		return err
	}
	if exists == b.Create || (exists && !last.Admits(b)) {
		one.refused, result.Outcome = true, store.Stale
		return nil
	}
	if exists {
		if err := last.CheckIdentity(b); err != nil {
			return err
		}
	}
	one.last = last
	if b.Head == nil {
		return p.planPurge(one)
	}
	one.next = store.FenceOf(b.Head)
	if b.Create {
		if err := p.planCreation(one, result); err != nil || one.refused {
			return err
		}
	}
	p.rows.write(b, one)
	return p.rows.err
}

// planCreation reserves the name within this call, or refuses the creation: its name is
// taken, or the run was purged or refused before.
func (p *planner) planCreation(one *plan, result *store.Result) error {
	b := one.batch
	if b.Head.Name != "" {
		name := nameKey{b.Head.Machine, b.Head.Name}
		before, err := p.holder(name)
		if err != nil {
			return err
		}
		holder := before
		if here, touched := p.names[name]; touched {
			holder = here
		}
		if holder != 0 {
			one.refused, *result = true, store.Result{Outcome: store.NameTaken, Run: holder}
			return nil
		}
		one.named, one.name, one.holder = true, name, before
	}
	if p.store.lately.used(b.Run) {
		one.refused, one.named, result.Outcome = true, false, store.Stale
		return nil
	}
	if one.named {
		p.touchName(one.name, b.Run)
	}
	return nil
}

// touchName is for the batches that follow in the same call.
func (p *planner) touchName(name nameKey, holder store.RunID) {
	if len(p.results) == 1 {
		return
	}
	if p.names == nil {
		p.names = make(map[nameKey]store.RunID)
	}
	p.names[name] = holder
}

func (p *planner) planPurge(one *plan) error {
	if one.last.Name != "" {
		p.touchName(nameKey{one.last.Machine, one.last.Name}, 0)
	}
	b := one.batch
	p.rows.messages(b)
	p.rows.purge(b.Run, &one.last)
	for i := range p.plans { // messages of this same call are not in the database yet
		if earlier := &p.plans[i]; !earlier.refused {
			p.rows.unsend(earlier.batch, b.Run)
		}
	}
	return p.rows.err
}

// fence returns the fence of a run, and whether there is one.
func (s *Store) fence(run store.RunID) (store.Fence, bool, error) {
	if w, ok := s.lately.fence(run); ok {
		return w.fence, !w.gone, nil
	}
	head, err := s.readHead(s.db, run)
	switch {
	case err == nil:
		return store.FenceOf(head), true, nil
	case errors.Is(err, store.ErrNotFound):
		return store.Fence{}, false, nil
	}
	return store.Fence{}, false, err
}

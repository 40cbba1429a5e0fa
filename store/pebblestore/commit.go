package pebblestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/fermata-dev/fermata/store"
)

// maxCommit bounds the bytes of one call, far above what an engine commits and
// far below what Pebble can take at once.
const maxCommit = 512 << 20

// Commit implements store.Store. The context is looked at before the batches are
// applied; from then on Commit returns when their fate is known.
func (s *Store) Commit(ctx context.Context, batches []store.Batch) ([]store.Result, error) {
	if err := store.CheckBatches(batches); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	if err := checkSize(batches); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	if err := s.enter(ctx); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	defer s.leave()
	results, err := s.commit(ctx, batches)
	if err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return results, nil
}

func checkSize(batches []store.Batch) error {
	size := 0
	for i := range batches {
		b := &batches[i]
		size += len(b.Entry) + len(b.Snapshot)
		for j := range b.Send {
			size += len(b.Send[j].Body)
		}
	}
	if size > maxCommit {
		return fmt.Errorf("%w: %d bytes, more than %d", store.ErrTooLarge, size, maxCommit)
	}
	return nil
}

func (s *Store) commit(ctx context.Context, batches []store.Batch) ([]store.Result, error) {
	p := s.planners.Get().(*planner)
	defer p.release()
	p.pebble = s.db.NewBatch()
	ticket, err := s.carryOut(ctx, p, batches)
	if err != nil {
		return nil, err // the batch may still be in Pebble's hands and is left to it
	}
	if done := p.accepted(); done > 0 {
		if err := s.await(p.pebble, ticket); err != nil {
			return nil, err
		}
		s.commits.Add(1)
		s.batches.Add(uint64(done))
		if done == len(batches) {
			return p.results, nil
		}
	} else if err := p.pebble.Close(); err != nil {
		return nil, err
	}
	if err := s.answerRefusals(ctx, p); err != nil {
		return nil, err
	}
	return p.results, nil
}

// carryOut plans and applies until the plan holds. Each further round means that
// another commit to the same run got ahead, so that somebody always does.
func (s *Store) carryOut(ctx context.Context, p *planner, batches []store.Batch) (uint64, error) {
	for {
		if err := p.plan(ctx, batches); err != nil {
			return 0, errors.Join(err, p.pebble.Close())
		}
		ticket, ok, err := s.apply(p)
		if ok || err != nil {
			return ticket, err
		}
		p.pebble.Reset()
	}
}

// apply puts a plan into effect if it still holds.
func (s *Store) apply(p *planner) (ticket uint64, ok bool, err error) {
	if p.pebble.Empty() {
		return 0, true, nil
	}
	s.order.Lock()
	defer s.order.Unlock()
	if s.durable.applied.Load()-p.since >= window || !s.lately.holds(p.plans, p.since) {
		return 0, false, nil
	}
	ticket, err = s.applyLocked(p.pebble, func(ticket uint64) { s.lately.wrote(p.plans, ticket) })
	return ticket, true, err
}

// applyLocked appends a batch to the log and makes it visible. The caller holds
// order, and calls await afterwards.
func (s *Store) applyLocked(b *pebble.Batch, wrote func(ticket uint64)) (uint64, error) {
	if err := s.failure.err(); err != nil {
		return 0, err
	}
	ticket := s.durable.begun.Add(1)
	var err error
	if s.unsynced {
		err = s.db.Apply(b, pebble.NoSync)
	} else {
		err = s.db.ApplyNoSyncWait(b, pebble.Sync)
	}
	if err != nil {
		s.failure.fail(err) // the ticket is in the log or not: nobody can tell
		return 0, s.failure.err()
	}
	wrote(ticket)
	s.durable.applied.Store(ticket)
	return ticket, nil
}

// await waits until an applied batch is durable, and releases it.
func (s *Store) await(b *pebble.Batch, ticket uint64) error {
	if !s.unsynced {
		if err := b.SyncWait(); err != nil {
			s.failure.fail(err)
		}
	}
	if err := s.failure.err(); err != nil {
		return err
	}
	s.durable.done(ticket)
	return b.Close()
}

// write applies a batch that no fence guards, and waits until it is durable.
func (s *Store) write(b *pebble.Batch) error {
	ticket, err := s.applyAlone(b)
	if err != nil {
		return err
	}
	return s.await(b, ticket)
}

func (s *Store) applyAlone(b *pebble.Batch) (uint64, error) {
	s.order.Lock()
	defer s.order.Unlock()
	return s.applyLocked(b, func(uint64) {})
}

// answerRefusals fills in the heads that stand, notes which creations are over, and waits
// until what the refusals tell of is durable.
func (s *Store) answerRefusals(ctx context.Context, p *planner) error {
	for i := range p.results {
		switch p.results[i].Outcome {
		case store.OK:
			continue
		case store.NameTaken:
			s.lately.spent(p.plans[i].batch.Run)
			continue
		}
		head, err := s.readHead(s.db, p.plans[i].batch.Run)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		p.results[i].Head = head
	}
	return s.settle(ctx)
}

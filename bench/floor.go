package bench

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// recorder is a store that keeps a copy of what is committed, by run.
type recorder struct {
	store.Store
	limit int // runs to record

	mu    sync.Mutex // guards the fields below
	order []store.RunID
	byRun map[store.RunID][]store.Batch
	on    bool
}

func newRecorder(s store.Store, limit int) *recorder {
	return &recorder{Store: s, limit: limit, byRun: map[store.RunID][]store.Batch{}}
}

func (r *recorder) record(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = on
}

// Commit commits and keeps what succeeded.
func (r *recorder) Commit(ctx context.Context, batches []store.Batch) ([]store.Result, error) {
	results, err := r.Store.Commit(ctx, batches)
	if err != nil {
		return results, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.on {
		return results, nil
	}
	for i := range batches {
		if results[i].Outcome == store.OK {
			r.keep(&batches[i])
		}
	}
	return results, nil
}

func (r *recorder) keep(b *store.Batch) {
	if b.Create {
		if len(r.order) >= r.limit {
			return
		}
		r.order = append(r.order, b.Run)
	} else if r.byRun[b.Run] == nil {
		return
	}
	c := *b // the engine leaves a batch's slices alone once it has given them out
	if b.Head != nil {
		h := *b.Head
		c.Head = &h
	}
	r.byRun[b.Run] = append(r.byRun[b.Run], c)
}

// Compact compacts the store below.
func (r *recorder) Compact(ctx context.Context) error {
	if c, ok := r.Store.(store.Compacter); ok {
		return c.Compact(ctx)
	}
	return nil
}

// replay commits what was recorded to an empty store, the batches of a run one
// after the other, with as many runs at a time as the workload had. It returns
// the rate of runs.
func (r *recorder) replay(ctx context.Context, s store.Store, concurrency int) (float64, error) {
	if len(r.order) > 0 { // the store knows the ids of its runs
		if _, err := s.AllocateRuns(ctx, int(slices.Max(r.order))+1); err != nil {
			return 0, err
		}
	}
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	began := time.Now()
	for range concurrency {
		group.Go(func() {
			for failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(r.order) {
					return
				}
				if err := commitInRow(ctx, s, r.byRun[r.order[i]]); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	group.Wait()
	took := time.Since(began)
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(len(r.order)) / took.Seconds(), nil
}

func commitInRow(ctx context.Context, s store.Store, batches []store.Batch) error {
	for i := range batches {
		results, err := s.Commit(ctx, batches[i:i+1])
		if err != nil {
			return err
		}
		if results[0].Outcome != store.OK {
			return fmt.Errorf("replay of run %d: batch %d was refused", batches[i].Run, i)
		}
	}
	return nil
}

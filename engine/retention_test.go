package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// unpurgeableStore cannot commit what concerns one run.
type unpurgeableStore struct {
	store.Store
	run store.RunID
}

func (s *unpurgeableStore) Commit(ctx context.Context, batches []store.Batch) ([]store.Result, error) {
	for i := range batches {
		if batches[i].Run == s.run {
			return nil, fmt.Errorf("commit: %w: a bit has flipped", store.ErrCorrupt)
		}
	}
	return s.Store.Commit(ctx, batches)
}

// TestDamagedRunDoesNotKeepTheOthers: a closed run that cannot be read or purged does not
// keep those that closed after it.
func TestDamagedRunDoesNotKeepTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		headless, stuck := &damagedStore{}, &unpurgeableStore{}
		w := newWorld(t, echo, func(c *engine.Config) {
			stuck.Store, headless.Store = c.Store, stuck
			c.Store, c.Retention = headless, time.Hour
		})
		defer w.engine.Close()
		d := w.deploy(1, oneTask)
		var runs []store.RunID
		for i := range 4 {
			runs = append(runs, w.start(d, fmt.Sprint(i), `1`))
			w.expect(runs[i], "SUCCEEDED 1")
			time.Sleep(time.Second)
		}
		stuck.run = runs[1]
		headless.run.Store(uint64(runs[0]))
		headless.head.Store(true)
		time.Sleep(2 * time.Hour)
		headless.head.Store(false)
		for i, kept := range []bool{true, true, false, false} {
			if _, err := w.engine.Head(t.Context(), runs[i]); errors.Is(err, engine.ErrNotFound) == kept {
				t.Errorf("run %d: %v", i, err)
			}
		}
	})
}

package engine_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/store"
)

// sleepersStore has very many runs whose wake-ups are due, and reads none of them before
// it is let.
type sleepersStore struct {
	store.Store
	runs  int
	given atomic.Int64
	until chan struct{}
}

func (s *sleepersStore) Due(_ context.Context, after store.WakeRow, _ time.Time, limit int) ([]store.WakeRow, error) {
	rows := make([]store.WakeRow, 0, limit)
	for run := int(after.Run) + 1; run <= s.runs && len(rows) < limit; run++ {
		rows = append(rows, store.WakeRow{At: time.Unix(1, 0), Run: store.RunID(run)})
	}
	s.given.Add(int64(len(rows)))
	return rows, nil
}

func (s *sleepersStore) Load(context.Context, store.RunID, int) (*store.Log, error) {
	<-s.until
	return nil, store.ErrNotFound
}

// TestWakeUpsThatAreDueWaitInTheStore: what an engine has to catch up with is read as
// fast as it is carried out, also where all of it is due already.
func TestWakeUpsThatAreDueWaitInTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const runs, bound = 300_000, 220_000
		sleepers := &sleepersStore{runs: runs, until: make(chan struct{})}
		w := newWorld(t, echo, func(c *engine.Config) { sleepers.Store, c.Store = c.Store, sleepers })
		defer w.engine.Close()
		time.Sleep(time.Minute)
		if n := sleepers.given.Load(); n > bound {
			t.Errorf("%d wake-ups were read though none could be carried out", n)
		}
		close(sleepers.until)
		time.Sleep(time.Minute)
		if n := sleepers.given.Load(); n != runs {
			t.Errorf("%d wake-ups were read, want all %d", n, runs)
		}
	})
}

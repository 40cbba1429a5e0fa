package engine_test

import (
	"context"
	"sync"
	"testing"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// follower notes what an engine tells it.
type follower struct {
	mu   sync.Mutex
	told map[store.RunID][]engine.Committed
}

func (f *follower) follow(c engine.Committed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told == nil {
		f.told = map[store.RunID][]engine.Committed{}
	}
	f.told[c.Run] = append(f.told[c.Run], c)
}

func (f *follower) of(run store.RunID) []engine.Committed {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.told[run]
}

// TestFollowedRunsAreToldOf: every entry in order, before the end is known, and
// nothing of runs that nobody follows.
func TestFollowedRunsAreToldOf(t *testing.T) {
	var f follower
	w := newWorld(t, echo, func(cfg *engine.Config) { cfg.Follow = f.follow })
	w.catalog.followed = 1
	run, other := w.start(w.deploy(1, oneTask), "x", `{}`), w.start(w.deploy(2, oneTask), "y", `{}`)
	w.expect(run, "SUCCEEDED {}")
	w.expect(other, "SUCCEEDED {}")
	told := f.of(run)
	if len(told) != 2 || f.of(other) != nil {
		t.Fatalf("told of %d entries, and of %d of a run that nobody follows", len(told), len(f.of(other)))
	}
	at := 0
	err := w.engine.Entries(t.Context(), run, func(e engine.Entry) bool {
		got, err := told[at].Entry()
		if err != nil || told[at].Position != e.Position || told[at].Name != "x" || told[at].Definition != 1 ||
			!told[at].At.Equal(e.At) || told[at].Closed != (at == 1) || len(got.Facts) != len(e.Facts) {
			t.Errorf("entry %d: told %+v, it is %+v (%v)", at, told[at], e, err)
		}
		at++
		return true
	})
	if err != nil || at != 2 {
		t.Errorf("%d entries, %v", at, err)
	}
}

// gate holds commits up.
type gate struct {
	store.Store
	mu sync.Mutex // held while no commit may pass
}

func (g *gate) Commit(ctx context.Context, batches []store.Batch) ([]store.Result, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.Store.Commit(ctx, batches)
}

// TestSettledIsBeforeWhatIsNotCommitted: everything up to that instant was told.
func TestSettledIsBeforeWhatIsNotCommitted(t *testing.T) {
	var f follower
	g := &gate{Store: memstore.New(memstore.Options{})}
	w := newWorld(t, echo, func(cfg *engine.Config) { cfg.Follow, cfg.Store, cfg.Shards = f.follow, g, 1 })
	w.catalog.followed = 1
	d := w.deploy(1, oneTask)
	w.wait(w.start(d, "before", `{}`))
	g.mu.Lock()
	held := make(chan engine.Started)
	go func() {
		s, _ := w.engine.Start(t.Context(), engine.StartRequest{Definition: d, Name: "held", Input: value.Text([]byte(`{}`))})
		held <- s
	}()
	settled, err := w.engine.Settled(t.Context())
	g.mu.Unlock()
	s := <-held
	w.wait(s.Run)
	if told := f.of(s.Run); err != nil || len(told) == 0 || !told[0].At.After(settled) {
		t.Errorf("settled at %v (%v), and then came %+v", settled, err, told)
	}
}

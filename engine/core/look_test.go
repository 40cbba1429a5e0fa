package core_test

import (
	"context"
	"errors"
	"testing"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// TestLook: whoever looks sees what is durable, and waits for the commit that is under
// way.
func TestLook(t *testing.T) {
	for name, c := range map[string]struct {
		during func(n *node, out *core.Output)
		ended  int // tasks that a sight shows, -1 for none
	}{
		"the commit succeeds": {func(n *node, out *core.Output) {
			results, _ := n.store.Commit(context.Background(), out.Commits)
			n.Committed(&out.Commits[0], results[0])
		}, 1},
		"it is refused": {func(n *node, out *core.Output) {
			n.Committed(&out.Commits[0], store.Result{Outcome: store.Stale, Head: n.head(run)})
		}, -1},
		"the run is gone": {func(n *node, out *core.Output) { n.Committed(&out.Commits[0], store.Result{Outcome: store.Stale}) }, -1},
		"the store takes neither it nor what follows": {func(n *node, out *core.Output) {
			n.Impossible(&out.Commits[0], store.ErrTooLarge)
			n.Take(out)
			n.Impossible(&out.Commits[0], store.ErrTooLarge)
		}, -1},
		"the store has failed": {func(n *node, _ *core.Output) { n.Failed(errors.New("gone")) }, -1},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNodeWith(t, memstore.New(memstore.Options{}), toy{atOnce: 2, rounds: 2}, core.Config{Node: 1, CacheBytes: 1 << 20})
			n.create(run)
			if ended, head := n.look(run)(); ended != 0 || head.Position != 1 {
				t.Errorf("at rest it shows %d, %+v", ended, head)
			}
			n.Command(nil, run, interpreter.TaskSucceeded{ID: 1})
			var out core.Output
			n.Take(&out)
			seen := n.look(run)
			if ended, _ := seen(); ended != notYet {
				t.Fatalf("while it commits it shows %d", ended)
			}
			c.during(n, &out)
			if ended, head := seen(); ended != c.ended || ended > 0 && head.Position != 2 {
				t.Errorf("it shows %d, %+v, not %d", ended, head, c.ended)
			}
		})
	}
}

// TestLookAtWhatIsNotHere: a run that is not in memory, that is not durable yet, or that
// others may work on.
func TestLookAtWhatIsNotHere(t *testing.T) {
	s := memstore.New(memstore.Options{})
	n := newNodeWith(t, s, toy{atOnce: 1, rounds: 1}, core.Config{Node: 1, CacheBytes: 1 << 20})
	if ended, _ := n.look(run)(); ended != -1 {
		t.Errorf("a run that nobody has created shows %d", ended)
	}
	n.Create(nil, &core.Creation{Run: run, Program: n.program, Head: store.Head{Machine: 1}})
	if ended, _ := n.look(run)(); ended != -1 {
		t.Errorf("a run that is being created shows %d", ended)
	}
	shared := newNode(t, s, 2, toy{atOnce: 1, rounds: 1})
	shared.create(run)
	if ended, _ := shared.look(run)(); ended != -1 {
		t.Errorf("a run that others work on shows %d", ended)
	}
}

// notYet is what a look gives that waits.
const notYet = -2

// look looks at a run. What it gives tells how many tasks of a toy have ended.
func (n *node) look(run store.RunID) func() (ended int, head store.Head) {
	ended, head := notYet, store.Head{}
	n.Look(run, func(s core.Sight) {
		if ended, head = -1, s.Head; s.State != nil {
			ended = int(s.State.(*toyRun).ended)
		}
	})
	return func() (int, store.Head) { return ended, head }
}

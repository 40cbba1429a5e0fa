package core_test

import (
	"testing"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// TestACommandIsRefusedUnlessItsConditionHolds: it appends nothing then.
func TestACommandIsRefusedUnlessItsConditionHolds(t *testing.T) {
	s := memstore.New(memstore.Options{})
	n := newNode(t, s, 1, toy{atOnce: 1, rounds: 1})
	n.create(run)
	before := n.head(run).Position
	holds := func(yes bool) core.Condition {
		return core.Condition{Holds: func(h *store.Head) bool { return yes && h.Position == before }}
	}
	n.CommandIf("no", run, interpreter.TaskSucceeded{ID: 1}, holds(false))
	n.settle()
	if h := n.head(run); h.Position != before || n.answers[len(n.answers)-1].Outcome != interpreter.Closed {
		t.Errorf("the head says %+v, the answers are %+v", h, n.answers)
	}
	n.CommandIf("yes", run, interpreter.TaskSucceeded{ID: 1}, holds(true))
	n.settle()
	if h := n.head(run); h.Status != store.Succeeded {
		t.Errorf("the head says %+v", h)
	}
}

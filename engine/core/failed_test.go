package core_test

import (
	"context"
	"slices"
	"testing"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// TestResultOfACommitFromBeforeAFailureIsNobodys: several commits may be under way when
// one of them fails. What becomes of the others says nothing of what is decided since.
func TestResultOfACommitFromBeforeAFailureIsNobodys(t *testing.T) {
	s := memstore.New(memstore.Options{})
	n := newNode(t, s, 1, toy{atOnce: 2, rounds: 1})
	n.create(run)
	var out core.Output
	n.Command("first", run, interpreter.TaskSucceeded{ID: 1})
	n.Take(&out)
	before := slices.Clone(out.Commits)
	n.Failed(store.ErrFailed)
	n.Command("second", run, interpreter.TaskSucceeded{ID: 2})
	n.Take(&out)
	log, err := s.Load(context.Background(), run, loadedMail)
	if err != nil {
		t.Fatal(err)
	}
	n.Loaded(&core.Loaded{Run: run, Log: log, Program: n.program})
	n.Take(&out)
	if len(before) != 1 || len(out.Commits) != 1 {
		t.Fatalf("%d commits before the failure and %d after it, want one each", len(before), len(out.Commits))
	}
	since := slices.Clone(out.Commits)
	n.Committed(&before[0], store.Result{Outcome: store.OK})
	n.Take(&out)
	if len(out.Answers) > 0 {
		t.Errorf("%v was answered by another commit", out.Answers)
	}
	n.Committed(&since[0], store.Result{Outcome: store.OK})
	n.Take(&out)
	if len(out.Answers) != 1 || out.Answers[0].Ticket != "second" || out.Answers[0].Err != nil {
		t.Errorf("the answers are %+v", out.Answers)
	}
}

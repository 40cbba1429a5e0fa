package core_test

import (
	"context"
	"testing"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// What the simulation found where nodes take over from each other.

const run = store.RunID(7)

func TestAnEarlyResultThatComesWithTheAdoptionIsSettled(t *testing.T) {
	s := memstore.New(memstore.Options{})
	p := toy{atOnce: 1, rounds: 1, completion: interpreter.ByToken}
	newNode(t, s, 1, p).create(run) // dies before the submission is acknowledged
	heir := newNode(t, s, 2, p)
	heir.Adopt(run)
	heir.Command("result", run, interpreter.TaskSucceeded{ID: 1})
	heir.settle()
	if h := heir.head(run); h.Status != store.Succeeded {
		t.Errorf("the head says %+v", h)
	}
}

func TestWhoeverGoesOnWithARunGivesItsTasksOut(t *testing.T) {
	s := memstore.New(memstore.Options{})
	p := toy{atOnce: 2, rounds: 1}
	newNode(t, s, 1, p).create(run)
	other := newNode(t, s, 2, p)
	other.Command("result", run, interpreter.TaskSucceeded{ID: 1})
	other.settle()
	if h := other.head(run); h.Owner != 2 {
		t.Errorf("the owner is %d", h.Owner)
	}
	if len(other.effects) != 1 || other.effects[0].Task.ID != 2 {
		t.Errorf("effects are %v, want task 2", other.effects)
	}
}

func TestARefusalIsBelievedOnlyOfAFreshLog(t *testing.T) {
	s := memstore.New(memstore.Options{})
	p := toy{atOnce: 1, rounds: 2, unowned: true}
	first, second := newNode(t, s, 1, p), newNode(t, s, 2, p)
	first.create(run)
	second.Check(run) // now it holds a state with task 1
	second.settle()
	first.Command(nil, run, interpreter.TaskSucceeded{ID: 1})
	first.settle()
	second.Command("result", run, interpreter.TaskSucceeded{ID: 2})
	second.settle()
	if len(second.answers) != 1 || second.answers[0].Outcome != interpreter.Done {
		t.Errorf("answers are %+v", second.answers)
	}
	if h := second.head(run); h.Status != store.Succeeded {
		t.Errorf("the head says %+v", h)
	}
}

func TestARefusalIsNotBelievedOfALogThatWasReadBefore(t *testing.T) {
	s := memstore.New(memstore.Options{})
	p := toy{atOnce: 1, rounds: 2, unowned: true}
	first, second := newNode(t, s, 1, p), newNode(t, s, 2, p)
	first.create(run)
	var out core.Output
	second.Check(run)
	second.Take(&out)
	old, err := s.Load(context.Background(), run, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	first.Command(nil, run, interpreter.TaskSucceeded{ID: 1})
	first.settle()
	second.Command("result", run, interpreter.TaskSucceeded{ID: 2})
	second.Loaded(&core.Loaded{Run: run, Log: old, Program: p})
	second.settle()
	if len(second.answers) != 1 || second.answers[0].Outcome != interpreter.Done {
		t.Errorf("answers are %+v", second.answers)
	}
}

func TestAWakeUpInTheStoreMakesAnOldStateReadTheLog(t *testing.T) {
	s := memstore.New(memstore.Options{})
	p := toy{atOnce: 1, rounds: 2, unowned: true}
	first, second := newNode(t, s, 1, p), newNode(t, s, 2, p)
	first.create(run)
	second.Check(run)
	second.settle()
	first.Command(nil, run, interpreter.TaskSucceeded{ID: 1})
	first.settle()
	second.Arm(run, second.now) // that a head says which it does not know
	second.settle()
	i, _ := second.Inspect(run)
	if task, _ := i.State.Task(2); task == nil {
		t.Error("the state is the old one")
	}
}

func TestACheckFindsTheMessagesToARunInMemory(t *testing.T) {
	s := memstore.New(memstore.Options{})
	n := newNode(t, s, 1, toy{atOnce: 1, rounds: 1})
	n.create(run)
	send(t, s, run)
	n.Check(run)
	n.settle()
	if h := n.head(run); h.Status != store.Succeeded {
		t.Errorf("the head says %+v", h)
	}
	if mail, _ := s.Mail(context.Background(), 0, 1); len(mail) > 0 {
		t.Error("the message is still in the inbox")
	}
}

func TestACheckDiscardsTheMessagesToAPurgedRun(t *testing.T) {
	s := memstore.New(memstore.Options{})
	send(t, s, run)
	n := newNode(t, s, 1, toy{})
	n.Check(run)
	n.settle()
	if len(n.discards) != 1 || n.discards[0] != run {
		t.Errorf("discards are %v", n.discards)
	}
}

// send puts a message that task 1 has ended into the inbox of a run.
func send(t *testing.T, s *memstore.Store, to store.RunID) {
	t.Helper()
	const sender, commit = 99, 1
	_, err := s.Commit(context.Background(), []store.Batch{{
		Run: sender, Create: true, Commit: commit, Head: &store.Head{Commit: commit},
		Send: []store.Message{{To: to, MessageID: store.MessageID{Source: sender, ID: 1}, Body: []byte{1}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

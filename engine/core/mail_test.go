package core_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

const receiver, sender = store.RunID(1), store.RunID(2)

// messageOf tells the receiver that a task has ended.
func messageOf(task byte) store.Message {
	return store.Message{To: receiver, MessageID: store.MessageID{Source: sender, ID: uint64(task)}, Body: append([]byte{task}, make([]byte, 72)...)}
}

// sent puts messages about so many tasks, from that one on, into the receiver's inbox.
func sent(t *testing.T, s *memstore.Store, first, n byte) (all []store.Message) {
	t.Helper()
	for task := first; task < first+n; task++ {
		all = append(all, messageOf(task))
	}
	head := &store.Head{Machine: 1, Commit: 1, Position: 1}
	results, err := s.Commit(context.Background(), []store.Batch{{Run: sender, Create: true, Commit: 1, Entry: []byte("sends"), Head: head, Send: all}})
	if err != nil || results[0].Outcome != store.OK {
		t.Fatal(results, err)
	}
	return all
}

func (n *node) wantClosed() {
	n.t.Helper()
	in, _ := n.store.Inbox(context.Background(), receiver, 1)
	if h := n.head(receiver); !h.Status.Closed() || len(in.Messages) > 0 || n.Mailed() != 0 {
		n.t.Errorf("status %d at %d, %d messages, more: %t, %d bytes in memory", h.Status, h.Position, len(in.Messages), in.More, n.Mailed())
	}
}

// TestMessagesBeyondTheBoundWaitInTheInbox: whether they are delivered, told of, or found
// with a run that is read.
func TestMessagesBeyondTheBoundWaitInTheInbox(t *testing.T) {
	const tasks = 100
	for name, c := range map[string]struct {
		bytes, most int
		tell        func(n *node, all []store.Message)
	}{
		"delivered": {800, 800, func(n *node, all []store.Message) {
			for _, m := range all {
				n.Deliver(m)
			}
		}},
		"delivered twice": {800, 800, func(n *node, all []store.Message) {
			for _, m := range append(all[:50], all...) {
				n.Deliver(m)
			}
		}},
		"delivered while others are decided": {800, 800, func(n *node, all []store.Message) {
			for _, m := range all {
				n.Deliver(m)
				if m.ID%7 == 0 {
					n.settle()
				}
			}
		}},
		"told of":                {800, 800, func(n *node, _ []store.Message) { n.Mail(receiver) }},
		"read with the run":      {800, 800, func(n *node, _ []store.Message) { n.Check(receiver) }},
		"larger than the bound":  {1, 201, func(n *node, _ []store.Message) { n.Mail(receiver) }},
		"without a bound":        {0, 100 * 201, func(n *node, _ []store.Message) { n.Mail(receiver) }},
		"delivered to a new one": {800, 800, func(n *node, all []store.Message) { n.Deliver(all[0]) }},
	} {
		t.Run(name, func(t *testing.T) {
			s := memstore.New(memstore.Options{})
			p := toy{atOnce: tasks, rounds: 1, completion: interpreter.ByJob}
			n := newNodeWith(t, s, p, core.Config{Node: 1, CacheBytes: 1, MailBytes: c.bytes})
			n.create(receiver)
			all, first := sent(t, s, 1, tasks), tasks
			if name == "delivered to a new one" {
				n = newNodeWith(t, s, p, core.Config{Node: 2, CacheBytes: 1, MailBytes: c.bytes})
				n.Adopt(receiver)
				first = 0
			}
			c.tell(n, all)
			n.settle()
			n.wantClosed()
			if n.mailed > c.most {
				t.Errorf("messages took %d bytes, more than %d", n.mailed, c.most)
			}
			if given := len(n.effects); given != first {
				t.Errorf("%d tasks were given out again, and their ends lay in the inbox", given-first)
			}
		})
	}
}

func TestAMessageThatWaitsIsKnown(t *testing.T) {
	for _, tasks := range []byte{1, 16, 17, 200} {
		s := memstore.New(memstore.Options{})
		n := newNodeWith(t, s, toy{atOnce: int(tasks), rounds: 1, completion: interpreter.ByJob}, core.Config{Node: 1})
		n.create(receiver)
		for _, m := range append(sent(t, s, 1, tasks), sent2(tasks)...) {
			n.Deliver(m)
		}
		if i, _ := n.Inspect(receiver); i.Waiting != int(tasks) {
			t.Errorf("%d wait of %d that were delivered twice", i.Waiting, tasks)
		}
		n.settle()
		n.wantClosed()
	}
}

func sent2(tasks byte) (all []store.Message) {
	for task := byte(1); task <= tasks; task++ {
		all = append(all, messageOf(task))
	}
	return all
}

// shy is a toy that takes no results of others when two tasks have ended and the first
// has not.
type shy struct{ toy }

type shyRun struct{ *toyRun }

func (p shy) New(interpreter.Info) interpreter.Run { return &shyRun{&toyRun{toy: p.toy}} }

func (r *shyRun) Hesitates() bool { return r.ended >= 2 && r.find(1) >= 0 }

func (r *shyRun) Defers(cmd interpreter.Command) bool {
	ended, ok := cmd.(interpreter.TaskSucceeded)
	return ok && ended.ID != 1
}

// TestWhatARunHasNoRoomForWaits: messages in the inbox, results of its calls in memory.
func TestWhatARunHasNoRoomForWaits(t *testing.T) {
	s := memstore.New(memstore.Options{})
	n := newNodeWith(t, s, shy{toy{atOnce: 8, rounds: 1, completion: interpreter.ByJob}}, core.Config{Node: 1, CacheBytes: 1, MailBytes: 10_000})
	n.create(receiver)
	for _, m := range sent(t, s, 2, 5) {
		n.Deliver(m)
	}
	n.Command("seven", receiver, interpreter.TaskSucceeded{ID: 7})
	n.Command("eight", receiver, interpreter.TaskSucceeded{ID: 8})
	n.settle()
	in, _ := s.Inbox(context.Background(), receiver, 1<<20)
	if len(in.Messages) != 3 || n.Mailed() != 0 || len(n.answers) != 0 {
		t.Fatalf("%d messages in the inbox, %d bytes in memory, %d answers", len(in.Messages), n.Mailed(), len(n.answers))
	}
	n.Command("one", receiver, interpreter.TaskSucceeded{ID: 1})
	n.settle()
	n.wantClosed()
	if len(n.answers) != 3 {
		t.Errorf("%d answers of 3", len(n.answers))
	}
}

// TestAHesitatingRunIsGivenWhatItWaitsFor after its owner has died. The other tasks are
// given out when the inbox is empty.
func TestAHesitatingRunIsGivenWhatItWaitsFor(t *testing.T) {
	s := memstore.New(memstore.Options{})
	p := shy{toy{atOnce: 6, rounds: 1, completion: interpreter.ByJob}}
	n := newNodeWith(t, s, p, core.Config{Node: 1, MailBytes: 1})
	n.create(receiver)
	for _, m := range sent(t, s, 2, 4) {
		n.Deliver(m)
	}
	n.settle()
	n = newNodeWith(t, s, p, core.Config{Node: 2, MailBytes: 1})
	n.Adopt(receiver)
	n.settle()
	if len(n.effects) != 1 || n.effects[0].Task.ID != 1 {
		t.Fatalf("%d tasks are given out, the first alone was wanted", len(n.effects))
	}
	n.Command(nil, receiver, interpreter.TaskSucceeded{ID: 1})
	n.settle()
	if len(n.effects) != 2 || n.effects[1].Task.ID != 6 {
		t.Fatalf("%d tasks are given out, the sixth was wanted besides", len(n.effects))
	}
	n.Command(nil, receiver, interpreter.TaskSucceeded{ID: 6})
	n.settle()
	n.wantClosed()
}

// TestATakeIsBounded: what is beyond comes with the next ones.
func TestATakeIsBounded(t *testing.T) {
	n := newNodeWith(t, memstore.New(memstore.Options{}), toy{atOnce: 1, rounds: 1}, core.Config{Node: 1, TurnBytes: 1})
	for i := range store.RunID(3) {
		n.Create(nil, &core.Creation{Run: i + 1, Program: n.program, Head: store.Head{Machine: 1}})
	}
	var out core.Output
	for i := range 3 {
		if n.Take(&out); len(out.Commits) != 1 || n.Behind() != (i < 2) {
			t.Errorf("take %d: %d commits, behind: %t", i, len(out.Commits), n.Behind())
		}
	}
}

// TestTheSameMailGivesTheSameBatches whatever the order of a map is.
func TestTheSameMailGivesTheSameBatches(t *testing.T) {
	var first []byte
	for range 5 {
		s := memstore.New(memstore.Options{})
		n := newNodeWith(t, s, toy{atOnce: 60, rounds: 1, completion: interpreter.ByJob}, core.Config{Node: 1, MailBytes: 900, Seed: 5})
		n.create(receiver)
		sent(t, s, 1, 60)
		n.Mail(receiver)
		n.settle()
		var log []byte
		_ = s.Entries(context.Background(), receiver, 0, func(_ uint64, entry []byte) bool {
			log = append(log, entry...)
			return true
		})
		if first == nil {
			first = log
		}
		if !bytes.Equal(log, first) {
			t.Fatal("another log")
		}
	}
}

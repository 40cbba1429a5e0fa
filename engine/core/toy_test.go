package core_test

import (
	"context"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// toy is a language with one kind of program: so many tasks at once, again and
// again for so many rounds.
type toy struct {
	atOnce, rounds int
	completion     interpreter.Completion
	unowned        bool // nobody has to keep its tasks under way
}

// toyRun counts tasks. A fact is a letter and the id of a task.
type toyRun struct {
	toy
	last, ended uint64
	tasks       []*interpreter.Task
	phases      []interpreter.Phase
	status      interpreter.Status
}

func (p toy) New(interpreter.Info) interpreter.Run { return &toyRun{toy: p} }

func (p toy) Restore(interpreter.Info, []byte) (interpreter.Run, error) {
	return nil, errors.New("a toy writes no snapshots")
}

func (r *toyRun) find(id uint64) int {
	for i, t := range r.tasks {
		if t.ID == id {
			return i
		}
	}
	return -1
}

func (r *toyRun) Apply(fact []byte, _ time.Time) error {
	id, _ := binary.Uvarint(fact[1:])
	i := r.find(id)
	switch fact[0] {
	case 's':
		r.last = id
		r.tasks = append(r.tasks, &interpreter.Task{ID: id, Completion: r.completion})
		r.phases = append(r.phases, interpreter.Scheduled)
	case 'r':
		r.phases[i] = interpreter.Resolved
	case 'e':
		r.tasks = append(r.tasks[:i], r.tasks[i+1:]...)
		r.phases = append(r.phases[:i], r.phases[i+1:]...)
		r.ended++
	case 'c':
		r.status = interpreter.Succeeded
	}
	return nil
}

func (r *toyRun) Decide(_ *interpreter.Env, cmd interpreter.Command, d *interpreter.Decision) interpreter.Outcome {
	fact := func(kind byte, id uint64) {
		_ = r.Apply(d.Add(binary.AppendUvarint([]byte{kind}, id)), time.Time{})
	}
	switch cmd := cmd.(type) {
	case interpreter.TaskSucceeded:
		i := r.find(cmd.ID)
		switch {
		case r.status.Closed():
			return interpreter.Closed
		case i < 0:
			return interpreter.NoTask
		case r.completion == interpreter.ByToken:
			fact('r', cmd.ID)
		default:
			fact('e', cmd.ID)
		}
	case interpreter.Recover:
		for i := len(r.tasks) - 1; i >= 0; i-- {
			if r.phases[i] == interpreter.Resolved {
				fact('e', r.tasks[i].ID)
			}
		}
	}
	switch all := uint64(r.atOnce * r.rounds); {
	case r.status.Closed() || len(r.tasks) > 0:
	case r.ended == all:
		fact('c', 0)
	default:
		for range r.atOnce {
			fact('s', r.last+1)
			d.Effects = append(d.Effects, interpreter.Invoke{Task: r.tasks[len(r.tasks)-1]})
		}
	}
	return interpreter.Done
}

func (r *toyRun) Outstanding(yield func(*interpreter.Task, interpreter.Phase) bool) {
	for i, t := range r.tasks {
		if !yield(t, r.phases[i]) {
			return
		}
	}
}

func (r *toyRun) Task(id uint64) (*interpreter.Task, interpreter.Phase) {
	if i := r.find(id); i >= 0 {
		return r.tasks[i], r.phases[i]
	}
	return nil, 0
}

func (r *toyRun) Active() int {
	if r.unowned {
		return 0
	}
	return len(r.tasks)
}

func (r *toyRun) Wake() time.Time            { return time.Time{} }
func (r *toyRun) Pending() bool              { return false }
func (r *toyRun) Result() interpreter.Result { return interpreter.Result{Status: r.status} }
func (r *toyRun) Snapshot(dst []byte) []byte { return dst }
func (r *toyRun) Size() int                  { return 100 }
func (r *toyRun) Memory() int                { return 112 + 184*len(r.tasks) }
func (r *toyRun) TraceHeader() string        { return "" }

// node drives a core over a store that others use, too.
type node struct {
	t *testing.T
	*core.Core
	store   *memstore.Store
	program interpreter.Program
	now     time.Time
	mailed  int // the most that messages took in memory

	effects  []core.Effect
	answers  []core.Answer
	discards []store.RunID
}

func newNode(t *testing.T, s *memstore.Store, id store.NodeID, p toy) *node {
	return newNodeWith(t, s, p, core.Config{Node: id, Shared: true, CacheBytes: 1 << 20, Seed: uint64(id)})
}

func newNodeWith(t *testing.T, s *memstore.Store, p interpreter.Program, cfg core.Config) *node {
	cfg.Mail = func(m store.Message) (interpreter.Command, error) {
		return interpreter.TaskSucceeded{ID: uint64(m.Body[0])}, nil
	}
	return &node{t: t, store: s, program: p, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Core: core.New(cfg)}
}

func (n *node) create(run store.RunID) {
	n.Create(nil, &core.Creation{Run: run, Program: n.program, Head: store.Head{Machine: 1},
		Start: interpreter.Start{Input: value.Text([]byte("{}"))}})
	n.settle()
}

// loadedMail is how much of its inbox is read with a run.
const loadedMail = 1000

// settle carries out what the core asks for until it asks for nothing.
func (n *node) settle() {
	n.t.Helper()
	var out core.Output
	for range 1000 {
		n.SetTime(n.now)
		n.mailed = max(n.mailed, n.Mailed())
		n.Take(&out)
		n.effects = append(n.effects, out.Effects...)
		n.answers = append(n.answers, out.Answers...)
		n.discards = append(n.discards, out.Discards...)
		for _, i := range out.Incidents {
			n.t.Fatalf("incident: %s", i.What)
		}
		for _, run := range out.Loads {
			log, _ := n.store.Load(context.Background(), run, loadedMail)
			n.Loaded(&core.Loaded{Run: run, Log: log, Program: n.program})
		}
		for _, f := range out.Fetches {
			in, _ := n.store.Inbox(context.Background(), f.Run, f.Bytes)
			n.Fetched(f.Run, in)
		}
		results, err := n.store.Commit(context.Background(), out.Commits)
		if err != nil {
			n.t.Fatal(err)
		}
		for i := range out.Commits {
			n.Committed(&out.Commits[i], results[i])
		}
		if n.Idle() {
			return
		}
	}
	n.t.Fatal("the core does not come to rest")
}

func (n *node) head(run store.RunID) *store.Head {
	h, err := n.store.Head(context.Background(), run)
	if err != nil {
		n.t.Fatal(err)
	}
	return h
}

package sim

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// What nodes do, say and hold is checked here against the ledgers:
//
//   - a task is issued only after the commit that schedules it, and not when the
//     node knows that it has ended;
//   - an answer is true at the moment when it is given, and a result that was
//     brought once is not refused for no reason;
//   - the state that a node holds for the head that stands is the fold of the log,
//     and its wake-up is armed.

// proposed counts what is proposed.
func (a *auditor) proposed(n *node, b *store.Batch) {
	if l := a.runs[b.Run]; l == nil || b.Head == nil {
		a.w.fail("%v proposes a batch for run %d that nobody asked for", n, b.Run)
	}
}

// issued is told of every task that a node is to start.
func (a *auditor) issued(n *node, e *core.Effect) {
	a.report.Tasks++
	l := a.runs[e.Run]
	r := l.tasks[e.Task.ID]
	if r == nil || r.scheduled == 0 {
		a.w.fail("%v issues task %d of run %d before it is committed", n, e.Task.ID, e.Run)
	}
	if i, ok := n.core.Inspect(e.Run); ok && r.ended != 0 && i.Head.Position >= r.ended {
		a.w.fail("%v issues task %d of run %d, and knows that it has ended", n, e.Task.ID, e.Run)
	}
}

func (a *auditor) cancelled(e *core.Effect) {
	l := a.runs[e.Run]
	l.task(e.Task.ID).cancelled = true
	if l.wants(e.Task.ID) {
		a.w.fail("task %d of run %d is cancelled while it is wanted", e.Task.ID, e.Run)
	}
}

// told is told of every end that a node announces.
func (a *auditor) told(n *node, c *core.Closed) {
	l := a.runs[c.Run]
	if l.redrives > 0 {
		return // it may have been opened again since
	}
	if l.open() || !l.purged && !sameResult(l.state.Result(), c.Result) {
		a.w.fail("%v says that run %d has ended, %s", n, c.Run, show(c.Result))
	}
}

func (a *auditor) asked(q *question) {
	if _, ok := q.cmd.(interpreter.TaskStarted); ok {
		a.runs[q.run].task(q.task).asked++
	} else if q.task != 0 {
		a.result(q.run, q.task, q.cmd)
	}
}

// result counts what is brought to a task and can end it.
func (a *auditor) result(run store.RunID, task uint64, cmd interpreter.Command) {
	if _, submitted := cmd.(interpreter.TaskSubmitted); !submitted {
		a.runs[run].task(task).results++
	}
}

func (a *auditor) stopping(run store.RunID) { a.runs[run].stopped = true }

// redriving counts what is asked for; the count serves as the token.
func (a *auditor) redriving(run store.RunID) int {
	l := a.runs[run]
	l.redrives++
	return l.redrives
}

// redrivingFor counts what is asked for on behalf of a task: one for each.
func (a *auditor) redrivingFor(run store.RunID, t parentTask) {
	l := a.runs[run]
	if l.redriveFor == nil {
		l.redriveFor = map[parentTask]bool{}
	}
	if !l.redriveFor[t] {
		l.redriveFor[t] = true
		l.redrives++
	}
}

// answered checks an answer at the moment when a node gives it.
func (a *auditor) answered(n *node, q *question, answer *core.Answer) {
	l := a.runs[q.run]
	a.w.tracef("%v answers for run %d, task %d, %T: %s", n, q.run, q.task, q.cmd, outcomeOf(answer))
	switch err := answer.Err; {
	case errors.Is(err, store.ErrFailed):
		return
	case q.task == 0 && q.cmd == nil:
		a.answeredStart(n, q, answer)
		return
	case err == core.ErrNotFound && l.purged:
		return
	case err != nil:
		a.w.fail("%v answers a command for run %d: %v", n, q.run, err)
	case l.purged:
		return
	}
	untrue := false
	switch q.cmd.(type) {
	case interpreter.TaskStarted:
		untrue = a.untrueHandOut(l, q, answer)
	case interpreter.Stop:
		untrue = l.open() && l.redrives == 0 && l.maps == nil // a map run waits for its children
	case interpreter.Update:
		untrue = l.open() && (answer.Outcome != interpreter.Done && l.redrives == 0 || answer.Outcome == interpreter.Done && !l.has(q.cmd))
	case interpreter.Redrive:
		untrue = answer.Outcome == interpreter.Done && l.state.Result().Redrives == 0 && !l.purged
	case interpreter.MachineDeleted:
		untrue = l.open() && !l.deleted
	case nil:
		untrue = answer.Outcome != interpreter.Done && l.wants(q.task)
	default:
		untrue = l.wants(q.task) || answer.Outcome != interpreter.Done && a.noReason(l, q.task)
	}
	if untrue {
		a.w.fail("%v gives an untrue answer for task %d of run %d: %s to %T", n, q.task, q.run, outcomeOf(answer), q.cmd)
	}
}

// answeredCall checks what a node makes of the result of one of its calls.
func (a *auditor) answeredCall(n *node, c *call, answer *core.Answer) {
	l := a.runs[c.run]
	a.w.tracef("%v answers its call for task %d of run %d: %s", n, c.task.ID, c.run, outcomeOf(answer))
	if answer.Err != nil {
		if !l.purged {
			a.w.fail("%v answers a call of run %d: %v", n, c.run, answer.Err)
		}
		return
	}
	if c.task.Completion == interpreter.ByAnswer && (l.wants(c.task.ID) || answer.Outcome != interpreter.Done && a.noReason(l, c.task.ID)) {
		a.w.fail("%v gives an untrue answer for the result of task %d of run %d: %s", n, c.task.ID, c.run, outcomeOf(answer))
	}
}

func (a *auditor) answeredStart(n *node, q *question, answer *core.Answer) {
	var taken *core.NameTaken
	run := q.run
	if errors.As(answer.Err, &taken) {
		run = taken.Run
	} else if l := a.runs[run]; errors.Is(answer.Err, core.ErrNotFound) && l != nil && (l.purged || l.refused) {
		return // it was refused, or began, ended and was purged, before the node heard of it
	} else if answer.Err != nil || answer.Outcome != interpreter.Done && !a.runs[run].folded {
		a.w.fail("%v does not start run %d: %s", n, q.run, outcomeOf(answer))
	}
	if l := a.runs[run]; l == nil || !l.created {
		a.w.fail("%v says that run %d has begun", n, run)
	}
}

// untrueHandOut: a task is given to one worker only, and whoever was the only one
// to ask gets it.
func (a *auditor) untrueHandOut(l *ledger, q *question, answer *core.Answer) bool {
	r := l.task(q.task)
	t, phase := l.state.Task(q.task)
	if answer.Outcome == interpreter.Done {
		r.handed++
		return answer.Task == nil || r.handed > 1 || t != nil && phase == interpreter.Scheduled
	}
	return t != nil && (phase == interpreter.Scheduled || r.asked == 1)
}

// noReason reports that nothing but its one result can have ended a task, so that
// the result cannot have come to nothing. Where nodes contend for a run, one may
// have written a snapshot over the trace of another's commit: then that is not
// known. A run that was opened again had ended, and its tasks with it.
func (a *auditor) noReason(l *ledger, task uint64) bool {
	r := l.task(task)
	if l.folded && len(a.w.nodes) > 1 || l.redrives > 0 {
		return false
	}
	return r.results == 1 && l.machine.plain && l.open() && r.ended != 0
}

// acknowledged checks that an execution that a client was told of is there.
func (a *auditor) acknowledged(run store.RunID, c *client) {
	l := a.runs[run]
	if l == nil || !l.created || l.machine != c.machine {
		a.w.fail("%s of %s is acknowledged as run %d", c.name, c.machine.name, run)
	}
}

// childAnswered checks that a task that starts its child has the right one.
func (a *auditor) childAnswered(p parent, run store.RunID) {
	l := a.runs[run]
	if later := l != nil && l.redrives > 0 && l.parent.run == p.run && l.parent.task > p.task; later {
		return // it was redriven for another task since
	}
	if l == nil || !l.created || l.parent != p {
		a.w.fail("task %d of run %d is told that its child is run %d", p.task, p.run, run)
	}
}

// weighed compares what a node counts of its memory with what is there to be counted.
func (a *auditor) weighed(n *node) {
	weight, cached, held := n.core.Weight(), n.core.Cached(), n.core.Held()
	if weight < cached || held == 0 && weight > 0 {
		a.w.fail("%v counts %d bytes for %d mailboxes, whose cache has %d", n, weight, held, cached)
	}
}

// holds compares what a node holds of a run with the fold of its log.
func (a *auditor) holds(n *node, run store.RunID) {
	i, ok := n.core.Inspect(run)
	l := a.runs[run]
	if i.Waiting > 3000 {
		a.w.fail("%v: %d inputs wait for run %d", n, i.Waiting, run)
	}
	if !ok || !i.Ready || l == nil || !l.open() || i.Head.Commit != l.head.Commit || i.State == nil {
		return
	}
	wake := i.State.Wake()
	if !wake.IsZero() && wake.Before(n.horizon) && (i.Armed.IsZero() || i.Armed.After(wake)) {
		a.w.fail("%v: run %d is to be woken at %v and is armed for %v", n, run, wake, i.Armed)
	}
	if !l.beats() && !wake.Equal(l.state.Wake()) {
		a.w.fail("%v: run %d is to be woken at %v, its log says %v", n, run, wake, l.state.Wake())
	}
	if i.State.Active() != l.state.Active() || !sameOutstanding(i.State, l.live) {
		a.w.fail("%v holds other outstanding tasks of run %d than its log", n, run)
	}
	if a.w.dice.chance(0.2) && !a.sameState(i.State, l.state) {
		a.w.fail("%v holds a state of run %d that is not the fold of its log", n, run)
	}
}

// describe reads a run from the store as a client sees it, and compares that
// with the ledger. It reports whether there is nothing more to see.
func (a *auditor) describe(run store.RunID) bool {
	l := a.runs[run]
	log, err := a.w.mem.Load(context.Background(), run, 0)
	if err != nil {
		if !l.purged {
			a.w.fail("run %d cannot be read: %v", run, err)
		}
		return true
	}
	program, info := a.w.library.of(log.Head)
	state := program.New(info)
	if log.Snapshot != nil {
		if state, err = program.Restore(info, log.Snapshot); err != nil {
			a.w.fail("run %d: its snapshot cannot be read: %v", run, err)
		}
	}
	for _, data := range log.Entries {
		e, err := core.ParseEntry(data)
		if err != nil {
			a.w.fail("run %d: %v", run, err)
		}
		for _, fact := range e.Facts {
			if err := state.Apply(fact, e.At); err != nil {
				a.w.fail("run %d, from its snapshot: %v", run, err)
			}
		}
	}
	if log.Head.Commit != l.head.Commit || !a.sameState(state, l.state) {
		a.w.fail("run %d, read from its snapshot on, is not the fold of its log", run)
	}
	return l.head.Status.Closed()
}

func (a *auditor) sameState(x, y interpreter.Run) bool {
	a.buffer = x.Snapshot(a.buffer[:0])
	n := len(a.buffer)
	a.buffer = y.Snapshot(a.buffer)
	return bytes.Equal(a.buffer[:n], a.buffer[n:])
}

func sameOutstanding(r interpreter.Run, ids []uint64) bool {
	same, n := true, 0
	r.Outstanding(func(t *interpreter.Task, _ interpreter.Phase) bool {
		same = same && n < len(ids) && ids[n] == t.ID
		n++
		return same
	})
	return same && n == len(ids)
}

// sameTasks reports whether two states would give out the same tasks.
func sameTasks(x, y interpreter.Run) bool {
	same := x.Active() == y.Active()
	x.Outstanding(func(t *interpreter.Task, p interpreter.Phase) bool {
		other, phase := y.Task(t.ID)
		same = same && other != nil && p == phase && t.Action == other.Action && t.Resource == other.Resource && bytes.Equal(t.Payload, other.Payload)
		return same
	})
	return same
}

func sameResult(a, b interpreter.Result) bool { return show(a) == show(b) }

// show shows how a run ended.
func show(r interpreter.Result) string {
	text := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	if r.Output != nil {
		return fmt.Sprintf("%v %s", r.Status, r.Output.Text())
	}
	return fmt.Sprintf("%v %s %s", r.Status, text(r.Error), text(r.Cause))
}

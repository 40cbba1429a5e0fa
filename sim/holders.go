package sim

import (
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// question is an input that somebody outside wants an answer to.
type question struct {
	run  store.RunID
	task uint64
	cmd  interpreter.Command // nil for a heartbeat or a creation
	only *core.Condition     // of the command, nil for none
	done func(core.Answer)
	over bool
	// heard: there was an answer, perhaps when nobody waited for it any longer.
	heard bool
}

func (q *question) answered(a core.Answer) {
	q.heard = true
	if !q.over {
		q.over = true
		q.done(a)
	}
}

// ask gives a node a command and tells what it answers. If there is no answer in
// time, lost is called instead; the answer may still come to nobody.
func (w *World) ask(q *question, lost func()) {
	n := w.route(q.run)
	if n != nil {
		if q.cmd != nil {
			w.audit.asked(q)
		}
		n.after(w.dice.between(0, time.Millisecond), func() { n.post(q.put) })
	}
	w.after(w.dice.between(2*time.Second, 6*time.Second), func() {
		if !q.over {
			q.over = true
			lost()
		}
	})
}

func (q *question) put(c *core.Core) {
	if q.cmd == nil {
		c.Beat(q, q.run, q.task)
	} else if q.only != nil {
		c.CommandIf(q, q.run, q.cmd, *q.only)
	} else {
		c.Command(q, q.run, q.cmd)
	}
}

// outside is who works for the executions: workers, and holders of task tokens.
type outside struct {
	w       *World
	polling map[string]bool
}

func newOutside(w *World) *outside { return &outside{w: w, polling: map[string]bool{}} }

// holder has a task token and works on the task.
type holder struct {
	w    *World
	run  store.RunID
	task *interpreter.Task
	over bool
}

// hold hands a task token out.
func (o *outside) hold(run store.RunID, t *interpreter.Task) {
	w := o.w
	h := &holder{w: w, run: run, task: t}
	if (t.Timeout > 0 || t.Heartbeat > 0) && w.dice.chance(w.plan.Silent) {
		return // it is lost on the way, or dies with it
	}
	h.beatSoon()
	w.after(w.takes(), h.finish)
	if w.dice.chance(w.plan.Doubled) {
		w.after(w.takes(), (&holder{w: w, run: run, task: t}).finish)
	}
}

// beatSoon sends heartbeats, long before they are due.
func (h *holder) beatSoon() {
	if h.task.Heartbeat == 0 {
		return
	}
	h.w.after(h.task.Heartbeat/3, func() {
		if h.over {
			return
		}
		h.w.ask(&question{run: h.run, task: h.task.ID, done: func(a core.Answer) {
			h.over = h.over || a.Err == nil && a.Outcome != interpreter.Done
		}}, func() {})
		h.beatSoon()
	})
}

// finish brings the result, until it is acknowledged.
func (h *holder) finish() {
	cmd := work(h.task)
	if h.w.dice.chance(h.w.plan.Flaky) {
		name := "Flaky"
		cmd = interpreter.TaskFailed{ID: h.task.ID, Error: &name}
	}
	h.bring(cmd)
}

func (h *holder) bring(cmd interpreter.Command) {
	again := func() { h.bring(cmd) }
	h.w.ask(&question{run: h.run, task: h.task.ID, cmd: cmd, done: func(a core.Answer) {
		if a.Err != nil && a.Err != core.ErrNotFound {
			h.w.after(time.Second, again)
			return
		}
		h.over = true
	}}, again)
}

package sim

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// parentTask names the task that starts a child.
type parentTask struct {
	run  store.RunID
	task uint64
}

// parent is the durable form of it, in an attribute of the child's head.
type parent struct {
	parentTask
	notify bool
	form   string // in which a map run, or a child of one, tells its end
}

const parentAttribute = "parent"

func (p parent) attribute() string {
	return fmt.Sprintf("%d/%d/%t/%s", p.run, p.task, p.notify, p.form)
}

func parentOf(h *store.Head) (p parent, ok bool) {
	text, ok := h.Attributes[parentAttribute].(string)
	if !ok {
		return p, false
	}
	ids, form, _ := strings.Cut(strings.Replace(text, "/", " ", 2), "/")
	if _, err := fmt.Sscanf(ids, "%d %d %t", &p.run, &p.task, &p.notify); err != nil {
		return p, false
	}
	p.form = form
	return p, true
}

// childOf reads what a task of the connector "states" starts.
func (l *library) childOf(t *interpreter.Task) (*machine, []byte) {
	var p struct {
		StateMachineArn string
		Input           json.RawMessage
	}
	if err := json.Unmarshal(t.Payload, &p); err != nil {
		panic(violation{fmt.Sprintf("a child's payload is not what the machine says: %v", err)})
	}
	return l.byARN(p.StateMachineArn), p.Input
}

// birth is what a run is to be.
type birth struct {
	machine *machine
	listed  uint64 // what it is listed under: the id of the machine, or see childrenOf
	name    string
	input   []byte
	parent  *parent // nil for none
}

// startChild starts the child of a task.
func (c *call) startChild() {
	m, input := c.node.w.library.childOf(c.task)
	p := parent{parentTask{c.run, c.task.ID}, c.task.Completion == interpreter.ByJob, ""}
	c.start(&birth{m, m.id, fmt.Sprintf("child-%d-%d", c.run, c.task.ID), input, &p})
}

// start starts the run that a task is about, or finds the one that it has.
func (c *call) start(b *birth) {
	w, n := c.node.w, c.node
	run := n.takeRun()
	q := &question{run: run}
	q.done = func(a core.Answer) {
		n.after(w.slowly(), func() { c.childStarted(*b.parent, run, a) })
	}
	w.tracef("%v starts child run %d, %s, for task %d of run %d", n, run, b.machine.name, c.task.ID, c.run)
	n.after(w.dice.between(0, time.Millisecond), func() { n.create(q, b) })
}

// childStarted is the answer to the start, as in engine/start.go.
func (c *call) childStarted(p parent, run store.RunID, a core.Answer) {
	n := c.node
	var taken *core.NameTaken
	switch {
	case errors.As(a.Err, &taken):
		run = taken.Run
		h, err := n.w.mem.Head(context.Background(), run)
		if err != nil {
			c.invoke() // it was purged this instant
			return
		}
		if other, _ := parentOf(h); other.run == p.run && other.task > p.task {
			c.returns(c.failure("Taken")) // it was redriven for a later task
			return
		} else if other.run == p.run && other.task < p.task {
			c.goOn(run, &p) // it was started that instant for an earlier one
			return
		} else if other != p {
			n.w.fail("task %d of run %d finds run %d of another parent under its child's name", p.task, p.run, run)
		}
	case errors.Is(a.Err, core.ErrNotFound):
		c.invoke() // the child was refused, or began, ended and was purged, before the node heard of it
		return
	case a.Err != nil:
		return // the node's store has failed
	}
	n.w.audit.childAnswered(p, run)
	n.w.children[p.parentTask] = run
	if c.task.Connector == mapruns.MapRun {
		c.reopened(run, &p)
		return
	}
	if p.notify {
		c.returns(interpreter.TaskSubmitted{ID: c.task.ID, Output: []byte(`{"started":true}`)})
	} else {
		c.returns(work(c.task))
	}
}

// create begins a run on this node.
func (n *node) create(q *question, b *birth) {
	head := store.Head{Machine: b.listed, Definition: b.machine.id, Name: b.name}
	if b.parent != nil {
		head.Attributes = map[string]any{parentAttribute: b.parent.attribute()}
	}
	n.w.audit.creating(q.run, b.machine, b.input)
	creation := &core.Creation{
		Run: q.run, Program: b.machine.program, Info: n.w.library.info(b.machine, b.name), Head: head,
		Start: interpreter.Start{Input: value.Text(b.input)},
	}
	n.post(func(c *core.Core) { c.Create(q, creation) })
}

// unwanted stops the child of a task that nobody waits for any longer; or the
// request to do so gets lost, and the child goes on.
func (o *outside) unwanted(e *core.Effect) {
	if e.Task.Connector == mapruns.MapRun {
		return // see call.dismiss
	}
	child, ok := o.w.children[parentTask{e.Run, e.Task.ID}]
	if ok && e.Task.Completion == interpreter.ByJob && o.w.dice.chance(0.5) {
		o.w.stop(child)
	}
}

// stop aborts a run, until that is acknowledged.
func (w *World) stop(run store.RunID) {
	w.tracef("run %d is to be stopped", run)
	w.audit.stopping(run)
	name := "Stopped"
	again := func() { w.stop(run) }
	w.ask(&question{run: run, cmd: interpreter.Stop{Error: &name}, done: func(a core.Answer) {
		if a.Err != nil && a.Err != core.ErrNotFound {
			w.after(time.Second, again)
		}
	}}, again)
}

// redrive opens a run again if it has ended without success, once, however often
// it has to be asked for.
func (w *World) redrive(run store.RunID) {
	if w.plan.Redrive == 0 {
		return // it is calm: what has ended is to stay so
	}
	if w.deletion.refuses(w.audit.runs[run].machine) {
		return
	}
	token := fmt.Sprint(w.audit.redriving(run))
	w.tracef("run %d is to be redriven, %s", run, token)
	w.redriving++
	var ask func()
	ask = func() {
		w.ask(&question{run: run, cmd: interpreter.Redrive{Token: token}, done: func(a core.Answer) {
			if a.Err != nil && a.Err != core.ErrNotFound {
				w.after(time.Second, ask)
				return
			}
			w.redriving--
		}}, ask)
	}
	ask()
}

// childCommand is what the parent's task makes of the end of its child.
func childCommand(task uint64, r interpreter.Result) interpreter.Command {
	if r.Status == interpreter.Succeeded {
		return interpreter.TaskSucceeded{ID: task, Output: fmt.Appendf(nil, `{"Output":%s}`, r.Output.Text())}
	}
	name, cause := "Child."+r.Status.String(), refusal
	if r.Status == interpreter.Failed { // for whatever reason, it would do so again
		name = "Biz"
	}
	return interpreter.TaskFailed{ID: task, Error: &name, Cause: &cause}
}

// farewell is the message that a child owes its parent.
func (w *World) farewell(run store.RunID, h *store.Head, info interpreter.Info, r interpreter.Result) []store.Message {
	p, ok := parentOf(h)
	if !ok || !p.notify {
		return nil
	}
	cmd := childCommand(p.task, r)
	if mapruns.Ends(p.form) {
		cmd = endCommand(p.task, endOf(p.form, h, info, r))
	}
	return []store.Message{{To: p.run, MessageID: store.MessageID{Source: run, ID: 1 + uint64(r.Redrives)}, Body: writeMail(cmd)}}
}

// writeMail writes a result as a message: the task, and its output or, each after
// a zero byte, its error and cause.
func writeMail(cmd interpreter.Command) []byte {
	switch cmd := cmd.(type) {
	case interpreter.TaskSucceeded:
		return append(binary.AppendUvarint(nil, cmd.ID), cmd.Output...)
	case interpreter.TaskFailed:
		return append(binary.AppendUvarint(nil, cmd.ID), "\x00"+*cmd.Error+"\x00"+*cmd.Cause...)
	default:
		panic(violation{fmt.Sprintf("no message for a %T", cmd)})
	}
}

func readMail(m store.Message) (interpreter.Command, error) {
	task, n := binary.Uvarint(m.Body)
	if n <= 0 || len(m.Body) <= n {
		return nil, errors.New("damaged message")
	}
	body := m.Body[n:]
	if body[0] != 0 {
		return interpreter.TaskSucceeded{ID: task, Output: body}, nil
	}
	name, cause, _ := strings.Cut(string(body[1:]), "\x00")
	return interpreter.TaskFailed{ID: task, Error: &name, Cause: &cause}, nil
}

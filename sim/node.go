package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// node is one server process: the production shell around one core, as far as
// its order of events matters. See engine/shard.go.
type node struct {
	w    *World
	slot int
	id   store.NodeID
	up   bool
	life int // rises with each boot and crash

	core    *core.Core
	out     core.Output
	inputs  []func(*core.Core)
	turning bool
	wakeAt  int64 // when the next turn for a wake-up is due
	frozen  int64 // until then nothing happens here
	skew    time.Duration

	pending    []store.Batch
	committing int // how many commits are under way
	calls      map[callKey]*call
	handing    map[store.QueueRow]bool

	nextRun, endRun store.RunID
	cursor          store.WakeRow
	until, horizon  time.Time // what it wants the core's horizon to be, and what it is
}

// callKey names a call under way.
type callKey struct {
	run  store.RunID
	task uint64
}

// call is a task that a node carries out, from the commit that justifies it to
// the commit of its result.
type call struct {
	callKey
	node      *node
	task      *interpreter.Task
	cancelled bool
}

func (n *node) String() string { return fmt.Sprintf("node %d/%d", n.slot, n.id) }

// clock is the time as the node sees it.
func (n *node) clock() time.Time { return n.w.clock().Add(n.skew) }

// after has something happen at this node, if it still lives then. A frozen
// node does it when it thaws.
func (n *node) after(d time.Duration, do func()) {
	life := n.life
	var when func()
	when = func() {
		switch {
		case n.life != life:
		case n.frozen > n.w.now:
			n.w.events.add(n.frozen, when)
		default:
			do()
		}
	}
	n.w.after(d, when)
}

// post gives the core an input with the next turn.
func (n *node) post(input func(*core.Core)) {
	if !n.up {
		return
	}
	n.inputs = append(n.inputs, input)
	n.poke()
}

// poke schedules a turn, unless there is one.
func (n *node) poke() {
	if n.turning {
		return
	}
	n.turning = true
	n.after(n.w.dice.between(0, 300*time.Microsecond), n.turn)
}

// turn notes what came, decides it and carries out what follows.
func (n *node) turn() {
	n.turning = false
	n.core.SetTime(n.clock())
	inputs := n.inputs
	n.inputs = nil
	for _, input := range inputs {
		input(n.core)
	}
	n.core.Tick()
	n.core.Take(&n.out)
	n.w.audit.weighed(n)
	n.carryOut(&n.out)
	if n.core.Behind() {
		n.poke()
	}
	n.armed()
}

// armed schedules the turn of the next wake-up.
func (n *node) armed() {
	next := n.core.NextWake()
	if next.IsZero() {
		n.wakeAt = 0
		return
	}
	at := max(n.w.now, n.w.now+int64(next.Sub(n.clock())/time.Microsecond))
	if n.wakeAt != 0 && n.wakeAt >= n.w.now && n.wakeAt <= at {
		return
	}
	n.wakeAt = at
	n.after(time.Duration(at-n.w.now)*time.Microsecond, func() {
		if n.wakeAt == at {
			n.wakeAt = 0
		}
		n.poke()
	})
}

// carryOut does what the core asks for, in the order of the production shell.
func (n *node) carryOut(o *core.Output) {
	for i := range o.Commits {
		n.w.tracef("%v proposes run %d at %d, commit %x", n, o.Commits[i].Run, o.Commits[i].Position, o.Commits[i].Commit)
		n.w.audit.proposed(n, &o.Commits[i])
	}
	n.pending = append(n.pending, o.Commits...)
	n.commit()
	for _, run := range o.Loads {
		n.load(run)
	}
	for _, f := range o.Fetches {
		n.fetch(f)
	}
	for i := range o.Effects {
		n.effect(&o.Effects[i])
	}
	for _, m := range o.Mail {
		n.w.notify(m)
	}
	for _, run := range o.Discards {
		n.after(n.w.slowly(), func() { _ = n.w.mem.Discard(context.Background(), run) })
	}
	for _, i := range o.Incidents {
		n.w.fail("%v: incident of run %d: %s", n, i.Run, i.What)
	}
	for i := range o.Closed {
		n.w.audit.told(n, &o.Closed[i])
	}
	for i := range o.Answers {
		n.answer(&o.Answers[i])
	}
}

func (n *node) answer(a *core.Answer) {
	switch t := a.Ticket.(type) {
	case *call:
		if !errors.Is(a.Err, store.ErrFailed) {
			n.w.audit.answeredCall(n, t, a)
			n.settled(t)
		}
	case *question:
		n.w.after(n.w.dice.between(0, time.Millisecond), func(a core.Answer) func() {
			return func() { t.answered(a) }
		}(*a))
		n.w.audit.answered(n, t, a)
	}
}

// commit carries what waits to the store, a few calls at a time.
func (n *node) commit() {
	for n.committing < n.w.plan.Commits && len(n.pending) > 0 {
		k := 1 + n.w.dice.upTo(len(n.pending)-1)
		batches := n.pending[:k:k]
		n.pending = n.pending[k:]
		n.committing++
		n.send(batches, 1)
	}
}

// send repeats a request until its answer comes.
func (n *node) send(batches []store.Batch, attempt int) {
	life := n.life
	n.w.disk.commit(attempt, func() bool { return n.life == life }, batches, func(results []store.Result, err error) {
		if n.life != life {
			return
		}
		n.after(0, func() { n.sent(batches, attempt, results, err) })
	})
}

func (n *node) sent(batches []store.Batch, attempt int, results []store.Result, err error) {
	switch {
	case errors.Is(err, store.ErrFailed):
		n.w.tracef("%v: its store has failed", n)
		n.post(func(c *core.Core) { c.Failed(err) })
		n.after(10*time.Millisecond, n.crash)
	case err != nil:
		n.after(n.w.dice.between(0, 5*time.Millisecond), func() { n.send(batches, attempt+1) })
	default:
		n.committing--
		n.post(func(c *core.Core) {
			for i := range batches {
				n.w.tracef("%v hears of run %d, commit %x: %v", n, batches[i].Run, batches[i].Commit, results[i].Outcome)
				c.Committed(&batches[i], results[i])
			}
			for i := range batches {
				n.w.audit.holds(n, batches[i].Run)
			}
		})
		n.commit()
	}
}

// load reads a run for the core.
func (n *node) load(run store.RunID) {
	n.after(n.w.slowly(), func() {
		if n.w.dice.chance(n.w.plan.Lost) {
			n.load(run)
			return
		}
		l := &core.Loaded{Run: run}
		log, err := n.w.mem.Load(context.Background(), run, n.loadedMail())
		if err == nil {
			l.Log = log
			l.Program, l.Info = n.w.library.of(log.Head)
		}
		n.after(n.w.slowly(), func() {
			n.post(func(c *core.Core) {
				c.Loaded(l)
				n.w.audit.holds(n, run)
			})
		})
	})
}

// loadedMail is how much of its inbox is read with a run.
func (n *node) loadedMail() int {
	if n.w.plan.MailBytes > 0 {
		return n.w.plan.MailBytes
	}
	return 1 << 30
}

// fetch reads the beginning of an inbox for the core.
func (n *node) fetch(f core.Fetch) {
	n.after(n.w.slowly(), func() {
		if n.w.dice.chance(n.w.plan.Lost) {
			n.fetch(f)
			return
		}
		in, err := n.w.mem.Inbox(context.Background(), f.Run, f.Bytes)
		if err != nil {
			n.w.fail("the inbox of run %d cannot be read: %v", f.Run, err)
		}
		n.w.tracef("%v reads %d messages to run %d, more: %t", n, len(in.Messages), f.Run, in.More)
		n.after(n.w.slowly(), func() {
			n.post(func(c *core.Core) { c.Fetched(f.Run, in) })
		})
	})
}

// takeRun gives out a run id from the node's block.
func (n *node) takeRun() store.RunID {
	if n.nextRun == n.endRun {
		first, err := n.w.mem.AllocateRuns(context.Background(), 3)
		if err != nil {
			n.w.fail("no run ids: %v", err)
		}
		n.nextRun, n.endRun = first, first+3
	}
	n.nextRun++
	return n.nextRun - 1
}

package sim

import (
	"context"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// restartPause is the shortest time in which a node comes back. It is longer
// than any request of its former life can be under way when the store is in the
// same process.
const restartPause = time.Second

// boot begins a new life of a node: with a new id, and recovery.
func (n *node) boot() {
	if n.up {
		return
	}
	w := n.w
	w.lastNode++
	n.id, n.up, n.frozen = w.lastNode, true, 0
	n.life++
	n.skew = time.Duration(w.dice.Int64N(int64(w.plan.Skew) + 1))
	n.turning, n.wakeAt, n.inputs = false, 0, nil
	n.pending, n.committing = nil, 0
	n.calls, n.handing = map[callKey]*call{}, map[store.QueueRow]bool{}
	n.nextRun, n.endRun = 0, 0
	n.until, n.horizon = time.Time{}, time.Time{}
	n.out = core.Output{}
	n.core = core.New(core.Config{
		Node:        n.id,
		Shared:      len(w.nodes) > 1,
		Limits:      w.library.limits,
		CacheBytes:  w.plan.CacheBytes,
		MailBytes:   w.plan.MailBytes,
		TurnBytes:   w.plan.TurnBytes,
		Weigh:       true,
		Since:       store.Milli(n.clock()),
		Seed:        w.dice.Uint64(),
		Token:       token,
		QueueExists: func(string) bool { return true },
		Farewell:    w.farewell,
		Mail:        readMail,
	})
	w.tracef("%v boots", n)
	n.core.SetTime(n.clock())
	n.recover()
	n.watch()
}

// recover takes over what dead nodes have left, as the engine does when it
// opens: see engine/recover.go. A node also does it for another one that died.
func (n *node) recover() {
	if !n.up {
		return
	}
	owned, _ := n.w.mem.Owned(context.Background(), 0, 1<<20)
	for _, r := range owned {
		if !n.w.alive(r.Owner) || r.Owner == n.id && !n.has(r.Run) {
			n.adopt(r.Run)
		}
	}
	mail, _ := n.w.mem.Mail(context.Background(), 0, 1<<20)
	for _, run := range mail {
		n.w.tracef("%v checks the inbox of run %d", n, run)
		n.post(func(c *core.Core) { c.Check(run) })
	}
	n.cursor = store.WakeRow{}
	n.scan()
}

// has reports whether the node knows of a run. Where requests can arrive after
// they were given up, it may come to own runs that it does not know of.
func (n *node) has(run store.RunID) bool {
	_, ok := n.core.Inspect(run)
	return ok
}

func (n *node) adopt(run store.RunID) {
	n.w.tracef("%v adopts run %d", n, run)
	n.w.audit.report.Adoptions++
	n.post(func(c *core.Core) { c.Adopt(run) })
}

// alive reports whether a node id is that of a node that others hear of.
func (w *World) alive(id store.NodeID) bool {
	for _, n := range w.nodes {
		if n.up && n.id == id {
			return n.frozen <= w.now
		}
	}
	return false
}

// watch moves the near future ahead before it is used up: see engine/wakes.go.
func (n *node) watch() {
	n.scan()
	n.after(n.w.plan.Near/4, n.watch)
}

// scan brings wake-ups of the near future from the store into the core.
func (n *node) scan() {
	if next := n.clock().Add(n.w.plan.Near); next.Sub(n.until) > n.w.plan.Near/8 {
		n.until = next
		n.post(func(c *core.Core) { c.Horizon(next); n.horizon = next })
	}
	until := n.until
	n.after(time.Millisecond, func() { // when the core knows its horizon
		rows, _ := n.w.mem.Due(context.Background(), n.cursor, until, 1<<20)
		if len(rows) == 0 {
			return
		}
		n.cursor = rows[len(rows)-1]
		n.post(func(c *core.Core) {
			for _, r := range rows {
				c.Arm(r.Run, r.At)
			}
		})
	})
}

// crash ends the life of a node. It comes back after a while; before that,
// others may find that it is gone.
func (n *node) crash() {
	if !n.up {
		return
	}
	w := n.w
	w.tracef("%v crashes", n)
	w.audit.report.Crashes++
	n.up = false
	n.life++
	n.core, n.inputs, n.pending, n.calls = nil, nil, nil, nil
	if w.plan.Gone && w.someUp() != nil {
		w.after(w.dice.between(0, 3*time.Second), w.inherit)
		return
	}
	w.after(restartPause+w.dice.between(0, 6*time.Second), n.boot)
	w.missed(n)
}

// inherit has a node that is up take over from one that does not come back. If
// there is none, the next one to boot does.
func (w *World) inherit() {
	if n := w.someUp(); n != nil {
		n.recover()
	}
}

// someUp is the first node that is up, nil if there is none.
func (w *World) someUp() *node {
	for _, n := range w.nodes {
		if n.up {
			return n
		}
	}
	return nil
}

// missed has another node notice that a node does not answer.
func (w *World) missed(n *node) {
	if len(w.nodes) > 1 && w.dice.chance(0.7) {
		other := w.nodes[w.dice.IntN(len(w.nodes))]
		if other != n {
			w.after(w.dice.between(0, 3*time.Second), other.recover)
		}
	}
}

// freeze stops a node for a while without its knowing.
func (n *node) freeze() {
	if !n.up || n.frozen > n.w.now {
		return
	}
	n.frozen = n.w.later(n.w.dice.between(10*time.Millisecond, 8*time.Second))
	n.w.tracef("%v freezes", n)
	n.w.missed(n)
}

// thaw lets a frozen node go on.
func (n *node) thaw() { n.frozen = min(n.frozen, n.w.now) }

// startFaults lets the faults of nodes happen.
func (w *World) startFaults() {
	w.again(func() time.Duration { return w.plan.Crash }, func() { w.anyNode().crash() })
	w.again(func() time.Duration { return w.plan.Freeze }, func() { w.anyNode().freeze() })
	w.again(func() time.Duration { return w.plan.Suspect }, func() { w.suspect() })
	if w.plan.Jumps {
		w.after(w.dice.between(0, w.plan.Chaos), func() {
			w.leapt += w.dice.between(time.Second, 10*time.Minute)
			w.tracef("the clock jumps ahead")
		})
	}
}

// again has something happen again and again, for as long as mean is not zero.
func (w *World) again(mean func() time.Duration, do func()) {
	if mean() == 0 {
		return
	}
	w.after(w.dice.between(0, 2*mean()), func() {
		if mean() > 0 {
			do()
			w.again(mean, do)
		}
	})
}

func (w *World) anyNode() *node { return w.nodes[w.dice.IntN(len(w.nodes))] }

// suspect has a node take over a run whose owner lives.
func (w *World) suspect() {
	n := w.anyNode()
	rows, _ := w.mem.Owned(context.Background(), 0, 1<<20)
	if n.up && len(rows) > 0 {
		n.adopt(rows[w.dice.IntN(len(rows))].Run)
	}
}

// route is the node that gets what concerns a run: mostly the one that has it.
// Nil if no node is up.
func (w *World) route(run store.RunID) *node {
	var up []*node
	for _, n := range w.nodes {
		if n.up {
			up = append(up, n)
		}
	}
	if len(up) == 0 {
		return nil
	}
	if w.dice.chance(w.plan.Misroute) {
		return up[w.dice.IntN(len(up))]
	}
	if h, err := w.mem.Head(context.Background(), run); err == nil {
		for _, n := range up {
			if n.id == h.Owner {
				return n
			}
		}
	}
	return up[int(run)%len(up)]
}

// notify tells a node of a message that lies in the inbox of a run.
func (w *World) notify(m store.Message) {
	times := 1
	if w.dice.chance(w.plan.MailLost) {
		times = 0
	} else if w.dice.chance(w.plan.Doubled) {
		times = 2
	}
	for range times {
		w.after(w.dice.between(0, 2*time.Millisecond), func() {
			if n := w.route(m.To); n != nil {
				n.deliver(m)
			}
		})
	}
}

// outcomeOf shortens an answer for the trace.
func outcomeOf(a *core.Answer) string {
	if a.Err != nil {
		return a.Err.Error()
	}
	return [...]string{"done", "closed", "no task", "not expected"}[min(a.Outcome, interpreter.NotExpected)]
}

// deliver brings a message, or only tells of it.
func (n *node) deliver(m store.Message) {
	if n.w.plan.MailBytes > 0 && n.w.dice.chance(0.3) {
		n.post(func(c *core.Core) { c.Mail(m.To) })
		return
	}
	n.post(func(c *core.Core) { c.Deliver(m) })
}

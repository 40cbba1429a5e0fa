package sim

import (
	"context"
	"time"

	"github.com/fermata-dev/fermata/engine/core"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// news says that a queue has rows.
func (o *outside) news(queue string) {
	if !o.polling[queue] {
		o.polling[queue] = true
		o.w.after(o.w.dice.between(0, 300*time.Millisecond), func() { o.poll(queue) })
	}
}

// poll has a worker ask some node for a task, as long as there are rows.
func (o *outside) poll(queue string) {
	rows, _ := o.w.mem.Queue(context.Background(), queue, store.QueueRow{}, 16)
	if len(rows) == 0 {
		o.polling[queue] = false
		return
	}
	o.w.after(o.w.dice.between(time.Millisecond, 500*time.Millisecond), func() { o.poll(queue) })
	n := o.w.anyNode()
	if len(o.w.nodes) > 1 && !o.w.dice.chance(o.w.plan.Misroute) {
		n = o.w.route(rows[0].Run)
	}
	if n == nil || !n.up {
		return
	}
	for _, row := range rows {
		if !n.handing[row] {
			n.handOut(row)
			return
		}
	}
}

// handOut gives a task to a worker, who begins when that is durable.
func (n *node) handOut(row store.QueueRow) {
	w := n.w
	n.handing[row] = true
	life := n.life
	q := &question{run: row.Run, task: row.Task, cmd: interpreter.TaskStarted{ID: row.Task, Worker: "w"}}
	q.done = func(a core.Answer) {
		if n.life == life {
			delete(n.handing, row)
		}
		if a.Err != nil || a.Outcome != interpreter.Done || a.Task == nil {
			return
		}
		if !w.dice.chance(w.plan.Silent) {
			w.outside.hold(row.Run, a.Task)
		}
	}
	w.audit.asked(q)
	n.after(0, func() { n.post(q.put) })
}

package sim

import (
	"context"
	"fmt"
	"strings"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// What is left when everything has ended is checked here.

// allEnded checks that no run is open and every client was served.
func (a *auditor) allEnded() {
	for _, l := range a.order {
		if l.open() {
			a.w.fail("run %d does not end: %s", l.run, a.stuck(l))
		}
	}
	if !a.w.served() {
		a.w.fail("a client is not served")
	}
}

// stuck tells how a run stands that does not go on.
func (a *auditor) stuck(l *ledger) string {
	var b strings.Builder
	fmt.Fprintf(&b, "head %+v", l.head)
	l.state.Outstanding(func(t *interpreter.Task, p interpreter.Phase) bool {
		fmt.Fprintf(&b, "; task %d of %s in phase %d", t.ID, t.State, p)
		return true
	})
	for _, n := range a.w.nodes {
		if n.up {
			i, ok := n.core.Inspect(l.run)
			fmt.Fprintf(&b, "; %v: mailbox %t, ready %t, waiting %d, armed %v", n, ok, i.Ready, i.Waiting, i.Armed)
		}
	}
	return b.String()
}

// clean checks that nothing is left of runs that are closed but themselves.
func (a *auditor) clean() {
	ctx := context.Background()
	if rows, _ := a.w.mem.Owned(ctx, 0, 10); len(rows) > 0 {
		a.w.fail("runs are owned after all have ended: %v", rows)
	}
	if rows, _ := a.w.mem.Due(ctx, store.WakeRow{}, epoch.AddDate(1000, 0, 0), 10); len(rows) > 0 {
		a.w.fail("wake-ups are left after all have ended: %v", rows)
	}
	for _, queue := range queues {
		if rows, _ := a.w.mem.Queue(ctx, queue, store.QueueRow{}, 10); len(rows) > 0 {
			a.w.fail("rows are left in a queue after all have ended: %v", rows)
		}
	}
	if rows, _ := a.w.mem.Mail(ctx, 0, 10); len(rows) > 0 {
		a.w.fail("messages to runs %v are left after all have ended", rows)
	}
	for _, n := range a.w.nodes {
		if !n.up {
			continue
		}
		if n.core.Timers() > 0 {
			a.w.fail("%v has %d wake-ups after all have ended", n, n.core.Timers())
		}
		if len(n.calls) > 0 {
			a.w.fail("%v has %d calls after all have ended", n, len(n.calls))
		}
	}
}

// empty checks that nothing is left at all once everything was purged.
func (a *auditor) empty() {
	ctx := context.Background()
	for _, l := range a.order {
		if l.created && !l.purged {
			a.w.fail("run %d is not purged", l.run)
		}
		if _, err := a.w.mem.Head(ctx, l.run); err == nil {
			a.w.fail("run %d was purged and is there", l.run)
		}
	}
	for _, m := range a.w.library.machines {
		if rows, _ := a.w.mem.List(ctx, store.ListQuery{Machine: m.id, AnyStatus: true}, store.ListRow{}, 10); len(rows) > 0 {
			a.w.fail("purged runs are listed: %v", rows)
		}
	}
	if rows, _ := a.w.mem.ClosedBefore(ctx, store.WakeRow{}, epoch.AddDate(1000, 0, 0), 10); len(rows) > 0 {
		a.w.fail("purged runs wait for their purge: %v", rows)
	}
	a.clean()
}

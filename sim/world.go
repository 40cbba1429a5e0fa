package sim

import (
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/fermata-dev/fermata/store"
	"github.com/fermata-dev/fermata/store/memstore"
)

// World is one simulated world. It is made and used up by Run.
type World struct {
	seed     uint64
	dice     dice
	second   dice // of what is done a second time: redrives
	maps     dice // of distributed Maps
	plan     Plan
	requests time.Duration // how long a request can be under way
	forsaken time.Duration // how long a map run may go on that nobody waits for
	trace    io.Writer     // nil for none

	now    int64         // virtual time, microseconds since epoch
	leapt  time.Duration // by how much the nodes' clocks have jumped ahead
	events schedule
	steps  int

	mem      *memstore.Store
	disk     *disk
	audit    *auditor
	library  *library
	nodes    []*node
	lastNode store.NodeID
	outside  *outside
	clients  []*client
	children map[parentTask]store.RunID
	files    *files
	// redriving is how many redrives were asked for and not answered.
	redriving int
	deletion  *deletion // nil for none
}

// Report tells what happened in a world that kept its promises. Deleted are the runs
// that learned that their machine is deleted.
type Report struct {
	Steps, Commits, Refused, Runs, Crashes, Adoptions, Tasks, Snapshots, Redrives, Deleted int
}

// The instants and limits of every world.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	patience = 24 * time.Hour // calm time in which everything has to end
	drain    = 3 * time.Minute
	maxSteps = 200_000
)

// Run runs the world of a seed. An error is a broken promise: it tells the seed
// and the step. If trace is not nil, everything that happens is written to it.
func Run(seed uint64, trace io.Writer) (report Report, err error) {
	w := &World{seed: seed, trace: trace}
	defer func() {
		if p := recover(); p != nil {
			err = w.broken(p)
			w.tracef("%v", err)
		}
	}()
	w.build()
	w.run()
	return w.report(), nil
}

// build draws what the world is made of. Each kind has a stream of randomness of
// its own, so that a change in one leaves the others as they are.
func (w *World) build() {
	w.dice, w.plan = newDice(w.seed, 1), drawPlan(newDice(w.seed, 2))
	if w.second = newDice(w.seed, 4); w.second.chance(0.4) {
		w.plan.Redrive = 0.7
	}
	w.maps = newDice(w.seed, 5)
	w.plan.drawMaps(w.maps)
	w.plan.drawLong(newDice(w.seed, 6))
	w.plan.drawNarrow(newDice(w.seed, 8))
	w.plan.drawRoom(newDice(w.seed, 9))
	w.plan.drawCommits(newDice(w.seed, 10))
	w.mem = memstore.New(memstore.Options{})
	w.children = map[parentTask]store.RunID{}
	w.requests, w.forsaken = w.plan.requestLife(), w.plan.forsakenLife()
	w.library = newLibrary(newDice(w.seed, 3), w.maps, w.plan)
	w.audit = newAuditor(w)
	w.disk = &disk{w: w}
	w.outside = newOutside(w)
	w.files = newFiles(w)
	for slot := range w.plan.Nodes {
		w.nodes = append(w.nodes, &node{w: w, slot: slot})
	}
}

// violation is a promise that was broken.
type violation struct{ what string }

// fail ends the world.
func (w *World) fail(format string, args ...any) {
	panic(violation{fmt.Sprintf(format, args...)})
}

func (w *World) broken(p any) error {
	what, ok := p.(violation)
	if !ok {
		what.what = fmt.Sprintf("panic: %v\n%s", p, debug.Stack())
	}
	return fmt.Errorf("seed %d, step %d, at %v: %s", w.seed, w.steps, time.Duration(w.now)*time.Microsecond, what.what)
}

// tracef writes a line to the trace.
func (w *World) tracef(format string, args ...any) {
	if w.trace == nil {
		return
	}
	fmt.Fprintf(w.trace, "%6d %12v ", w.steps, time.Duration(w.now)*time.Microsecond)
	fmt.Fprintf(w.trace, format, args...)
	fmt.Fprintln(w.trace)
}

// after has something happen after a while.
func (w *World) after(d time.Duration, do func()) {
	w.events.add(w.now+int64(d/time.Microsecond), do)
}

// clock is the time that nodes without skew see.
func (w *World) clock() time.Time {
	return epoch.Add(time.Duration(w.now)*time.Microsecond + w.leapt)
}

// slowly is a delay of the store.
func (w *World) slowly() time.Duration { return w.dice.between(50*time.Microsecond, w.plan.Slow) }

// until lets things happen until an instant, or until done says so.
func (w *World) until(end int64, done func() bool) {
	for w.events.Len() > 0 && w.events.events[0].at <= end {
		if done != nil && done() {
			return
		}
		if w.steps++; w.steps > maxSteps {
			w.fail("the world does not come to rest")
		}
		e := w.events.next()
		w.now = max(w.now, e.at)
		e.do()
	}
	w.now = max(w.now, end)
}

func (w *World) later(d time.Duration) int64 { return w.now + int64(d/time.Microsecond) }

// run is the life of the world: chaos, calm, and the end of all things.
func (w *World) run() {
	w.tracef("plan %+v", w.plan)
	for _, n := range w.nodes {
		n.boot()
	}
	w.startDeletion(newDice(w.seed, 10))
	w.startClients()
	w.startFaults()
	w.startRetention()
	w.until(w.later(w.plan.Chaos), nil)
	w.calm()
	w.until(w.later(patience), func() bool { return w.audit.open == 0 && w.served() })
	w.audit.allEnded()
	w.end()
}

// calm ends the faults. Nodes that are down come back.
func (w *World) calm() {
	strict := w.plan.Nodes == 1 && w.plan.MailLost == 0
	w.plan = w.plan.calm()
	w.tracef("calm")
	for _, n := range w.nodes {
		n.thaw()
		if !n.up && (!w.plan.Gone || w.someUp() == nil) {
			w.after(restartPause, n.boot)
		}
	}
	if !strict { // what was on its way from the dead, and notifications that were lost
		w.after(zombieLife, func() {
			for _, n := range w.nodes {
				n.recover()
			}
		})
	}
}

// end looks at what is left when all runs have ended, and then when all are
// purged.
func (w *World) end() {
	w.plan.Near = time.Hour // nothing is going to be due
	w.until(w.later(drain), nil)
	w.audit.clean()
	w.plan.Retention = 0
	w.leapt += time.Hour
	w.purge(w.someUp())
	w.until(w.later(drain), nil)
	w.someUp().recover()
	w.until(w.later(drain), nil)
	w.audit.empty()
}

func (w *World) report() Report {
	r := w.audit.report
	r.Steps = w.steps
	return r
}

// Add adds the numbers of another report.
func (r *Report) Add(o Report) {
	r.Steps += o.Steps
	r.Commits += o.Commits
	r.Refused += o.Refused
	r.Runs += o.Runs
	r.Crashes += o.Crashes
	r.Adoptions += o.Adoptions
	r.Tasks += o.Tasks
	r.Snapshots += o.Snapshots
	r.Redrives += o.Redrives
	r.Deleted += o.Deleted
}

package sim

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/connector/mapruns"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Of map runs the auditor checks that
//
//   - a child gets what the items in their order give it, succeeds at most once,
//     and is counted once, as what it has ended as, when it has ended;
//   - the counts add up, whatever the time;
//   - it ends as its tolerance demands, when no child runs, and then no child
//     starts any more;
//   - no more children are under way than may be;
//   - its results are complete and in the order of the items, and files of them
//     have each child once;
//   - it soon begins no more children when nobody waits for it, and has those
//     stopped that run.

// forsakenLife is how long a map run may go on that nobody waits for. Where there
// are many nodes nobody need notice: the one that was to stop it may have died,
// while another one has the map run.
func (p *Plan) forsakenLife() time.Duration {
	switch {
	case p.Nodes > 1:
		return patience
	case p.Crash > 0 || p.StoreFails > 0 || p.Lost > 0: // what the store answers gets lost, too
		return 2 * time.Minute
	default:
		return 10 * time.Second
	}
}

// stopLife is how long it may take to stop the children of a map run.
const stopLife = 30 * time.Second

// mapLedger is what a ledger of a map run has besides.
type mapLedger struct {
	model    *mapModel
	children []*ledger // Standard ones by their numbers, nil for those that never began
	begun    int       // how many of them there are
	ends     []end     // of all children, by their numbers
	redriven bool      // the batch that is looked at has opened it again
	forsaken int64     // since when nobody waits for it, 0 if somebody does
	changes  bool      // somebody changes its settings
}

// end is how a child stands for its map run.
type end struct {
	status  interpreter.Status // as which it is counted, Running for one that is not
	waiting bool               // to run again
}

// born notes a run that belongs to a map run, or is one.
func (a *auditor) born(l *ledger) {
	switch l.machine.role {
	case mapRunOfIt:
		model := a.w.library.model(l.machine, l.input)
		l.maps = &mapLedger{model: model, children: make([]*ledger, len(model.children)), ends: make([]end, len(model.children))}
		if !a.waited(l.run) {
			l.maps.forsaken = a.w.now
		}
		a.visited(l)
		a.w.changeSoon(l)
	case mapItemOfIt:
		a.childBorn(l, a.runs[l.parent.run])
	}
}

// visit is one time that an execution was in a distributed Map state.
type visit struct {
	execution store.RunID
	machine   *machine
	entered   uint64
}

// visited checks that there is another map run for a visit only where the last one
// has failed, so that the state may be tried again. In a redrive one that was
// stopped goes on, and nothing that has succeeded is done again.
func (a *auditor) visited(l *ledger) {
	v := visit{l.parent.run, l.machine, l.maps.model.config.Entered}
	if before := a.visits[v]; before != nil && before.ended != interpreter.Failed {
		a.w.fail("run %d is started for the same visit as run %d, which has not failed", l.run, before.run)
	}
	a.visits[v] = l
}

func (a *auditor) childBorn(l, of *ledger) {
	number := of.task(l.parent.task).child
	if !of.open() {
		a.w.fail("run %d starts as a child of run %d, which has ended", l.run, of.run)
	}
	children := of.maps.children
	if number < 0 || number >= int64(len(children)) {
		a.w.fail("run %d is child %d of run %d, which should have %d", l.run, number, of.run, len(children))
	}
	if first := children[number]; first != nil {
		a.w.fail("runs %d and %d are both child %d of run %d", first.run, l.run, number, of.run)
	}
	if want := of.maps.model.children[number].input; !bytes.Equal(l.input, want) {
		a.w.fail("run %d is child %d of run %d and gets %s, should get %s", l.run, number, of.run, l.input, want)
	}
	children[number] = l
	of.maps.begun++
}

// waited says whether the state for which a map run was started waits for it.
func (a *auditor) waited(run store.RunID) bool {
	l := a.runs[run]
	of := a.runs[l.parent.run]
	if !of.open() {
		return false
	}
	t, _ := of.state.Task(l.parent.task)
	return t != nil
}

// noteChild keeps which child a task of a map run is about.
func (r *taskRecord) noteChild(t *interpreter.Task) {
	r.child = -1
	text, _, _ := strings.Cut(t.Resource, "/")
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && t.Connector == mapruns.Child {
		r.child = n
	}
}

// maps looks at what a batch of any run says of map runs.
func (a *auditor) maps(l *ledger, b *store.Batch) {
	if b.Entry == nil {
		return
	}
	a.forsake(l)
	if l.maps == nil {
		return
	}
	a.counted(l)
	if a.w.maps.chance(0.1) {
		a.restores(l, l.state.Snapshot(nil))
	}
}

// forsake notes the map runs whose tasks have ended with the last commit.
func (a *auditor) forsake(l *ledger) {
	for _, id := range l.lately {
		child := a.children[parentTask{l.run, id}]
		if child != nil && child.maps != nil && child.open() && child.maps.forsaken == 0 {
			child.maps.forsaken = a.w.now
		}
	}
}

// redriven notes what follows when a map run was opened again: the children that
// did not succeed are to run again, unless it had succeeded itself.
func (a *auditor) redriven(l *ledger) {
	m := l.maps
	if m.redriven = false; l.ended == interpreter.Succeeded {
		return
	}
	if m.forsaken = 0; !a.waited(l.run) {
		m.forsaken = a.w.now
	}
	for i := range m.ends {
		s := m.ends[i].status
		m.ends[i].waiting = s != interpreter.Running && s != interpreter.Succeeded
	}
}

// counted compares the counts of a map run with what its children have come to.
func (a *auditor) counted(l *ledger) {
	for _, id := range l.lately {
		if number := l.task(id).child; number >= 0 {
			a.childCounted(l, id, number)
		}
	}
	if l.maps.redriven {
		a.redriven(l)
	}
	for _, id := range l.live {
		if r := l.task(id); r.child >= 0 && r.scheduled == l.head.Position {
			a.childBegins(l, r.child)
		}
	}
	if !l.open() {
		l.maps.settle()
	}
	d := l.state.(*maprun.Run).Describe()
	switch {
	case !addUp(&d.Items) || !addUp(&d.Executions):
		a.w.fail("run %d counts what does not add up: %+v", l.run, d)
	case !l.machine.of.express:
		items, executions := l.maps.counts()
		if !sameEnds(&d.Items, &items) || !sameEnds(&d.Executions, &executions) {
			a.w.fail("run %d counts %+v, its children say %+v and %+v", l.run, d, items, executions)
		}
	}
}

func addUp(c *maprun.Counts) bool {
	return c.Pending >= 0 && c.PendingRedrive >= 0 && c.Total == c.Pending+c.PendingRedrive+c.Running+c.Succeeded+c.Failed+c.TimedOut+c.Aborted
}

// settle: when a map run ends, the children that wait to run again are what they
// were.
func (m *mapLedger) settle() {
	for i := range m.ends {
		m.ends[i].waiting = false
	}
}

// counts are those of all children.
func (m *mapLedger) counts() (items, executions maprun.Counts) {
	for i, e := range m.ends {
		if e.waiting {
			items.PendingRedrive += m.model.children[i].items
			executions.PendingRedrive++
			continue
		}
		add(&items, e.status, m.model.children[i].items)
		add(&executions, e.status, 1)
	}
	return items, executions
}

func sameEnds(a, b *maprun.Counts) bool {
	return a.Succeeded == b.Succeeded && a.Failed == b.Failed && a.TimedOut == b.TimedOut && a.Aborted == b.Aborted &&
		a.PendingRedrive == b.PendingRedrive
}

func add(c *maprun.Counts, s interpreter.Status, n int64) {
	switch s {
	case interpreter.Running:
	case interpreter.Succeeded:
		c.Succeeded += n
	case interpreter.TimedOut:
		c.TimedOut += n
	case interpreter.Aborted:
		c.Aborted += n
	default:
		c.Failed += n
	}
}

// childBegins notes that a child was given to whoever starts it, or lets it go on.
func (a *auditor) childBegins(l *ledger, number int64) {
	m := l.maps
	if number >= int64(len(m.ends)) {
		a.w.fail("run %d begins child %d of %d", l.run, number, len(m.ends))
	}
	if m.ends[number].status == interpreter.Succeeded {
		a.w.fail("run %d begins child %d again, which has succeeded", l.run, number)
	}
	if m.forsaken != 0 && a.w.now-m.forsaken > int64(a.w.forsaken/time.Microsecond) {
		a.w.fail("run %d begins child %d, and nobody has waited for it since %v", l.run, number, time.Duration(m.forsaken)*time.Microsecond)
	}
	d := l.state.(*maprun.Run).Describe()
	if most := d.MaxConcurrency; most > 0 && !m.changes && d.Executions.Running > most {
		a.w.fail("run %d begins child %d, and %d are under way of at most %d", l.run, number, d.Executions.Running, most)
	}
	m.ends[number] = end{}
}

// childCounted notes the end of a task that was about a child.
func (a *auditor) childCounted(l *ledger, task uint64, number int64) {
	m, child := l.maps, l.maps.children[number]
	if l.machine.of.express {
		return // it may have been given up
	}
	if child == nil || child.parent.task != task || child.open() {
		a.w.fail("run %d counts child %d before that has ended", l.run, number)
	}
	m.ends[number].status = child.ended
}

// itemClosed checks that a child was stopped if nobody waits for its map run.
func (a *auditor) itemClosed(l *ledger) {
	of := a.runs[l.parent.run]
	since := of.maps.forsaken
	if since != 0 && a.w.now-since > int64((a.w.forsaken+stopLife)/time.Microsecond) && l.ended != interpreter.Aborted {
		a.w.fail("run %d ends as a child of run %d, for which nobody has waited since %v", l.run, of.run, time.Duration(since)*time.Microsecond)
	}
}

// mapRunClosed checks how a map run ended.
func (a *auditor) mapRunClosed(l *ledger) {
	m, r := l.maps, l.state.Result()
	for _, child := range m.children {
		if child != nil && child.open() {
			a.w.fail("run %d has ended, and its child %d runs", l.run, child.run)
		}
	}
	a.listed(l)
	if r.Status == interpreter.Aborted && (l.stopped || m.forsaken != 0) {
		return
	}
	why := ""
	if r.Error != nil {
		why = *r.Error
	}
	model := m.model
	switch {
	case r.Status == interpreter.Succeeded && !model.fails():
		a.complete(l, r.Output.Text())
	case r.Status == interpreter.Failed && why == errorTolerance && model.intolerable(model.config.Settings),
		r.Status == interpreter.Failed && why == errorUnreadable && model.unreadable,
		r.Status == interpreter.Failed && why == errorUnwritable && model.unwritable:
	default:
		a.w.fail("run %d ends with %s; %s", l.run, show(r), model.config.Text())
	}
}

// complete checks the counts and the output of a map run that has succeeded.
func (a *auditor) complete(l *ledger, output []byte) {
	model := l.maps.model
	d := l.state.(*maprun.Run).Describe()
	items, failed := model.counts()
	children := int64(len(model.children))
	if d.Items.Total != items || d.Items.Succeeded != items-failed || d.Items.Failed != failed || d.Executions.Succeeded+d.Executions.Failed != children {
		a.w.fail("run %d has succeeded with %+v, of %d items and %d children", l.run, d, items, children)
	}
	switch {
	case model.files():
		if d.Items.ResultsWritten != items || d.Executions.ResultsWritten != children {
			a.w.fail("run %d has written %+v, of %d items and %d children", l.run, d, items, children)
		}
	case model.transformation() == "NONE":
		a.records(l, map[int64]bool{}, "", output)
	default:
		if want := array(nil, model.results()); !bytes.Equal(output, want) {
			a.w.fail("run %d gives %s, should give %s", l.run, output, want)
		}
	}
}

// listed checks the files that a map run has written when it ends: they have each
// of its children once, in the file of its kind.
func (a *auditor) listed(l *ledger) {
	model, r := l.maps.model, l.state.Result()
	if !model.files() || model.refuses(r.Redrives) {
		return
	}
	var kinds map[string][]struct {
		Key  string
		Size int
	}
	redrives := r.Redrives
	manifest, there := a.w.files.manifests[manifestOf(l.run, redrives)]
	for r.Status == interpreter.Succeeded && !there && redrives > 0 { // it had succeeded before
		redrives--
		manifest, there = a.w.files.manifests[manifestOf(l.run, redrives)]
	}
	if !there {
		a.w.fail("run %d has ended without a manifest", l.run)
	}
	read(manifest, &kinds)
	written, files, left, seen := a.w.files.written[l.run], 0, 0, map[int64]bool{}
	for kind, list := range kinds {
		for _, file := range list {
			text, there := written[file.Key]
			if !there || len(text) != file.Size {
				a.w.fail("run %d lists the file %s of %d bytes, and has written %d", l.run, file.Key, file.Size, len(text))
			}
			if files++; kind == "PENDING" {
				left += a.left(l, text, left)
			} else {
				a.records(l, seen, kind, text)
			}
		}
	}
	if files > len(written) || files < len(written) && r.Redrives == 0 || !l.machine.of.express && len(seen) != l.maps.begun {
		a.w.fail("run %d lists %d files with %d records, and has written %d, of %d children", l.run, files, len(seen), len(written), l.maps.begun)
	}
}

// records checks that each child has at most one record, which says how it ended.
// Without a kind they are those of all children, in the order of the items.
func (a *auditor) records(l *ledger, seen map[int64]bool, kind string, text []byte) {
	var all []record
	read(text, &all)
	if children := len(l.maps.children); kind == "" && len(all) != children {
		a.w.fail("run %d gives %d records of %d children", l.run, len(all), children)
	}
	for i := range all {
		r := &all[i]
		number, err := strconv.ParseInt(r.Name[strings.LastIndexByte(r.Name, '-')+1:], 10, 64)
		if err != nil || kind == "" && number != int64(i) || seen[number] || !a.fits(l, number, r, kind) {
			a.w.fail("run %d has the record %+v among those that have %s", l.run, r, kind)
		}
		seen[number] = true
	}
}

// left checks the records of children that were not begun, and returns how many they
// are; so many of the others are in files before. Those of batches need not be full,
// where not all items were read.
func (a *auditor) left(l *ledger, text []byte, before int) int {
	var all []record
	read(text, &all)
	model := l.maps.model
	counts := l.state.(*maprun.Run).Describe().Executions
	begun := int(counts.Total-counts.Pending) + before
	for i := range all {
		r := &all[i]
		if model.config.Batcher == nil && (begun+i >= len(model.children) || r.Input != string(model.children[begun+i].input)) || r.Status != "PENDING" {
			a.w.fail("run %d has the record %+v among those of children that were not begun", l.run, r)
		}
	}
	return len(all)
}

// record describes a child.
type record struct{ Name, Status, Input, Output string }

// fits says whether a record is what a child has come to.
func (a *auditor) fits(l *ledger, number int64, r *record, kind string) bool {
	status, output := interpreter.Aborted, ""
	model := &l.maps.model.children[number]
	if child := l.maps.children[number]; l.machine.of.express || child != nil && child.ended == model.end.Status {
		status = model.end.Status
	}
	if status == interpreter.Succeeded {
		output = string(model.end.Output.Text())
	}
	return r.Status == status.String() && r.Input == string(model.input) && r.Output == output &&
		(kind == "" || (kind == "SUCCEEDED") == (status == interpreter.Succeeded))
}

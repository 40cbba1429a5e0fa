package maprun

import (
	"slices"

	"github.com/fermata-dev/fermata/interpreter"
)

// A redrive opens a map run again that has ended without success: first the
// children run again that have ended so, in the order of their numbers, then the
// items that never were given to one. What succeeded is kept. Standard children are
// redriven themselves; Express children are run anew, with the inputs that the log
// of the map run has.

// mostRedrives is how often a map run can be redriven (reference 17).
const mostRedrives = 1000

// redo is what is left of a redrive.
type redo struct {
	// The children that wait to run again, by how they have ended. They count as
	// that again when the map run ends without them.
	executions, items Counts
	from              int64 // the first number to look at; see also recount.go
	inputs            recollection
}

// waiting is how many children are left.
func (d *redo) waiting() int64 { return d.executions.unsuccessful() }

func (t *turn) redrive() interpreter.Outcome {
	r := t.run
	switch {
	case r.version == 0 || !r.status.Closed():
		return interpreter.NotExpected
	case !r.redrivable():
		return interpreter.Closed
	}
	t.append(&fact{kind: factRedriven})
	return interpreter.Done
}

// redrivable says whether the map run can go on after its end. One that has
// succeeded gives its output again: whoever waited for it may have been stopped
// before it heard of that.
func (r *Run) redrivable() bool {
	return r.status.Closed() && r.redrives < mostRedrives && (r.status == interpreter.Succeeded || !r.lost)
}

func (r *Run) applyRedriven() error {
	if !r.status.Closed() || r.lost && r.status != interpreter.Succeeded {
		return errImpossible
	}
	r.status, r.error, r.cause, r.ending, r.stopAt = interpreter.Running, nil, nil, nil, 0
	r.redrives++
	r.redriven = r.last
	if r.output != nil {
		return nil // all is done
	}
	r.redo = redo{executions: r.executions.takeUnsuccessful(), items: r.items.takeUnsuccessful()}
	r.dropFailures()
	r.results.reopen()
	if exports(r.config) {
		done := &r.results.files[succeededFile]
		r.executions.ResultsWritten = r.executions.Succeeded - int64(len(done.pending)) - r.results.deferred.children
		r.items.ResultsWritten = r.items.Succeeded - done.items - r.results.deferred.items
	}
	return nil
}

// takeUnsuccessful moves the children that did not succeed out of the counts.
func (c *Counts) takeUnsuccessful() Counts {
	taken := Counts{Failed: c.Failed, TimedOut: c.TimedOut, Aborted: c.Aborted}
	c.Failed, c.TimedOut, c.Aborted, c.NotRedrivable = 0, 0, 0, 0
	return taken
}

// giveBack counts those that did not run again as what they were.
func (c *Counts) giveBack(left *Counts) {
	c.Failed += left.Failed
	c.TimedOut += left.TimedOut
	c.Aborted += left.Aborted
}

// reopen lets go of the files about children that did not succeed: what becomes of
// them is written anew.
func (s *results) reopen() {
	s.dropUnsuccessful()
	s.files[failedFile], s.files[pendingFile] = files{}, files{}
	s.files[succeededFile].count, s.left = 0, 0
	s.listed, s.broken, s.incomplete = nil, false, false
}

// relaunch has the next child run again.
func (t *turn) relaunch() {
	t.appendTask(&fact{kind: factRelaunched, number: t.run.failures.next(t.run.redo.from)})
}

func (r *Run) applyRelaunched(f *fact) error {
	status, items, ok := r.failures.get(f.number)
	if !ok || f.number < r.redo.from || r.redo.waiting() == 0 {
		return errImpossible
	}
	j, payload := &job{kind: jobRedrive, number: f.number, items: items}, []byte("{}")
	if r.program.Express {
		if payload, ok = r.redo.inputs.take(f.number); !ok {
			return errImpossible
		}
		j.kind = jobRerun
	}
	r.failures.clear(f.number)
	r.redo.from = f.number + 1
	r.redo.executions.add(status, -1)
	r.redo.items.add(status, -items)
	r.begin(j, payload)
	r.items.Running += items
	r.executions.Running++
	return nil
}

// Waiting are children that wait to run again.
type Waiting struct {
	from int64
	of   failures
}

// Waiting gives those that wait now.
func (r *Run) Waiting() Waiting {
	if r.redo.waiting() == 0 || r.ending != nil || r.status.Closed() {
		return Waiting{}
	}
	return Waiting{r.redo.from, failures{words: slices.Clone(r.failures.words)}}
}

// Has says whether the child of that number is among them.
func (w Waiting) Has(number int64) bool {
	_, _, failed := w.of.get(number)
	return failed && number >= w.from
}

package maprun

import (
	"github.com/fermata-dev/fermata/interpreter"
)

// action is what a map run can do by itself.
type action uint8

const (
	nothing        action = iota
	giveUp                // too many items have failed
	readOn                // ask for the next block of items
	launch                // give the next child to whoever starts it
	recall                // have inputs read that children had
	relaunch              // have the next child run again that did not succeed
	writeSucceeded        // give a file of results to the writer, in the order of their kinds
	writeFailed
	writePending
	recount // have records read of children that a redrive did not reach
	regain  // have records read that were deferred
	leave   // make the record of a child that was not begun
	list    // write the manifest
	stop    // have the children stopped that run
	close   // end
)

// next is what there is to do at that time.
func (r *Run) next(now int64) action {
	switch {
	case r.ending == nil && r.exceeded():
		return giveUp
	case r.ending != nil && r.children > 0:
		if r.stopTask != 0 || now < r.stopAt || r.program.Express {
			return r.export()
		}
		return stop
	case r.ending == nil && r.output == nil && r.source.low():
		return readOn
	case r.ending == nil && r.redo.waiting() > 0 && r.redo.inputs.task == 0 && r.mustRecall():
		return recall
	case r.ending == nil && r.redo.waiting() > 0 && r.room() && !r.mustRecall():
		return relaunch
	case r.ending == nil && r.redo.waiting() == 0 && r.room() && r.enough():
		return launch
	}
	if a := r.export(); a != nothing || !r.over() {
		return a
	}
	return close
}

// over says whether all is done but for the files.
func (r *Run) over() bool { return r.rests() && len(r.jobs) == 0 }

// rests says whether no child is under way and none will be.
func (r *Run) rests() bool {
	return r.children == 0 && (r.ending != nil || r.output != nil || r.source.empty() && r.redo.waiting() == 0)
}

// export is what there is to do about files.
func (r *Run) export() action {
	if !exports(r.config) || r.results.broken || r.output != nil {
		return nothing
	}
	if r.mustRestore() {
		return regain
	}
	rest := r.rests() && r.results.deferred.children == 0
	if rest && r.leftOver() && r.results.files[pendingFile].bytes < r.program.fileBytes() {
		return leave
	}
	if rest && r.unrecorded() && r.results.files[failedFile].bytes < r.program.fileBytes() {
		if r.recounts() {
			return nothing
		}
		return recount
	}
	for k, a := range [fileKinds]action{writeSucceeded, writeFailed, writePending} {
		f := &r.results.files[k]
		if f.task == 0 && (f.bytes >= r.program.fileBytes() || rest && r.owes(fileKind(k))) {
			return a
		}
	}
	if r.over() && r.results.listed == nil {
		return list
	}
	return nothing
}

// owes says whether a file of that kind is to be written when nothing more comes.
// AWS writes one without records where a redrive had no success after others had.
func (r *Run) owes(k fileKind) bool {
	f := &r.results.files[k]
	return len(f.pending) > 0 || k == succeededFile && r.redrives > 0 && f.count == 0 && r.executions.Succeeded > 0
}

// do does it.
func (t *turn) do(a action) {
	switch a {
	case giveUp:
		t.fail(&Failure{errorTolerance, "The specified tolerated failure threshold was exceeded"})
	case readOn:
		t.appendTask(&fact{kind: factReading})
	case launch:
		t.launch()
	case recall:
		t.recall()
	case relaunch:
		t.relaunch()
	case writeSucceeded, writeFailed, writePending:
		t.appendTask(&fact{kind: factWriting, kindOf: uint64(a - writeSucceeded)})
	case recount:
		t.appendTask(&fact{kind: factRecounting})
	case regain:
		t.appendTask(&fact{kind: factRestoring})
	case leave:
		t.leave()
	case list:
		t.appendTask(&fact{kind: factListing})
	case stop:
		t.appendTask(&fact{kind: factStopping})
	case close:
		t.close()
	}
}

func (t *turn) close() {
	r := t.run
	out := &fact{kind: factClosed, status: uint64(interpreter.Succeeded)}
	if r.ending != nil {
		out.status, out.error, out.cause = uint64(r.ending.status), r.ending.error, r.ending.cause
	} else if r.output != nil {
		out.data = r.output.Text()
	} else if output, err := r.makeOutput(); err != nil {
		out.status, out.error, out.cause = uint64(interpreter.Failed), &err.Error, &err.Cause
	} else {
		out.data = output
	}
	t.append(out)
}

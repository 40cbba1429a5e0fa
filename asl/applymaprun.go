package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// applySurveyed: the items, where the state has them itself, are kept in the
// register of the result until the map run gives the result.
func (r *Run) applySurveyed(at *frame, f *fact) error {
	m, ok := distributed(at)
	if !ok || at.phase != phaseEntered && !at.beginsAgain() {
		return errImpossible
	}
	at.sent = nil
	if m.Reader == nil {
		items, err := at.resolve(&f.value)
		if err != nil {
			return err
		}
		r.charge(at, items.Size())
		at.result = items
	}
	at.phase = phaseSurveyed
	at.prev = r.emitSurveyed(at, f.count)
	return nil
}

func (r *Run) applyMapRun(at *frame, f *fact) error {
	if _, ok := distributed(at); !ok || at.phase != phaseSurveyed || f.value.tag != tagInline || f.value.doc.Size() < 2 {
		return errImpossible
	}
	r.charge(at, f.value.doc.Size())
	at.sent = &sentMapRun{name: f.text, payload: f.value.doc, items: at.result, after: at.prev}
	r.scheduleMapRun(at)
	return nil
}

// sentMapRun is a map run as it was started. It is kept until its state is tried
// again or left, so that a redrive finds it.
type sentMapRun struct {
	name     string
	payload  *value.Document
	items    *value.Document // those that the state has itself, nil for none
	after    uint64          // id of the event that its start pointed to
	shown    bool            // that it started
	again    bool            // it is to go on
	spent    bool            // it failed for good: a redrive begins another one
	redrives uint64
}

// beginsAgain says that the state of a map run that failed for good is redriven: it
// begins another one, as when it was entered.
func (f *frame) beginsAgain() bool { return f.phase == phaseRedo && f.sent.spent }

// applyMapRunRedriven lets the map run go on instead of starting another.
func (r *Run) applyMapRunRedriven(at *frame) error {
	if at.phase != phaseRedo {
		return errImpossible
	}
	s := at.sent
	s.again, s.spent = true, false
	if s.shown {
		s.redrives++
	}
	at.result, at.prev = s.items, s.after
	r.scheduleMapRun(at)
	return nil
}

func (r *Run) scheduleMapRun(at *frame) {
	r.lastTask++
	at.job = &job{payload: at.sent.payload, mapRun: at.sent.name}
	r.describeMapRun(at, r.lastTask)
	at.phase = phaseTask
	r.tasks.add(r.lastTask, at)
	r.active += at.job.underWay()
	r.watch(at)
}

// describeMapRun fills in the task of a map run.
func (r *Run) describeMapRun(at *frame, id uint64) {
	j := at.job
	j.task = r.program.tasks[at.state.Index]
	j.task.ID = id
	j.task.Resource = r.mapRunARN(at.state, j.mapRun)
	j.task.Payload = j.payload.Text()
	if at.sent != nil && at.sent.again {
		j.task.Action = "redrive"
	}
	if at.result != nil {
		j.task.Payload = maprun.WithItems(j.payload.Text(), at.result.Text())
	}
}

// mapRunTask is what the tasks of a distributed Map state have in common.
func mapRunTask(state *definition.State) interpreter.Task {
	return interpreter.Task{Connector: "maprun", Action: "start", State: state.Name, Completion: interpreter.ByJob}
}

func (r *Run) mapRunSubmitted(at *frame) error {
	if at.job.phase == interpreter.Resolved {
		return r.applySettled(at)
	}
	at.prev = r.emitMapRunStarted(at)
	r.reach(at, interpreter.Submitted)
	return nil
}

// announce shows that the map run has started, unless that was shown: its end
// may come before the answer to the start.
func (r *Run) announce(at *frame) {
	if at.job.mapRun != "" && at.job.phase != interpreter.Submitted {
		at.prev = r.emitMapRunStarted(at)
	}
}

func (r *Run) finishMapRun(at *frame, result *value.Document) {
	r.announce(at)
	started := at.prev
	at.prev = r.emitMapRunSucceeded(at)
	r.emitFanSucceeded(at)
	if at.sent != nil && at.sent.redrives > 0 {
		at.prev = started // where the state is left, as recorded after a redrive only
	}
	r.forget(at)
	r.charge(at, result.Size())
	at.result, at.phase, at.sent = result, phaseDone, nil
	r.ready.push(at)
}

// failMapRun: the empty fan lets the failure of the state be shown once no
// retrier takes it. A map run that could not be started, or failed because of what
// it is to do or gave, does not go on when the execution is redriven.
func (r *Run) failMapRun(at *frame, err *failure) {
	if err.kind != failedSubmission {
		r.announce(at)
		at.prev = r.emitMapRunFailed(at, err)
	}
	if err.kind == failedSubmission || err.error != nil && *err.error == errorDataLimitExceeded {
		at.sent = nil // a redrive begins another one
	} else if err.named(errorRuntime) {
		at.sent.spent = true
	}
	r.forget(at)
	at.err, at.phase, at.fan = &failure{kind: failedTask, error: err.error, cause: err.cause}, phaseErred, &fan{}
	r.ready.push(at)
}

// abandonJob ends the task of a frame that is given up.
func (r *Run) abandonJob(f *frame, cause uint64) {
	if f.job.mapRun != "" && f.job.phase == interpreter.Submitted {
		r.emitMapRunAborted(cause)
	}
	r.drop(f)
}

package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

func (r *Run) applyTask(at *frame, f *fact) error {
	if f.kind == factScheduled {
		return r.applyScheduled(at, f)
	}
	if at.phase != phaseTask {
		return errImpossible
	}
	switch f.kind {
	case factFetched:
		return r.applyFetched(at, f)
	case factSubmitted:
		return r.applySubmitted(at, f)
	case factResolved:
		return r.applyResolved(at, f)
	case factSettled:
		return r.applySettled(at)
	case factSucceeded:
		return r.applySucceeded(at, f)
	case factFailed:
		r.failTask(at, &f.failure)
		return nil
	default:
		return errImpossible
	}
}

func (r *Run) applyScheduled(at *frame, f *fact) error {
	if at.phase != phaseEntered || at.state.Type != definition.TypeTask {
		return errImpossible
	}
	payload, err := at.resolve(&f.value)
	if err != nil {
		return err
	}
	r.charge(at, payload.Size())
	r.lastTask++
	at.job = &job{
		payload: payload,
		timeout: f.timeout,
		beat:    f.beat,
	}
	at.job.describe(r.program, r.lastTask, at.state, f)
	at.phase = phaseTask
	r.tasks.add(r.lastTask, at)
	r.active += at.job.underWay()
	r.watch(at)
	at.prev = r.emitScheduled(at)
	if at.job.task.Delivery == interpreter.Push {
		at.prev = r.emitTaskStarted(at, "")
	}
	return nil
}

// underWay is 1 for a Push task whose connector has not answered.
func (j *job) underWay() int {
	if j.task.Delivery == interpreter.Push && (j.phase == interpreter.Scheduled || j.phase == interpreter.Resolved) {
		return 1
	}
	return 0
}

// reach moves the frame's task on to another phase.
func (r *Run) reach(at *frame, phase interpreter.Phase) {
	r.active -= at.job.underWay()
	at.job.phase = phase
	r.active += at.job.underWay()
}

// watch begins the time of a task anew.
func (r *Run) watch(at *frame) {
	at.job.from = r.at
	if seconds := at.job.timeout; seconds > 0 {
		r.timers.arm(&at.alarm, r.at+int64(seconds)*1000)
	}
	if seconds := at.job.beat; seconds > 0 {
		r.timers.arm(&at.beat, r.at+int64(seconds)*1000)
	}
}

func (r *Run) applyFetched(at *frame, f *fact) error {
	if at.job.task.Delivery != interpreter.Pull || at.job.phase != interpreter.Scheduled {
		return errImpossible
	}
	r.reach(at, interpreter.Fetched)
	r.watch(at)
	at.prev = r.emitTaskStarted(at, f.text)
	return nil
}

func (r *Run) applySubmitted(at *frame, f *fact) error {
	j := at.job
	if j.phase != interpreter.Scheduled && j.phase != interpreter.Resolved || f.value.tag != tagInline {
		return errImpossible
	}
	if j.mapRun != "" {
		return r.mapRunSubmitted(at)
	}
	at.prev = r.emitSubmitted(at, f.value.doc)
	if j.phase == interpreter.Resolved {
		return r.applySettled(at)
	}
	r.reach(at, interpreter.Submitted)
	return nil
}

func (r *Run) applyResolved(at *frame, f *fact) error {
	j := at.job
	if j.phase != interpreter.Scheduled || f.ok && f.value.tag != tagInline {
		return errImpossible
	}
	r.reach(at, interpreter.Resolved)
	if f.ok {
		j.early = f.value.doc
	} else {
		err := f.failure
		j.failed = &err
	}
	r.timers.disarm(&at.alarm)
	r.timers.disarm(&at.beat)
	return nil
}

// applySettled lets the result count that came early.
func (r *Run) applySettled(at *frame) error {
	j := at.job
	switch {
	case j.phase != interpreter.Resolved:
		return errImpossible
	case j.failed != nil:
		r.failTask(at, j.failed)
	default:
		r.finishTask(at, j.early)
	}
	return nil
}

func (r *Run) applySucceeded(at *frame, f *fact) error {
	if f.value.tag != tagInline || at.job.phase == interpreter.Resolved {
		return errImpossible
	}
	r.finishTask(at, f.value.doc)
	return nil
}

func (r *Run) finishTask(at *frame, result *value.Document) {
	if at.job.mapRun != "" {
		r.finishMapRun(at, result)
		return
	}
	at.prev = r.emitTaskSucceeded(at, result)
	r.forget(at)
	r.charge(at, result.Size())
	at.result, at.phase = result, phaseDone
	r.ready.push(at)
}

func (r *Run) failTask(at *frame, err *failure) {
	if at.job.mapRun != "" {
		r.failMapRun(at, err)
		return
	}
	at.prev = r.emitTaskFailed(at, err)
	if err.timedOut() {
		r.drop(at)
	} else {
		r.forget(at)
	}
	at.err, at.phase = &failure{kind: err.kind, error: err.error, cause: err.cause}, phaseErred
	r.ready.push(at)
}

// forget ends the frame's task.
func (r *Run) forget(at *frame) {
	r.active -= at.job.underWay()
	r.tasks.remove(at.job.task.ID)
	r.timers.disarm(&at.alarm)
	r.timers.disarm(&at.beat)
	at.job = nil
}

// drop ends the frame's task although whoever does it may not know: who decides
// it tells them.
func (r *Run) drop(at *frame) {
	if r.turn != nil {
		r.turn.dropped = append(r.turn.dropped, &at.job.task)
	}
	r.forget(at)
}

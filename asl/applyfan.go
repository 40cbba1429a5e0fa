package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

func (r *Run) applyFan(at *frame, f *fact) error {
	switch f.kind {
	case factBranched:
		return r.applyBranched(at, f)
	case factMapped:
		return r.applyMapped(at, f)
	case factIterated:
		return r.applyIterated(at, f)
	case factCollapsed:
		return r.applyCollapsed(at)
	default:
		return r.applyGaveUp(at)
	}
}

func (r *Run) applyBranched(at *frame, f *fact) error {
	parallel, ok := kindOf[*definition.Parallel](at)
	if !ok || at.phase != phaseEntered {
		return errImpossible
	}
	input, err := at.resolve(&f.value)
	if err != nil {
		return err
	}
	r.charge(at, input.Size())
	n := len(parallel.Branches)
	at.fan = &fan{total: n, started: n, outputs: make([]*value.Document, n)}
	at.phase = phaseFan
	at.prev = r.emitFan(at, n)
	for i, branch := range parallel.Branches {
		child := r.newFrame(at, i, branch, input)
		child.prev = at.prev
		at.fan.add(child)
	}
	return nil
}

// kindOf is the part of the frame's present state that its type has.
func kindOf[K definition.StateKind](at *frame) (k K, ok bool) {
	if at.state == nil {
		return k, false
	}
	k, ok = at.state.Kind.(K)
	return k, ok
}

func (r *Run) applyMapped(at *frame, f *fact) error {
	if _, ok := kindOf[*definition.Map](at); !ok || at.phase != phaseEntered {
		return errImpossible
	}
	items, err := at.resolve(&f.value)
	if err != nil {
		return err
	}
	if f.count > items.Size() {
		return errImpossible
	}
	r.charge(at, items.Size())
	at.fan = &fan{items: items, total: f.count, window: f.window, outputs: make([]*value.Document, f.count)}
	at.phase = phaseFan
	at.prev = r.emitFan(at, f.count)
	if f.count == 0 {
		r.finishFan(at)
	}
	return nil
}

func (r *Run) applyIterated(at *frame, f *fact) error {
	m, ok := kindOf[*definition.Map](at)
	if !ok || at.phase != phaseFan || !at.fan.startable() {
		return errImpossible
	}
	n := at.fan
	var input *value.Document
	if f.value.tag == tagItem {
		if input, ok = n.nextItem(); !ok {
			return errImpossible
		}
	} else {
		var err error
		if input, err = at.resolve(&f.value); err != nil {
			return err
		}
	}
	cause := at.last()
	if n.freed != 0 {
		cause = n.freed
	}
	child := r.newFrame(at, n.started, m.Processor, input)
	child.prev = r.emitIteration(child, iterationStarted, cause)
	n.started++
	n.add(child)
	return nil
}

// finishFrame ends a branch or iteration whose last state was left.
func (r *Run) finishFrame(at *frame) {
	parent, n := at.parent, at.parent.fan
	n.outputs[at.slot] = at.cur
	r.charge(parent, at.cur.Size())
	n.ended++
	n.freed = at.last()
	parent.prev = at.last()
	if parent.state.Type == definition.TypeMap {
		parent.prev = r.emitIteration(at, iterationSucceeded, at.last())
	}
	n.remove(at)
	r.discard(at)
	switch {
	case n.ended == n.total:
		r.finishFan(parent)
	case n.startable():
		r.ready.push(parent)
	}
}

// finishFan ends the work of a Parallel or Map state: all have ended.
func (r *Run) finishFan(at *frame) {
	at.result = at.fan.compose()
	at.fan = nil
	at.phase = phaseDone
	r.emitFanSucceeded(at)
	r.ready.push(at)
}

// discard takes a frame out of the run.
func (r *Run) discard(at *frame) {
	at.gone = true
	r.release(at)
	r.varBytes -= at.vars.size()
	r.timers.disarm(&at.alarm)
	r.timers.disarm(&at.beat)
	r.frames.remove(at.id)
}

// applyCollapsed lets the failure of a branch or iteration fail all of them.
func (r *Run) applyCollapsed(at *frame) error {
	parent := at.parent
	if parent == nil || at.phase != phaseErred {
		return errImpossible
	}
	err := *at.err
	if err.kind == failedCatcher {
		err.kind = failedState
	}
	parent.err, parent.phase, parent.prev = &err, phaseErred, at.last()
	r.abandon(parent, at, at.last())
	r.ready.push(parent)
	return nil
}

// abandon gives up all branches or iterations that are under way: the one
// that failed, if it was one, first. All events point to the same cause
// (section 15). The fan stays behind, empty, until the failure is shown.
func (r *Run) abandon(parent, culprit *frame, cause uint64) {
	live := parent.fan.inOrder()
	if culprit != nil {
		r.abandonOne(culprit, iterationFailed, cause)
	}
	for _, f := range live {
		if f != culprit {
			r.abandonOne(f, iterationAborted, cause)
		}
	}
	parent.wreck, parent.fan = parent.fan, &fan{}
}

func (r *Run) abandonOne(f *frame, event string, cause uint64) {
	if f.parent.state.Type == definition.TypeMap {
		r.emitIteration(f, event, cause)
	}
	if f.job != nil {
		r.abandonJob(f, cause)
	}
	if f.fan != nil {
		for _, child := range f.fan.inOrder() {
			r.abandonOne(child, iterationAborted, cause)
		}
	}
	if f.abortable(event == iterationFailed) {
		r.emitStateAborted(f, cause)
	}
	r.discard(f)
	f.rewind()
}

// abortable says whether the history shows that the frame's present state was
// aborted: one that waits for something, and in the frame that failed itself
// only a task.
func (f *frame) abortable(culprit bool) bool {
	if f.state == nil || f.phase == phaseNext {
		return false
	}
	switch f.state.Type {
	case definition.TypeTask:
		return true
	case definition.TypeWait, definition.TypeParallel, definition.TypeMap:
		return !culprit
	default:
		return false
	}
}

// applyGaveUp shows that a Parallel or Map state failed for good.
func (r *Run) applyGaveUp(at *frame) error {
	if at.phase != phaseErred || at.fan == nil {
		return errImpossible
	}
	at.fan, at.stood = nil, at.last()
	at.prev = r.emitFanFailed(at)
	return nil
}

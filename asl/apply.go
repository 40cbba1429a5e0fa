package asl

import (
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// Apply folds one fact of the log.
func (r *Run) Apply(fact []byte, at time.Time) error {
	f, err := decodeFact(fact)
	if err != nil {
		return err
	}
	if err := r.apply(&f, at.UnixMilli()); err != nil {
		return fmt.Errorf("%w (kind %d, frame %d)", err, f.kind, f.frame)
	}
	return nil
}

// apply is the only thing that changes a run. It evaluates nothing, and emits
// the events of the history on the way.
func (r *Run) apply(f *fact, at int64) error {
	r.at = at
	if err := r.dispatch(f); err != nil {
		return err
	}
	r.last = max(r.last, at)
	r.ready.front()
	return nil
}

func (r *Run) dispatch(f *fact) error {
	if f.kind == factStarted {
		return r.applyStarted(f)
	}
	if f.kind == factRedriven {
		return r.applyRedriven(f)
	}
	if r.version == 0 || r.status.Closed() {
		return errImpossible
	}
	switch f.kind {
	case factClosed:
		return r.applyClosed(f)
	case factDeleted:
		return r.applyDeleted()
	}
	at := r.frame(f.frame)
	if at == nil {
		return errImpossible
	}
	switch f.kind {
	case factEntered:
		return r.applyEntered(at)
	case factExited:
		return r.applyExited(at, f)
	case factErred:
		return r.applyErred(at, f)
	case factMisread:
		return r.applyMisread(at, f)
	case factWaiting:
		return r.applyWaiting(at, f)
	case factRetrying:
		return r.applyRetrying(at, f)
	case factDue:
		return r.applyDue(at)
	case factBranched, factMapped, factIterated, factCollapsed, factGaveUp:
		return r.applyFan(at, f)
	case factSurveyed:
		return r.applySurveyed(at, f)
	case factMapRun:
		return r.applyMapRun(at, f)
	case factMapRunRedriven:
		return r.applyMapRunRedriven(at)
	case factCut:
		return r.applyCut(at, f)
	default:
		return r.applyTask(at, f)
	}
}

func (r *Run) applyStarted(f *fact) error {
	if r.version != 0 {
		return errImpossible
	}
	if f.version == 0 || f.version > formatVersion {
		return fmt.Errorf("asl: the facts have version %d, this interpreter knows up to %d", f.version, formatVersion)
	}
	if f.value.tag != tagInline {
		return errImpossible
	}
	r.version, r.trace, r.input = f.version, f.text, f.value.doc
	r.started = r.at
	r.heldBytes += r.input.Size()
	r.root = r.newFrame(nil, 0, r.program.root, r.input)
	r.emitStarted()
	r.limitTime()
	return nil
}

// limitTime begins the time that the execution has.
func (r *Run) limitTime() {
	if limit := r.timeLimit(); limit > 0 {
		r.timers.arm(&r.alarm, r.at+limit)
	}
}

// timeLimit is how many milliseconds the execution may last, 0 for no limit: the
// machine's timeout, or that of the limits if it is shorter.
func (r *Run) timeLimit() int64 {
	limit := r.info.Limits.ExecutionTime.Milliseconds()
	if own := r.program.timeout; own != nil && *own < noTimeout && (limit == 0 || *own*1000 < limit) {
		return *own * 1000
	}
	return limit
}

// noTimeout is the number of seconds from which on a timeout is as good as
// none: it is the default of the language.
const noTimeout = 99_999_999

// newFrame adds a frame that is about to enter its first state.
func (r *Run) newFrame(parent *frame, slot int, scope *definition.Scope, cur *value.Document) *frame {
	f := &frame{
		id: r.nextFrame, parent: parent, slot: slot,
		scope: scope, next: scope.Start, cur: cur,
	}
	f.alarm.frame = f
	f.beat.frame = f
	f.beat.beat = true
	r.nextFrame++
	r.frames.add(f.id, f)
	r.ready.push(f)
	return f
}

// charge counts bytes that the frame refers to, release forgets them.
func (r *Run) charge(f *frame, bytes int) {
	f.held += bytes
	r.heldBytes += bytes
}

func (r *Run) release(f *frame) {
	r.heldBytes -= f.held
	f.held = 0
}

func (r *Run) applyEntered(at *frame) error {
	if at.phase != phaseNext {
		return errImpossible
	}
	at.state = at.next
	at.next, at.result, at.err, at.sent = nil, nil, nil, nil
	at.retries, at.retried = nil, 0
	at.told, at.stood = 0, 0
	at.since = r.at
	at.phase = phaseEntered
	at.entered = r.emitEntered(at)
	return nil
}

func (r *Run) applyExited(at *frame, f *fact) error {
	if at.phase != phaseEntered && at.phase != phaseDone && at.phase != phaseErred {
		return errImpossible
	}
	next, ok := r.successor(at, f.next)
	if !ok {
		return errImpossible
	}
	output, err := at.resolve(&f.value)
	if err != nil {
		return err
	}
	if err := r.assign(at, f.vars); err != nil {
		return err
	}
	r.release(at)
	r.charge(at, output.Size())
	at.prev = r.emitExited(at, output, f.vars)
	at.cur, at.result, at.err, at.fan, at.wreck, at.sent = output, nil, nil, nil, nil, nil
	at.next, at.phase = next, phaseNext
	switch {
	case next != nil:
	case at.parent == nil:
		r.succeed(output)
	default:
		r.finishFrame(at)
	}
	return nil
}

// successor is the state that a fact names with 1 + its index, nil for 0.
func (r *Run) successor(at *frame, number uint64) (*definition.State, bool) {
	if number == 0 {
		return nil, true
	}
	all := r.program.machine.All
	if number > uint64(len(all)) {
		return nil, false
	}
	next := all[number-1]
	return next, next.Scope == at.scope
}

// assign sets the variables of a fact. Their values are looked up in the
// registers as they were before the fact.
func (r *Run) assign(at *frame, vars []assignment) error {
	for i := range vars {
		doc, err := at.resolve(&vars[i].value)
		if err != nil {
			return err
		}
		vars[i].value.doc = doc
	}
	for i := range vars {
		if at.vars == nil {
			at.vars = &scopeVars{}
		}
		r.varBytes += at.vars.set(vars[i].name, vars[i].value.doc)
	}
	return nil
}

func (r *Run) applyErred(at *frame, f *fact) error {
	if at.phase != phaseEntered && at.phase != phaseDone && at.phase != phaseFan && at.phase != phaseErred && at.phase != phaseSurveyed && !at.beginsAgain() {
		return errImpossible
	}
	if at.phase == phaseFan {
		r.abandon(at, nil, at.last())
	}
	err := f.failure
	at.err, at.phase = &err, phaseErred
	r.ready.push(at)
	return nil
}

func (r *Run) applyWaiting(at *frame, f *fact) error {
	if at.phase != phaseEntered || at.state.Type != definition.TypeWait {
		return errImpossible
	}
	at.phase = phaseWait
	r.timers.arm(&at.alarm, r.at+f.delay)
	return nil
}

func (r *Run) applyRetrying(at *frame, f *fact) error {
	if at.phase != phaseErred || f.count >= len(at.state.Retry) {
		return errImpossible
	}
	if at.retries == nil {
		at.retries = make([]int, len(at.state.Retry))
	}
	at.retries[f.count]++
	at.retried++
	at.err, at.result, at.fan, at.wreck, at.sent = nil, nil, nil, nil, nil
	at.told, at.stood = 0, 0
	if f.delay <= 0 {
		at.phase = phaseEntered
		return nil
	}
	at.phase = phaseRetry
	r.timers.arm(&at.alarm, r.at+f.delay)
	return nil
}

// applyDue ends a wait, of a Wait state or for an attempt.
func (r *Run) applyDue(at *frame) error {
	switch at.phase {
	case phaseWait:
		at.phase = phaseDone
	case phaseRetry:
		at.phase = phaseEntered
	default:
		return errImpossible
	}
	r.timers.disarm(&at.alarm)
	r.ready.push(at)
	return nil
}

func (r *Run) succeed(output *value.Document) {
	r.status, r.output = interpreter.Succeeded, output
	r.emitSucceeded()
	r.end()
	r.root = nil
	r.frames = index{}
	r.varBytes = 0
}

func (r *Run) applyClosed(f *fact) error {
	status := interpreter.Status(f.status)
	switch status {
	case interpreter.Failed, interpreter.TimedOut, interpreter.Aborted:
	default:
		return errImpossible
	}
	r.fail(status, f.failure, nil)
	return nil
}

// fail ends the execution without success. at is the frame whose last event the end
// points to, nil where the failure tells.
func (r *Run) fail(status interpreter.Status, err failure, at *frame) {
	r.status, r.failure = status, err
	r.emitClosed(at)
	r.end()
	r.cutOff(r.root)
}

// end lets go of everything that was under way. The frames stay behind, for a
// redrive.
func (r *Run) end() {
	for _, id := range r.tasks.numbers() {
		r.drop(r.tasks.of(id))
	}
	r.timers = nil
	r.alarm.armed = false
	r.ready = queue{}
}

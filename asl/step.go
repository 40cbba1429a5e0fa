package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// step lets a frame go on by one fact.
func (t *turn) step(f *frame) {
	t.at = f
	switch f.phase {
	case phaseNext:
		t.append(&fact{kind: factEntered, frame: f.id})
	case phaseEntered:
		t.begin(f)
	case phaseDone:
		t.finish(f)
	case phaseErred:
		t.handle(f)
	case phaseFan:
		t.iterate(f)
	case phaseSurveyed:
		t.startMapRun(f)
	case phaseRedo:
		t.redriveMapRun(f)
	}
}

// begin begins the work of the state that was entered.
func (t *turn) begin(f *frame) {
	v := t.visit(f)
	if err := v.effective(); err != nil {
		t.fail(f, err)
		return
	}
	switch kind := f.state.Kind.(type) {
	case *definition.Pass:
		t.pass(v, kind)
	case *definition.Choice:
		t.choose(v, kind)
	case *definition.Wait:
		t.wait(v, kind)
	case *definition.Task:
		t.schedule(v, kind)
	case *definition.Parallel:
		t.branch(v)
	case *definition.Map:
		if kind.Mode == definition.MapDistributed {
			t.survey(v, kind)
			return
		}
		t.mapItems(v, kind)
	case *definition.Succeed:
		t.leave(v, v.input, v.input, f.state.Assign, nil)
	case *definition.Fail:
		t.failWith(v, kind)
	}
}

// finish leaves a state whose work is done.
func (t *turn) finish(f *frame) {
	v := t.visit(f)
	v.late = true
	if err := v.effective(); err != nil {
		t.fail(f, err)
		return
	}
	result := f.result
	switch {
	case result == nil: // a Wait state
		result = v.input
	case f.state.Type != definition.TypeTask && t.exceeds(result):
		t.fail(f, tooLarge(f.state.Name))
		return
	}
	t.leave(v, result, result, f.state.Assign, f.state.Next)
}

// leave leaves the state of v: what its work gave is result, and dollar is
// what $ means in assign.
func (t *turn) leave(v *visit, result, dollar *value.Document, assign []definition.Assignment, next *definition.State) {
	f := v.frame
	output, err := v.flow.output(v, result)
	if err != nil {
		t.fail(f, err)
		return
	}
	t.exit(v, output, dollar, assign, next)
}

// exit leaves the state with an output that is made already.
func (t *turn) exit(v *visit, output, dollar *value.Document, assign []definition.Assignment, next *definition.State) {
	f := v.frame
	vars, err := v.flow.assign(v, assign, dollar)
	if err == nil {
		err = v.checkVariables(vars)
	}
	if err == nil && t.exceeds(output) {
		err = tooLarge(f.state.Name)
	}
	if err != nil {
		t.fail(f, err)
		return
	}
	out := fact{kind: factExited, frame: f.id, value: f.refer(output), vars: vars}
	if next != nil {
		out.next = uint64(next.Index) + 1
	}
	t.append(&out)
}

// exceeds says whether a payload is larger than what the limits allow.
func (t *turn) exceeds(doc *value.Document) bool {
	limit := t.run.info.Limits.PayloadBytes
	return limit > 0 && doc.Exceeds(limit)
}

// fail makes the state of a frame fail by itself.
func (t *turn) fail(f *frame, err *failure) {
	out := fact{kind: factErred, frame: f.id, failure: *err}
	if at := err.misread; at != nil {
		out.kind, out.text, out.late = factMisread, at.field, at.late
		out.failure.misread = nil
	}
	t.append(&out)
}

// handle finds out what becomes of a failure: another attempt, another state,
// or the end of the frame (section 9).
//
// States.Runtime, which nothing tries again or catches, ends the execution at
// once: the history shows nothing of the Parallel and Map states around it.
func (t *turn) handle(f *frame) {
	if f.err.named(errorRuntime) {
		t.close(f)
		return
	}
	if t.retry(f) {
		return
	}
	if f.fan != nil {
		t.append(&fact{kind: factGaveUp, frame: f.id})
		return
	}
	if t.catch(f) {
		return
	}
	if f.parent != nil {
		t.append(&fact{kind: factCollapsed, frame: f.id})
		return
	}
	t.close(f)
}

// close ends the execution by the failure of a frame.
func (t *turn) close(f *frame) {
	t.append(&fact{kind: factClosed, status: byte(interpreter.Failed), failure: *f.err})
}

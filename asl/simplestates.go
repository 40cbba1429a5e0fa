package asl

import (
	"math"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
)

// pass: the result is Result if there is one, else the input as Parameters
// shape it.
func (t *turn) pass(v *visit, pass *definition.Pass) {
	result, err := v.arguments()
	if err != nil {
		t.fail(v.frame, err)
		return
	}
	if pass.HasResult {
		result = value.Of(pass.Result)
	}
	t.leave(v, result, result, v.frame.state.Assign, v.frame.state.Next)
}

// choose takes the first rule that holds; its Assign replaces the state's. Where
// none holds AWS does not fail with States.NoChoiceMatched, as it says, but with
// States.Runtime, which nothing catches.
func (t *turn) choose(v *visit, choice *definition.Choice) {
	for i := range choice.Rules {
		rule := &choice.Rules[i]
		holds, err := v.flow.holds(v, rule.Test)
		if err != nil {
			t.fail(v.frame, err)
			return
		}
		if holds {
			v.rule = rule
			t.leave(v, v.input, v.input, rule.Assign, rule.Next)
			return
		}
	}
	if choice.Default == nil {
		t.fail(v.frame, v.frame.runtime("Failed to transition out of the state. The state does not point to a next state."))
		return
	}
	t.leave(v, v.input, v.input, v.frame.state.Assign, choice.Default)
}

// failWith: error and cause are left out where the state names none.
func (t *turn) failWith(v *visit, kind *definition.Fail) {
	var result failure
	var err *failure
	if result.error, err = v.text(kind.Error); err == nil {
		result.cause, err = v.text(kind.Cause)
	}
	if err != nil {
		result = *err
	}
	clip(result.error, maxError)
	clip(result.cause, maxCause)
	t.fail(v.frame, &result)
}

// wait waits, or goes on at once where the time has come already.
func (t *turn) wait(v *visit, wait *definition.Wait) {
	due, err := v.flow.due(v, wait)
	if err != nil {
		t.fail(v.frame, err)
		return
	}
	v.late = true
	if due <= t.now {
		t.leave(v, v.input, v.input, v.frame.state.Assign, v.frame.state.Next)
		return
	}
	t.append(&fact{kind: factWaiting, frame: v.frame.id, delay: t.scaled(due - t.now)})
}

// scaled is how much of a time, in milliseconds, is really waited.
func (t *turn) scaled(delay int64) int64 {
	if scale := t.run.info.Limits.WaitScale; scale != 0 {
		return int64(min(float64(delay)*scale, math.MaxInt64/2))
	}
	return delay
}

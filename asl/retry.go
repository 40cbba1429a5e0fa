package asl

import (
	"math"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

// retry lets the first retrier that is for the failure make another attempt,
// unless it has made all of its own (section 9).
func (t *turn) retry(f *frame) bool {
	for i := range f.state.Retry {
		retrier := &f.state.Retry[i]
		if !f.err.matches(retrier.Errors) {
			continue
		}
		made := 0
		if f.retries != nil {
			made = f.retries[i]
		}
		if int64(made) >= retrier.MaxAttempts {
			return false
		}
		delay := t.scaled(backoff(retrier, made, t.env.Random))
		t.append(&fact{kind: factRetrying, frame: f.id, count: i, delay: delay})
		return true
	}
	return false
}

// backoff is how long to wait before a retry, in milliseconds; made is how
// many the retrier has made. The cap comes first, then the jitter.
func backoff(retrier *definition.Retrier, made int, random interpreter.Random) int64 {
	seconds := float64(retrier.IntervalSeconds) * min(math.Pow(retrier.BackoffRate, float64(made)), math.MaxFloat64)
	most := float64(noTimeout)
	if retrier.MaxDelaySeconds > 0 {
		most = float64(retrier.MaxDelaySeconds)
	}
	delay := int64(min(seconds, most) * 1000)
	if retrier.FullJitter && delay > 0 && random != nil {
		return int64(random.Uint64() % uint64(delay+1))
	}
	return delay
}

// catch leaves the state by the first catcher that is for its failure.
func (t *turn) catch(f *frame) bool {
	for i := range f.state.Catch {
		catcher := &f.state.Catch[i]
		if !f.err.matches(catcher.Errors) {
			continue
		}
		v := t.visit(f)
		if err := v.effective(); err != nil {
			t.fail(f, err)
			return true
		}
		problem := f.err.output()
		output, err := v.flow.caught(v, catcher, problem)
		if err != nil {
			t.failFinally(f, err)
			return true
		}
		t.exitCaught(v, output, problem, catcher)
		return true
	}
	return false
}

func (t *turn) exitCaught(v *visit, output, problem *value.Document, catcher *definition.Catcher) {
	f := v.frame
	vars, err := v.flow.assign(v, catcher.Assign, problem)
	if err == nil {
		err = v.checkVariables(vars)
	}
	if err == nil && t.exceeds(output) {
		err = tooLarge(f.state.Name)
	}
	if err != nil {
		t.failFinally(f, err)
		return
	}
	t.append(&fact{
		kind: factExited, frame: f.id, value: f.refer(output), vars: vars,
		next: uint64(catcher.Next.Index) + 1,
	})
}

// failFinally is for the failure of a catcher itself, which the same state
// must not catch again.
func (t *turn) failFinally(f *frame, err *failure) {
	err.kind = failedCatcher
	t.fail(f, err)
}

// output is the error output: Error and Cause, null where there is none,
// except that the cause of a timeout is empty.
func (f *failure) output() *value.Document {
	object := value.NewObject(2)
	object.Set("Error", orNull(f.error))
	if f.cause == nil && f.timedOut() {
		object.Set("Cause", "")
	} else {
		object.Set("Cause", orNull(f.cause))
	}
	return value.Of(object)
}

func orNull(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}

package asl

import (
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

// due lets the first thing happen that is due, and says whether there was one.
func (t *turn) due() bool {
	r := t.run
	first := r.timers.first()
	if first == nil || first.due > t.now {
		return false
	}
	f := first.frame
	switch {
	case f == nil:
		t.append(&fact{kind: factClosed, status: byte(interpreter.TimedOut)})
	case first.beat:
		t.beatDue(f)
	case f.phase == phaseTask:
		t.append(&fact{kind: factFailed, frame: f.id, failure: timeout(failedTimeout)})
	default:
		t.append(&fact{kind: factDue, frame: f.id})
	}
	return true
}

// beatDue looks whether the task has been heard of, or the outage of whoever
// listens explains that it has not.
func (t *turn) beatDue(f *frame) {
	heard := max(f.job.from, millis(t.env.Since))
	if t.env.LastBeat != nil {
		heard = max(heard, millis(t.env.LastBeat(f.job.task.ID)))
	}
	if due := heard + int64(f.job.beat)*1000; due > t.now {
		t.run.timers.arm(&f.beat, due)
		return
	}
	t.append(&fact{kind: factFailed, frame: f.id, failure: timeout(failedHeartbeat)})
}

// timeout is the failure of a task that took too long: both kinds report
// States.Timeout, without a cause.
func timeout(kind failureKind) failure {
	name := errorTimeout
	return failure{kind: kind, error: &name}
}

func millis(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

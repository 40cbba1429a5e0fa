package asl

import "github.com/fermata-dev/fermata/interpreter"

// An execution whose state machine was deleted is left alone while it waits: for a
// task, a Wait state or its next attempt. What would have made it go on ends it
// instead, and nothing of that is in its history, as recorded: the failure follows
// the last event that there was. A worker may still fetch a task, and a connector
// tell of its submission, for neither is a transition; a timeout of the execution
// and a stop are ends of their own.

// moves says whether the fact ends what its frame waits for.
func (r *Run) moves(f *fact) bool {
	switch f.kind {
	case factSucceeded, factFailed, factSettled, factDue:
		return true
	case factSubmitted:
		return r.frame(f.frame).job.phase == interpreter.Resolved
	default:
		return false
	}
}

// cut is the fact that a frame does not go on.
func (r *Run) cut(frame uint64) *fact {
	return &fact{kind: factCut, frame: frame, failure: *failed(errorRuntime,
		"State machine "+r.info.MachineName+" has been deleted")}
}

func (r *Run) applyDeleted() error {
	if r.deleted {
		return errImpossible
	}
	r.deleted = true
	return nil
}

func (r *Run) applyCut(at *frame, f *fact) error {
	if !r.deleted {
		return errImpossible
	}
	r.fail(interpreter.Failed, f.failure, at)
	return nil
}

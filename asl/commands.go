package asl

import (
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
)

func (t *turn) start(cmd interpreter.Start) interpreter.Outcome {
	if t.run.version != 0 {
		return interpreter.NotExpected
	}
	t.append(&fact{kind: factStarted, version: formatVersion, value: inline(cmd.Input), text: cmd.TraceHeader})
	return interpreter.Done
}

// task is the frame of an outstanding task. outcome is Done if there is one.
func (t *turn) task(id uint64) (*frame, interpreter.Outcome) {
	f := t.run.tasks.of(id)
	if f == nil {
		return nil, interpreter.NoTask
	}
	t.at = f
	return f, interpreter.Done
}

func (t *turn) taskStarted(cmd interpreter.TaskStarted) interpreter.Outcome {
	f, outcome := t.task(cmd.ID)
	switch {
	case f == nil:
		return outcome
	case f.job.task.Delivery != interpreter.Pull || f.job.phase != interpreter.Scheduled:
		return interpreter.NotExpected
	}
	t.append(&fact{kind: factFetched, frame: f.id, text: cmd.Worker})
	return interpreter.Done
}

func (t *turn) taskSubmitted(cmd interpreter.TaskSubmitted) interpreter.Outcome {
	f, outcome := t.task(cmd.ID)
	switch {
	case f == nil:
		return outcome
	case f.job.task.Completion == interpreter.ByAnswer,
		f.job.phase != interpreter.Scheduled && f.job.phase != interpreter.Resolved:
		return interpreter.NotExpected
	}
	t.append(&fact{kind: factSubmitted, frame: f.id, value: inline(value.Text(cmd.Output))})
	return interpreter.Done
}

// expects says whether the task's result can come now, and whether it comes
// before its submission was acknowledged.
func (j *job) expects() (early, ok bool) {
	switch {
	case j.phase == interpreter.Resolved:
		return false, false
	case j.phase == interpreter.Scheduled && j.task.Delivery == interpreter.Pull:
		return false, false
	}
	return j.phase == interpreter.Scheduled && j.task.Completion != interpreter.ByAnswer, true
}

func (t *turn) taskSucceeded(cmd interpreter.TaskSucceeded) interpreter.Outcome {
	f, outcome := t.task(cmd.ID)
	if f == nil {
		return outcome
	}
	early, ok := f.job.expects()
	if !ok {
		return interpreter.NotExpected
	}
	result := fact{kind: factSucceeded, frame: f.id, ok: true}
	if err := t.checkResult(f, &cmd); err != nil {
		result.kind, result.ok = factFailed, false
		result.failure = failure{kind: failedTask, error: err.error, cause: err.cause}
	} else {
		result.value = inline(value.Text(cmd.Output))
	}
	if early {
		result.kind = factResolved
	}
	t.append(&result)
	return interpreter.Done
}

// checkResult: a result has to be JSON of the size that is allowed.
func (t *turn) checkResult(f *frame, cmd *interpreter.TaskSucceeded) *failure {
	if limit := t.run.info.Limits.PayloadBytes; limit > 0 && len(cmd.Output) > limit && f.job.mapRun == "" {
		return tooLarge(limitName(resource(f)))
	}
	if cmd.Checked {
		return nil
	}
	if err := value.Valid(cmd.Output); err != nil {
		return failed(errorTaskFailed, "The result of the task is not JSON: "+err.Error())
	}
	return nil
}

func (t *turn) taskFailed(cmd interpreter.TaskFailed) interpreter.Outcome {
	f, outcome := t.task(cmd.ID)
	if f == nil {
		return outcome
	}
	if cmd.Submission {
		return t.submissionFailed(f, cmd)
	}
	early, ok := f.job.expects()
	if !ok {
		return interpreter.NotExpected
	}
	result := fact{kind: factFailed, frame: f.id, failure: failure{kind: failedTask, error: cmd.Error, cause: cmd.Cause}}
	if early {
		result.kind = factResolved
	}
	t.append(&result)
	return interpreter.Done
}

// submissionFailed: a result that came all the same is worth more than the
// failure to hear of the submission.
func (t *turn) submissionFailed(f *frame, cmd interpreter.TaskFailed) interpreter.Outcome {
	switch {
	case f.job.task.Completion == interpreter.ByAnswer, f.job.phase == interpreter.Submitted:
		return interpreter.NotExpected
	case f.job.phase == interpreter.Resolved:
		t.append(&fact{kind: factSettled, frame: f.id})
	default:
		t.append(&fact{kind: factFailed, frame: f.id, failure: failure{kind: failedSubmission, error: cmd.Error, cause: cmd.Cause}})
	}
	return interpreter.Done
}

func (t *turn) stop(cmd interpreter.Stop) interpreter.Outcome {
	if t.run.version == 0 {
		return interpreter.NotExpected
	}
	t.append(&fact{kind: factClosed, status: byte(interpreter.Aborted), failure: failure{error: cmd.Error, cause: cmd.Cause}})
	return interpreter.Done
}

// machineDeleted: see deleted.go.
func (t *turn) machineDeleted() interpreter.Outcome {
	switch {
	case t.run.version == 0:
		return interpreter.NotExpected
	case !t.run.deleted:
		t.append(&fact{kind: factDeleted})
	}
	return interpreter.Done
}

// recover settles the results that came early: after a crash nobody knows
// whether the submission is still going to be acknowledged.
func (t *turn) recover() {
	for _, id := range t.run.tasks.numbers() {
		if f := t.run.tasks.of(id); f != nil && f.job.phase == interpreter.Resolved {
			t.append(&fact{kind: factSettled, frame: f.id})
		}
	}
}

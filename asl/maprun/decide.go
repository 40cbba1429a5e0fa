package maprun

import (
	"bytes"
	"fmt"

	"github.com/fermata-dev/fermata/interpreter"
)

// turn is one call of Decide.
type turn struct {
	run *Run
	env *interpreter.Env
	out *interpreter.Decision
	now int64
}

// Decide carries out one command, and then does all that can be done.
func (r *Run) Decide(env *interpreter.Env, cmd interpreter.Command, d *interpreter.Decision) interpreter.Outcome {
	t := &turn{run: r, env: env, out: d, now: max(env.Now.UnixMilli(), r.last)}
	outcome := interpreter.Closed
	if _, again := cmd.(interpreter.Redrive); again {
		outcome = t.redrive()
	} else if !r.status.Closed() {
		outcome = t.command(cmd)
	}
	if outcome == interpreter.Done && r.version != 0 {
		t.goOn()
	}
	return outcome
}

func (t *turn) command(cmd interpreter.Command) interpreter.Outcome {
	switch cmd := cmd.(type) {
	case interpreter.Start:
		return t.start(cmd)
	case interpreter.TaskSubmitted:
		return t.submitted(cmd)
	case interpreter.TaskStarted:
		return interpreter.NotExpected
	case interpreter.TaskSucceeded:
		return t.succeeded(cmd)
	case interpreter.TaskFailed:
		return t.failed(cmd)
	case interpreter.Stop:
		t.end(interpreter.Aborted, cmd.Error, cmd.Cause)
	case interpreter.Update:
		return t.update(cmd)
	case interpreter.Recover:
		t.recover()
	}
	return interpreter.Done
}

func (t *turn) start(cmd interpreter.Start) interpreter.Outcome {
	if t.run.version != 0 {
		return interpreter.NotExpected
	}
	t.append(&fact{kind: factStarted, version: formatVersion, data: cmd.Input.Text(), text: cmd.TraceHeader})
	if reader := t.run.config.Reader; reader != nil && reader.MaxItems < 0 {
		t.fail(&Failure{errorReader, "field MaxItems must be positive"})
	}
	return interpreter.Done
}

// recover asks whether anybody waits for the map run: the process that should have
// stopped it may have ended before.
func (t *turn) recover() {
	if r := t.run; r.version != 0 && r.ending == nil && r.askTask == 0 {
		t.appendTask(&fact{kind: factAsking})
	}
}

// The errors that a map run raises by itself.
const (
	errorReader    = "States.ItemReaderFailed"
	errorWriter    = "States.ResultWriterFailed"
	errorTolerance = "States.ExceedToleratedFailureThreshold"
)

// fail lets the map run fail.
func (t *turn) fail(f *Failure) { t.end(interpreter.Failed, &f.Error, &f.Cause) }

// end lets the map run come to an end; one that has begun stays as it is.
func (t *turn) end(status interpreter.Status, name, cause *string) {
	if t.run.ending == nil {
		t.append(&fact{kind: factEnding, status: uint64(status), error: name, cause: cause})
	}
}

// append makes a fact happen.
func (t *turn) append(f *fact) {
	r := t.run
	r.scratch = f.append(r.scratch[:0])
	t.out.Add(r.scratch)
	own, err := decodeFact(bytes.Clone(r.scratch)) // what the state keeps must not be the caller's
	if err == nil {
		r.dropped = r.dropped[:0]
		err = r.apply(&own, t.now)
	}
	if err != nil {
		panic(fmt.Sprintf("maprun: %v: fact of kind %d was decided", err, f.kind))
	}
	for _, task := range r.dropped {
		t.out.Effects = append(t.out.Effects, interpreter.Cancel{Task: task})
	}
}

// appendTask makes a fact happen that adds a task, which is to be done then.
func (t *turn) appendTask(f *fact) {
	t.append(f)
	t.out.Effects = append(t.out.Effects, interpreter.Invoke{Task: &t.run.jobs[t.run.lastTask].task})
}

// mostFacts bounds a decision whose limits name no number of facts.
const mostFacts = 20_000

func (t *turn) full() bool {
	limits := t.run.info.Limits
	return t.out.Full(limits) || limits.BatchFacts <= 0 && t.out.Facts() >= mostFacts
}

// goOn does what can be done until there is nothing, or the budget is used up.
func (t *turn) goOn() {
	for !t.run.status.Closed() && !t.full() {
		a := t.run.next(t.now)
		if a == nothing {
			return
		}
		t.do(a)
	}
}

// update changes the settings.
func (t *turn) update(cmd interpreter.Update) interpreter.Outcome {
	change, err := ParseChange(cmd.Change)
	if err != nil || t.run.version == 0 {
		return interpreter.NotExpected
	}
	t.append(&fact{kind: factUpdated, settings: change.apply(t.run.settings)})
	return interpreter.Done
}

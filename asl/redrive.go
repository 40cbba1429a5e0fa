package asl

import (
	"time"

	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/interpreter"
)

// An execution that was closed without success keeps its frames, each rewound
// to where a redrive takes it up (section 17): the state that failed or was cut
// off is done again from its beginning, with the input that it had and all its
// attempts; branches and iterations that had succeeded keep what they gave. A fan
// that fails goes to its frame's wreck, for the state may still be tried again or
// its failure caught, and then nothing of it is needed.

// A redrive is known by its token for so long, and while it is among the last of
// so many.
const (
	tokenMemory = int64(15 * time.Minute / time.Millisecond)
	mostTokens  = 10
)

// redriveToken is how a redrive was asked for.
type redriveToken struct {
	token string
	at    int64
}

func (t *turn) redrive(cmd interpreter.Redrive) interpreter.Outcome {
	r := t.run
	switch {
	case cmd.Token != "" && r.knows(cmd.Token, t.now):
		return interpreter.Done
	case !r.status.Closed():
		return interpreter.NotExpected
	case !r.redrivable(), r.deleted:
		return interpreter.Closed
	}
	t.append(&fact{kind: factRedriven, text: cmd.Token})
	return interpreter.Done
}

func (r *Run) knows(token string, now int64) bool {
	for _, known := range r.tokens {
		if known.token == token && now-known.at < tokenMemory {
			return true
		}
	}
	return false
}

// redrivable says whether the execution can go on after its end. One that was
// restored from a snapshot of version 1 has no frames.
func (r *Run) redrivable() bool {
	return r.status.Closed() && r.status != interpreter.Succeeded && r.root != nil && !r.full()
}

// full says whether the history has no room for a redrive and an event after it.
func (r *Run) full() bool {
	limit := uint64(max(r.info.Limits.HistoryEvents, 0))
	return limit > 0 && r.events+1 >= limit
}

func (r *Run) applyRedriven(f *fact) error {
	if !r.status.Closed() || r.root == nil {
		return errImpossible
	}
	r.status, r.failure = interpreter.Running, failure{}
	r.redrives++
	r.redriven = r.at
	if f.text != "" {
		r.tokens = append(r.tokens, redriveToken{f.text, r.at})
		r.tokens = r.tokens[max(0, len(r.tokens)-mostTokens):]
	}
	r.limitTime()
	redriven := r.emitRedriven()
	r.revive(r.root)
	if r.root.phase == phaseEntered && isFail(r.root.state) {
		r.root.prev = redriven // as recorded: its only event is the end of the execution
	}
	return nil
}

func isFail(state *definition.State) bool {
	_, fails := state.Kind.(*definition.Fail)
	return fails
}

// revive lets a frame go on, and all below it. The next event of a state that is
// done again points to the one that entered it.
func (r *Run) revive(f *frame) {
	switch f.phase {
	case phaseEntered, phaseRedo:
		f.prev = f.entered
	case phaseFan:
		for _, child := range f.fan.inOrder() {
			r.revive(child)
		}
	}
	if f.runnable() {
		r.ready.push(f)
	}
}

// takeBack makes a frame that was discarded part of the run again.
func (r *Run) takeBack(f *frame) {
	f.gone = false
	r.frames.add(f.id, f)
	r.varBytes += f.vars.size()
	r.charge(f, f.cur.Size())
	if f.fan == nil {
		return
	}
	if f.fan.items != nil {
		r.charge(f, f.fan.items.Size())
	}
	for _, output := range f.fan.outputs {
		if output != nil {
			r.charge(f, output.Size())
		}
	}
}

// cutOff rewinds a frame and all below it, when the execution ends.
func (r *Run) cutOff(f *frame) {
	f.alarm.armed, f.beat.armed, f.queued = false, false, false
	f.rewind()
	if f.gone {
		r.takeBack(f)
	}
	if f.fan != nil {
		for _, child := range f.fan.live {
			r.cutOff(child)
		}
	}
}

// rewind brings a frame whose work is given up to where a redrive takes it up.
func (f *frame) rewind() {
	f.queued, f.job = false, nil
	f.err, f.retries, f.retried = nil, nil, 0
	switch {
	case f.wreck != nil:
		f.phase, f.fan, f.wreck = phaseFan, f.wreck, nil
	case f.sent != nil && f.phase != phaseDone:
		f.phase, f.fan, f.result = phaseRedo, nil, nil
	case f.phase == phaseTask, f.phase == phaseSurveyed, f.phase == phaseWait, f.phase == phaseRetry, f.phase == phaseErred:
		f.phase, f.fan, f.result = phaseEntered, nil, nil
	}
}

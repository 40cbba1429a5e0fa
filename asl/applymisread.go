package asl

import "github.com/fermata-dev/fermata/asl/definition"

// applyMisread lets a state fail because one of its expressions did. A Parallel
// or Map state shows its own failure as well, again if it did before a catcher
// failed.
func (r *Run) applyMisread(at *frame, f *fact) error {
	if at.phase == phaseNext || at.phase > phaseErred && at.phase != phaseFan && at.phase != phaseSurveyed && !at.beginsAgain() {
		return errImpossible
	}
	at.prev = r.emitMisread(at, f)
	switch {
	case at.phase == phaseFan:
		r.abandon(at, nil, at.prev)
	case at.state.Type == definition.TypeMap, at.state.Type == definition.TypeParallel:
		at.fan = &fan{}
	}
	err := f.failure
	at.err, at.phase = &err, phaseErred
	r.ready.push(at)
	return nil
}

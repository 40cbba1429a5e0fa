package sim

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fermata-dev/fermata/store"
)

// disk is the way to the store: requests and answers travel, and are lost.
// What the store itself does is never wrong.
type disk struct{ w *World }

// errUnknown is an error after which nothing is known of the batches.
var errUnknown = errors.New("simulated: the store did not answer")

// zombieLife is how long a request can be under way after everybody has given
// it up.
const zombieLife = 5 * time.Second

// attempts is how often a request is made at most: the last one is answered.
const attempts = 4

// requestLife is longer than a request is sent again, or can arrive late.
func (p *Plan) requestLife() time.Duration { return zombieLife + attempts*6*p.Slow }

// fate of one call of Commit.
type fate uint8

const (
	answered   fate = iota
	lost            // it never arrives
	answerLost      // it is carried out, the answer does not come back
	partial         // some batches are carried out, then there is an error
	late            // it arrives when the sender has given it up
	failed          // it is carried out or not, and the store takes no more
)

func (w *World) drawFate() fate {
	switch d := w.dice; {
	case d.chance(w.plan.Lost):
		return lost
	case d.chance(w.plan.AnswerLost):
		return answerLost
	case d.chance(w.plan.Partial):
		return partial
	case d.chance(w.plan.Late):
		return late
	case d.chance(w.plan.StoreFails):
		return failed
	}
	return answered
}

// commit sends batches. answer is called with what the node hears; it may be
// called after the node's death, or before the batches are carried out.
func (s *disk) commit(attempt int, alive func() bool, batches []store.Batch, answer func([]store.Result, error)) {
	w := s.w
	batches = copyBatches(batches)
	f := answered
	if attempt < attempts {
		f = w.drawFate()
	}
	travel := w.slowly()
	arrives := func() bool { // what is on its way when its sender dies may get lost
		return alive() || w.dice.chance(0.5)
	}
	giveUp := func(err error) { w.after(w.dice.between(w.plan.Slow, 4*w.plan.Slow), func() { answer(nil, err) }) }
	switch f {
	case lost:
		giveUp(errUnknown)
	case late:
		giveUp(errUnknown)
		w.after(w.dice.between(0, zombieLife), func() {
			if arrives() {
				s.apply(batches)
			}
		})
	default:
		w.after(travel, func() {
			if !arrives() {
				return
			}
			if f == partial || f == failed {
				batches = s.some(batches)
			}
			results := s.apply(batches)
			switch f {
			case answered:
				w.after(w.slowly(), func() { answer(results, nil) })
			case failed:
				giveUp(store.ErrFailed)
			default:
				giveUp(errUnknown)
			}
		})
	}
}

// some takes a random subset.
func (s *disk) some(batches []store.Batch) []store.Batch {
	return slices.DeleteFunc(slices.Clone(batches), func(store.Batch) bool { return s.w.dice.chance(0.5) })
}

// apply carries batches out, one by one, before the auditor's eyes.
func (s *disk) apply(batches []store.Batch) []store.Result {
	results := make([]store.Result, len(batches))
	for i := range batches {
		r, err := s.w.mem.Commit(context.Background(), batches[i:i+1])
		if err != nil {
			s.w.fail("the store refuses a batch of run %d as malformed: %v", batches[i].Run, err)
		}
		results[i] = r[0]
		s.w.audit.committed(&batches[i], &r[0])
	}
	return results
}

// copyBatches copies what a node could change while a request is under way
// twice.
func copyBatches(batches []store.Batch) []store.Batch {
	copies := slices.Clone(batches)
	for i := range copies {
		if h := copies[i].Head; h != nil {
			head := *h
			copies[i].Head = &head
		}
	}
	return copies
}

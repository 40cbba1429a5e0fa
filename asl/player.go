package asl

import (
	"time"

	"github.com/fermata-dev/fermata/interpreter"
)

// Player shows the history of an execution: it folds the facts of its log and
// yields the events that they stand for. It is the interpreter's own Apply
// with somebody listening, so ids and causes are those that Decide counted.
type Player struct {
	run     *Run
	stopped bool
}

// Replay returns a Player of an execution that ran the program. yield gets
// each event once, in the order of their ids, and may keep it; when it answers
// false it gets no more.
func Replay(p *Program, info interpreter.Info, yield func(*Event) bool) *Player {
	player := &Player{run: newRun(p, info)}
	player.run.sink = func(e *Event) {
		if !player.stopped && !yield(e) {
			player.stopped = true
		}
	}
	return player
}

// Apply folds the next fact of the log. The bytes must stay unchanged for as
// long as the Player lives.
func (p *Player) Apply(fact []byte, at time.Time) error {
	return p.run.Apply(fact, at)
}

// Stopped says whether yield has answered false.
func (p *Player) Stopped() bool { return p.stopped }

// Run is the state of the execution after the facts so far. It must not be
// changed.
func (p *Player) Run() interpreter.Run { return p.run }

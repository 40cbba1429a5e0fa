package sfn

import (
	"context"
	"fmt"
	"sync"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
)

// replay reads the history of a run off its log. Events are made of the state of
// the execution before them, so that every reading begins with the first entry; one
// that has read a page can go on, instead of another that begins again.
type replay struct {
	run    *Run
	player *asl.Player // nil: it does not go on
	next   uint64      // position of the entry that comes next
	take   func(*asl.Event) bool
	events []*asl.Event // read and not yet given, in order
	page   int          // backwards, so many of the newest are given, and kept
}

// newReplay begins with the first entry. take says of each event whether there
// shall be more.
func (s *Server) newReplay(run *Run, take func(*asl.Event) bool) (*replay, error) {
	program, ok := run.Definition.Program.(*asl.Program)
	if !ok {
		return nil, fmt.Errorf("sfn: a %T has no history of this kind", run.Definition.Program)
	}
	info := s.cfg.Catalog.Info(run.Definition, run.Name)
	info.Limits = &interpreter.Limits{}
	r := &replay{run: run, take: take}
	r.player = asl.Replay(program, info, func(e *asl.Event) bool { return r.take(e) })
	return r, nil
}

// read takes entries until there are so many events to give, there are to be no
// more, or the log ends.
func (r *replay) read(ctx context.Context, events int) error {
	if len(r.events) >= events {
		return nil
	}
	var broken error
	err := r.run.Engine.EntriesFrom(ctx, r.run.ID, r.next, func(e engine.Entry) bool {
		for _, fact := range e.Facts {
			if broken = r.player.Apply(fact, e.At); broken != nil {
				broken = fmt.Errorf("entry %d: %w", e.Position, broken)
				return false
			}
		}
		r.next = e.Position + 1
		return !r.player.Stopped() && len(r.events) < events
	})
	if err != nil {
		return err
	}
	return broken
}

// size is about how many bytes the reading holds.
func (r *replay) size() int {
	size := 0
	if r.player != nil {
		size = r.player.Run().Size()
	}
	for _, e := range r.events {
		size += sizeOf(e.Details)
	}
	return size
}

func sizeOf(details []asl.Detail) int {
	size := 128
	for _, d := range details {
		size += 64
		switch v := d.Value.(type) {
		case string:
			size += len(v)
		case []asl.Detail:
			size += sizeOf(v)
		}
	}
	return size
}

// place is where a page of a history begins. Engines count their runs each for
// itself, and a definition belongs to one of them.
type place struct {
	definition uint64
	run        uint64
	backwards  bool
	from       uint64
}

// Readings that wait for the next page, and the bytes that they may hold together.
const (
	maxReplays     = 64
	maxReplayBytes = 32 << 20
)

// replays are the readings of histories that wait for the call of the next page,
// those that have waited longest first.
type replays struct {
	mu   sync.Mutex // guards all below
	kept []keptReplay
	size int
}

type keptReplay struct {
	place  place
	replay *replay
	size   int
}

// keep keeps a reading for the page that begins there.
func (r *replays) keep(at place, reading *replay) {
	k := keptReplay{at, reading, reading.size()}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept, r.size = append(r.kept, k), r.size+k.size
	for len(r.kept) > maxReplays || r.size > maxReplayBytes {
		r.remove(0)
	}
}

// take gives the reading that waits there to the caller alone; nil for none.
func (r *replays) take(at place) *replay {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.kept {
		if k := r.kept[i]; k.place == at {
			r.remove(i)
			return k.replay
		}
	}
	return nil
}

func (r *replays) remove(i int) {
	r.size -= r.kept[i].size
	copy(r.kept[i:], r.kept[i+1:])
	r.kept[len(r.kept)-1] = keptReplay{}
	r.kept = r.kept[:len(r.kept)-1]
}

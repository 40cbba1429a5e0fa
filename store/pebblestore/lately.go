package pebblestore

import (
	"sync"

	"github.com/fermata-dev/fermata/store"
)

// lately is what planning has to know of the commits since it read.
type lately struct {
	mu     sync.Mutex // guards all below; held for a few look-ups only
	fences *recent[store.RunID, written]
	names  *recent[nameKey, store.RunID] // zero: the name is free
	mailed *recent[store.RunID, struct{}]
	births store.Births
}

// written is the state of a run's head; gone after a purge.
type written struct {
	fence store.Fence
	gone  bool
}

type nameKey struct {
	machine uint64
	name    string
}

// names is how many names, and receivers of messages, are remembered beyond that.
const names = 4096

func newLately(runs int) lately {
	return lately{
		fences: newRecent[store.RunID, written](runs),
		names:  newRecent[nameKey, store.RunID](names),
		mailed: newRecent[store.RunID, struct{}](names),
	}
}

// fence returns the fence of a run that was written lately.
func (l *lately) fence(run store.RunID) (written, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w, _, ok := l.fences.get(run)
	if !ok && l.births.Never(run) {
		return written{gone: true}, true
	}
	return w, ok
}

// gaveOut notes run ids that were given out.
func (l *lately) gaveOut(first, next store.RunID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.births.GaveOut(first, next)
}

// used reports whether a run must not be created any more.
func (l *lately) used(run store.RunID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.births.Used(run)
}

// spent notes that a run must not be created any more.
func (l *lately) spent(run store.RunID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.births.Spent(run)
}

// holder returns the holder of a name that was taken or freed lately.
func (l *lately) holder(name nameKey) (store.RunID, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	run, _, ok := l.names.get(name)
	return run, ok
}

// holds reports whether what the plans rest on is still so. They were made
// from what was visible at ticket since.
func (l *lately) holds(plans []plan, since uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range plans {
		if p := &plans[i]; !p.refused && !l.planHolds(p, since) {
			return false
		}
	}
	return true
}

func (l *lately) planHolds(p *plan, since uint64) bool {
	if p.batch.Create && l.births.Used(p.batch.Run) {
		return false
	}
	if w, _, ok := l.fences.get(p.batch.Run); ok {
		if w.gone != p.batch.Create || (!w.gone && !w.fence.Admits(p.batch)) {
			return false
		}
	}
	if p.named {
		if holder, _, ok := l.names.get(p.name); ok && holder != p.holder {
			return false
		}
	}
	if p.batch.Head == nil {
		if _, ticket, ok := l.mailed.get(p.batch.Run); ok && ticket > since {
			return false
		}
	}
	return true
}

// wrote remembers what a commit has done.
func (l *lately) wrote(plans []plan, ticket uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range plans {
		p := &plans[i]
		if p.refused {
			continue
		}
		purge := p.batch.Head == nil
		l.fences.put(p.batch.Run, written{fence: p.next, gone: purge}, ticket)
		if p.batch.Create {
			l.births.Spent(p.batch.Run)
		}
		switch {
		case p.named:
			l.names.put(p.name, p.batch.Run, ticket)
		case purge && p.last.Name != "":
			l.names.put(nameKey{p.last.Machine, p.last.Name}, 0, ticket)
		}
		for j := range p.batch.Send {
			l.mailed.put(p.batch.Send[j].To, struct{}{}, ticket)
		}
	}
}

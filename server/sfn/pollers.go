package sfn

import "sync"

// pollers counts the calls that wait for work of an activity.
type pollers struct {
	limit int // for one activity, 0 for none

	mu     sync.Mutex // guards byName
	byName map[string]int
}

// enter counts one more, unless there are as many as there may be.
func (p *pollers) enter(activity string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limit > 0 && p.byName[activity] >= p.limit {
		return false
	}
	if p.byName == nil {
		p.byName = map[string]int{}
	}
	p.byName[activity]++
	return true
}

func (p *pollers) leave(activity string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byName[activity]--; p.byName[activity] == 0 {
		delete(p.byName, activity)
	}
}

package sim

import "container/heap"

// event is something that happens at an instant of virtual time.
type event struct {
	at  int64 // microseconds
	seq uint64
	do  func()
}

// schedule is the heap of what is going to happen. Events of one instant happen
// in the order in which they were put there.
type schedule struct {
	events []event
	seq    uint64
}

func (s *schedule) add(at int64, do func()) {
	s.seq++
	heap.Push(s, event{at: at, seq: s.seq, do: do})
}

func (s *schedule) next() event { return heap.Pop(s).(event) }

// Len implements heap.Interface.
func (s *schedule) Len() int { return len(s.events) }

// Less implements heap.Interface.
func (s *schedule) Less(i, j int) bool {
	if s.events[i].at != s.events[j].at {
		return s.events[i].at < s.events[j].at
	}
	return s.events[i].seq < s.events[j].seq
}

// Swap implements heap.Interface.
func (s *schedule) Swap(i, j int) { s.events[i], s.events[j] = s.events[j], s.events[i] }

// Push implements heap.Interface.
func (s *schedule) Push(x any) { s.events = append(s.events, x.(event)) }

// Pop implements heap.Interface.
func (s *schedule) Pop() any {
	last := len(s.events) - 1
	e := s.events[last]
	s.events[last] = event{}
	s.events = s.events[:last]
	return e
}

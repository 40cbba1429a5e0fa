package asl

// timer is an instant at which a frame, or the run itself, wants to be woken.
// Its owner contains it; it is either in the run's timers or idle.
type timer struct {
	due   int64 // in milliseconds
	frame *frame
	beat  bool // a heartbeat is due, else whatever the frame waits for
	armed bool
	at    int // position in the heap
}

// before orders timers in a way that does not depend on how they got there.
func (t *timer) before(other *timer) bool {
	if t.due != other.due {
		return t.due < other.due
	}
	if a, b := t.owner(), other.owner(); a != b {
		return a < b
	}
	return !t.beat && other.beat
}

// owner is 0 for the run, which comes first.
func (t *timer) owner() uint64 {
	if t.frame == nil {
		return 0
	}
	return t.frame.id + 1
}

// timers is a heap by time.
type timers []*timer

func (h timers) first() *timer {
	if len(h) == 0 {
		return nil
	}
	return h[0]
}

func (h *timers) arm(t *timer, due int64) {
	h.disarm(t)
	t.due, t.armed, t.at = due, true, len(*h)
	*h = append(*h, t)
	h.up(t.at)
}

func (h *timers) disarm(t *timer) {
	if !t.armed {
		return
	}
	last := len(*h) - 1
	i := t.at
	h.swap(i, last)
	(*h)[last] = nil
	*h = (*h)[:last]
	t.armed = false
	if i < last {
		h.down(i)
		h.up(i)
	}
}

func (h timers) swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].at, h[j].at = i, j
}

func (h timers) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !h[i].before(h[parent]) {
			return
		}
		h.swap(i, parent)
		i = parent
	}
}

func (h timers) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(h); child++ {
			if h[child].before(h[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		h.swap(i, least)
		i = least
	}
}

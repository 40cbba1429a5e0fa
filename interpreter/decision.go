package interpreter

import "slices"

// Decision collects what commands decided together want committed and done.
// The engine uses it again: nothing in it outlives the next Reset, and who wants to
// keep the bytes of a fact copies them.
type Decision struct {
	// Effects to carry out after the commit, in order.
	Effects []Effect
	// Transitions is how many steps of the workflow the facts begin, for those who pace
	// them.
	Transitions int

	facts []byte
	ends  []int
}

// Effect is something to do once the facts are durable.
type Effect interface{ effect() }

// Invoke starts a task (Push) or puts it into its queue (Pull).
type Invoke struct{ Task *Task }

// Cancel says that nobody waits for the task any longer. It is carried out as
// far as the connector can; what comes back later appends nothing.
type Cancel struct{ Task *Task }

func (Invoke) effect() {}
func (Cancel) effect() {}

// Append adds one fact: encode appends its bytes to dst and returns the
// extended slice. It returns the fact.
func (d *Decision) Append(encode func(dst []byte) []byte) []byte {
	start := len(d.facts)
	d.facts = encode(d.facts)
	d.ends = append(d.ends, len(d.facts))
	return d.facts[start:len(d.facts):len(d.facts)]
}

// Add adds one fact that is encoded already and returns the decision's copy.
func (d *Decision) Add(fact []byte) []byte {
	start := len(d.facts)
	if start+len(fact) > cap(d.facts) && start > manyFacts {
		d.facts = slices.Grow(d.facts, start+len(fact))
	}
	d.facts = append(d.facts, fact...)
	d.ends = append(d.ends, len(d.facts))
	return d.facts[start:len(d.facts):len(d.facts)]
}

// manyFacts is the size in bytes from which on the room for facts is doubled when it is
// full. Left to append, a decision of a megabyte would be copied five times.
const manyFacts = 16 << 10

// Facts is the number of facts.
func (d *Decision) Facts() int { return len(d.ends) }

// Bytes is the size of all facts.
func (d *Decision) Bytes() int { return len(d.facts) }

// Fact returns the i-th fact.
func (d *Decision) Fact(i int) []byte {
	start := 0
	if i > 0 {
		start = d.ends[i-1]
	}
	return d.facts[start:d.ends[i]:d.ends[i]]
}

// Full reports whether the budget of one commit is used up.
func (d *Decision) Full(l *Limits) bool {
	return l.BatchFacts > 0 && len(d.ends) >= l.BatchFacts || l.BatchBytes > 0 && len(d.facts) >= l.BatchBytes
}

// mostRoom is how many bytes of facts an empty decision has room for at most, so
// that a large one is not kept for ever.
const mostRoom = 4 << 20

// Reset empties the decision.
func (d *Decision) Reset() {
	clear(d.Effects)
	d.Effects = d.Effects[:0]
	d.Transitions = 0
	d.facts = d.facts[:0]
	d.ends = d.ends[:0]
	if cap(d.facts) > mostRoom {
		d.facts = nil
	}
}

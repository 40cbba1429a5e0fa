package store

import "fmt"

// Fence is what a store has to know of a head in order to check the next batch
// and to move the run's index rows. Two fences with the same Index have the same
// index rows.
type Fence struct {
	Position uint64
	Commit   CommitID
	Index
}

// Index says which index rows a head has. It is comparable. Instants are
// ordinals (see [Ordinal]).
type Index struct {
	Machine uint64
	Name    string // empty: the run is not in the index by name
	Status  Status // the run is listed under it; if closed, it is in ClosedBefore at Closed
	Started uint64
	Closed  uint64
	Wake    uint64 // zero: not in Due
	Owner   NodeID // zero: not in Owned
}

// FenceOf derives the fence of a head. This is the one place that says which
// index rows a head has. A run with an incident is neither due nor owned.
func FenceOf(h *Head) Fence {
	f := Fence{
		Position: h.Position,
		Commit:   h.Commit,
		Index: Index{
			Machine: h.Machine,
			Name:    h.Name,
			Status:  h.Status,
			Started: Ordinal(h.Started),
		},
	}
	if h.Status.Closed() {
		f.Closed = Ordinal(h.Closed)
	}
	if h.Incident == "" {
		f.Wake, f.Owner = Ordinal(h.Wake), h.Owner
	}
	return f
}

// Admits reports whether a batch that builds on a head may follow this one.
func (f Fence) Admits(b *Batch) bool {
	return f.Position == b.Position && f.Commit == b.Expect
}

// CheckIdentity refuses a batch that follows this fence and changes what a run
// is found by for all its life: machine, name and start.
func (f Fence) CheckIdentity(b *Batch) error {
	if b.Head == nil {
		return nil
	}
	h := b.Head
	if h.Machine != f.Machine || h.Name != f.Name || Ordinal(h.Started) != f.Started {
		return fmt.Errorf("%w: run %d: a batch changes machine, name or start of the run", ErrInvalid, b.Run)
	}
	return nil
}

package store

// Births knows which of the run ids that a store gave out were created, for the
// newest 16 million ids since it was opened: one bit each. With it a store need
// not look for a head that cannot be there, and refuses to create an id twice even
// when the run was purged in between: a creation that comes late, because its
// answer was lost, must not bring a purged run back. Nor must one that was refused
// because its name was taken succeed when it comes once more and the name is free:
// whoever asked for it has been told, and nobody would carry the run out.
//
// Ids that were given out before the store was opened, or that are older than it
// remembers, count as used. The zero value knows nothing and refuses nothing. It
// is not safe for concurrent use.
type Births struct {
	first RunID // the lowest id that it can tell of
	next  RunID // the lowest that was not given out
	pages map[uint64]*birthPage
}

const (
	birthPageIDs = 1 << 15
	birthPages   = 512 // 2 MiB, 16 million ids
)

type birthPage [birthPageIDs / 64]uint64

// GaveOut notes that the ids from first up to next were given out.
func (b *Births) GaveOut(first, next RunID) {
	if b.pages == nil {
		b.first, b.pages = first, map[uint64]*birthPage{}
	}
	b.next = next
}

// Never reports whether the id was given out and certainly never created.
func (b *Births) Never(run RunID) bool {
	return b.pages != nil && run >= b.first && run < b.next && !b.bit(run)
}

// Used reports whether the id must not be created any more.
func (b *Births) Used(run RunID) bool {
	return b.pages != nil && (run < b.first || b.bit(run))
}

func (b *Births) bit(run RunID) bool {
	page := b.pages[uint64(run)/birthPageIDs]
	return page != nil && page[uint64(run)%birthPageIDs/64]&(1<<(uint64(run)%64)) != 0
}

// Spent notes that a run was created, or refused for its name.
func (b *Births) Spent(run RunID) {
	if b.pages == nil || run < b.first {
		return
	}
	n := uint64(run) / birthPageIDs
	page := b.pages[n]
	if page == nil {
		page = &birthPage{}
		b.pages[n] = page
		b.forget(n)
	}
	page[uint64(run)%birthPageIDs/64] |= 1 << (uint64(run) % 64)
}

// forget lets the oldest ids go when there are too many.
func (b *Births) forget(newest uint64) {
	if newest < birthPages {
		return
	}
	oldest := newest - birthPages + 1
	if RunID(oldest*birthPageIDs) <= b.first {
		return
	}
	b.first = RunID(oldest * birthPageIDs)
	for n := range b.pages {
		if n < oldest {
			delete(b.pages, n)
		}
	}
}

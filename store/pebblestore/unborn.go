package pebblestore

import "github.com/fermata-dev/fermata/store"

// unborn knows which of the run ids that this opening gave out were not created
// yet, so that a creation need not look in the database for a head that cannot be
// there. It is one bit an id, for the newest ids only.
type unborn struct {
	first store.RunID // the lowest id that it can tell of
	next  store.RunID // the lowest that was not given out
	pages map[uint64]*bornPage
}

const (
	bornPageIDs = 1 << 15
	bornPages   = 512 // 2 MiB, 16 million ids
)

type bornPage [bornPageIDs / 64]uint64

// gaveOut notes that the ids below next were given out.
func (u *unborn) gaveOut(first, next store.RunID) {
	if u.pages == nil {
		u.first, u.pages = first, map[uint64]*bornPage{}
	}
	u.next = next
}

// is reports whether the run was certainly never created.
func (u *unborn) is(run store.RunID) bool {
	if u.pages == nil || run < u.first || run >= u.next {
		return false
	}
	page := u.pages[uint64(run)/bornPageIDs]
	return page == nil || page[uint64(run)%bornPageIDs/64]&(1<<(uint64(run)%64)) == 0
}

// born notes a creation.
func (u *unborn) born(run store.RunID) {
	if u.pages == nil || run < u.first {
		return
	}
	n := uint64(run) / bornPageIDs
	page := u.pages[n]
	if page == nil {
		page = &bornPage{}
		u.pages[n] = page
		u.forget(n)
	}
	page[uint64(run)%bornPageIDs/64] |= 1 << (uint64(run) % 64)
}

// forget lets the oldest ids go when there are too many.
func (u *unborn) forget(newest uint64) {
	if newest < bornPages {
		return
	}
	oldest := newest - bornPages + 1
	if store.RunID(oldest*bornPageIDs) <= u.first {
		return
	}
	u.first = store.RunID(oldest * bornPageIDs)
	for n := range u.pages {
		if n < oldest {
			delete(u.pages, n)
		}
	}
}

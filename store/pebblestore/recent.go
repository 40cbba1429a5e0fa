package pebblestore

// window is how many commits an entry of a recent map stays at least: far more than
// are made while one is being planned, and few, since one commit may have thousands
// of entries.
const window = 256

// recent remembers the newest values of what was lately written, each with the
// ticket of its commit. It forgets the oldest first, but nothing younger than
// window commits, however full it is. So what is not in it was not written
// during the last window commits, and a value read from the database at ticket t
// is still true at ticket t+window-1 if the key is not here. That lets planning
// read without a lock.
type recent[K comparable, V any] struct {
	limit  int
	nodes  map[K]*recentNode[K, V]
	newest *recentNode[K, V]
	oldest *recentNode[K, V]
}

type recentNode[K comparable, V any] struct {
	key          K
	value        V
	ticket       uint64
	newer, older *recentNode[K, V]
}

func newRecent[K comparable, V any](limit int) *recent[K, V] {
	return &recent[K, V]{limit: limit, nodes: make(map[K]*recentNode[K, V])}
}

// get returns the newest value of a key, the ticket of its commit and whether
// it is remembered.
func (r *recent[K, V]) get(key K) (value V, ticket uint64, ok bool) {
	n := r.nodes[key]
	if n == nil {
		return value, 0, false
	}
	return n.value, n.ticket, true
}

// put remembers what the commit with that ticket wrote. Tickets rise.
func (r *recent[K, V]) put(key K, value V, ticket uint64) {
	n := r.nodes[key]
	switch {
	case n != nil:
		r.unlink(n)
	case len(r.nodes) >= r.limit && r.oldest != nil && r.oldest.ticket+window <= ticket:
		n = r.oldest // forget it and use its node
		r.unlink(n)
		delete(r.nodes, n.key)
		r.nodes[key] = n
	default:
		n = new(recentNode[K, V])
		r.nodes[key] = n
	}
	n.key, n.value, n.ticket = key, value, ticket
	r.link(n)
	r.shrink(ticket)
}

// shrink gives back what a burst within one window has added above the limit.
func (r *recent[K, V]) shrink(ticket uint64) {
	for len(r.nodes) > r.limit && r.oldest.ticket+window <= ticket {
		n := r.oldest
		r.unlink(n)
		delete(r.nodes, n.key)
	}
}

func (r *recent[K, V]) link(n *recentNode[K, V]) {
	n.newer, n.older = nil, r.newest
	if r.newest != nil {
		r.newest.newer = n
	} else {
		r.oldest = n
	}
	r.newest = n
}

func (r *recent[K, V]) unlink(n *recentNode[K, V]) {
	if n.newer != nil {
		n.newer.older = n.older
	} else {
		r.newest = n.older
	}
	if n.older != nil {
		n.older.newer = n.newer
	} else {
		r.oldest = n.newer
	}
	n.newer, n.older = nil, nil
}

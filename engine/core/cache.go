package core

// cache is the list of mailboxes that have nothing to do, newest first, with the
// memory they hold. Its mailboxes can be dropped at any time: the log has
// everything.
type cache struct {
	limit, bytes   int64
	newest, oldest *mailbox
}

func (l *cache) add(b *mailbox, size int64) {
	if b.cached {
		l.remove(b)
	}
	b.cached, b.size = true, size
	l.bytes += size
	b.older = l.newest
	if l.newest != nil {
		l.newest.newer = b
	}
	l.newest = b
	if l.oldest == nil {
		l.oldest = b
	}
}

func (l *cache) remove(b *mailbox) {
	if !b.cached {
		return
	}
	if b.newer != nil {
		b.newer.older = b.older
	} else {
		l.newest = b.older
	}
	if b.older != nil {
		b.older.newer = b.newer
	} else {
		l.oldest = b.newer
	}
	l.bytes -= b.size
	b.newer, b.older, b.cached, b.size = nil, nil, false, 0
}

package engine

import (
	"context"
	"sync"

	"github.com/fermata-dev/fermata/store"
)

// queues hands out the rows of the worker queues. The store has the truth; in
// memory there is, for each queue that somebody polls, a page of its rows and a
// signal that more may have come.
type queues struct {
	e *Engine

	mu     sync.Mutex // guards byName and those in it
	byName map[string]*queue
	over   chan struct{} // closed when the engine stops
	once   sync.Once
}

// queuePage is how many rows are read at once.
const queuePage = 256

type queue struct {
	rows    []store.QueueRow
	after   store.QueueRow          // the page that is read next begins behind it
	handing map[store.QueueRow]bool // given out, not yet committed
	stopped map[store.QueueRow]bool // of runs that cannot go on: passed over until one is resumed
	pollers int
	reading bool
	// news is closed, and made anew, when rows may have come.
	news  chan struct{}
	fresh bool // rows may have come since the store was read
}

func (q *queues) init(e *Engine) {
	q.e, q.byName, q.over = e, map[string]*queue{}, make(chan struct{})
}

func (q *queues) close() { q.once.Do(func() { close(q.over) }) }

// notify says that a queue has new rows.
func (q *queues) notify(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w := q.byName[name]; w != nil {
		w.announce()
	}
}

// offerAgain says that a run was resumed: what was passed over may be to be had.
func (q *queues) offerAgain() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for name, w := range q.byName {
		if len(w.stopped) > 0 {
			w.stopped = nil
			w.announce()
			q.forgetIdle(name, w)
		}
	}
}

func (w *queue) announce() {
	w.fresh = true
	close(w.news)
	w.news = make(chan struct{})
}

// next returns a row that nobody else has, waiting for one until ctx ends.
func (q *queues) next(ctx context.Context, name string) (store.QueueRow, bool, error) {
	w := q.enter(name)
	defer q.leave(name)
	for ctx.Err() == nil {
		row, ok, read, news := q.try(w)
		if ok {
			return row, true, nil
		}
		if read {
			if err := q.read(ctx, name, w); err != nil {
				return row, false, err
			}
			continue
		}
		select {
		case <-news:
		case <-ctx.Done():
		case <-q.over:
			return row, false, ErrStopped
		}
	}
	return store.QueueRow{}, false, nil
}

func (q *queues) enter(name string) *queue {
	q.mu.Lock()
	defer q.mu.Unlock()
	w := q.byName[name]
	if w == nil {
		w = &queue{handing: map[store.QueueRow]bool{}, news: make(chan struct{}), fresh: true}
		q.byName[name] = w
	}
	w.pollers++
	return w
}

func (q *queues) leave(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w := q.byName[name]
	w.pollers--
	q.forgetIdle(name, w)
}

// forgetIdle forgets a queue that nobody polls any more.
func (q *queues) forgetIdle(name string, w *queue) {
	if w.pollers == 0 && len(w.handing) == 0 && len(w.stopped) == 0 {
		delete(q.byName, name)
	}
}

// try takes a row from the page. If there is none, read says that the caller is
// to read the store; else news tells when to try again.
func (q *queues) try(w *queue) (row store.QueueRow, ok, read bool, news <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(w.rows) > 0 {
		row, w.rows = w.rows[0], w.rows[1:]
		if !w.handing[row] && !w.stopped[row] {
			w.handing[row] = true
			return row, true, false, nil
		}
	}
	if w.fresh && !w.reading {
		w.fresh, w.reading = false, true
		return row, false, true, nil
	}
	return row, false, false, w.news
}

// read fills the page from the store. Behind a full page comes the next one, and then
// the first again: so rows that are passed over hold up nobody.
func (q *queues) read(ctx context.Context, name string, w *queue) error {
	rows, err := q.e.cfg.Store.Queue(ctx, name, w.after, queuePage) // nobody else reads, and so changes after
	q.mu.Lock()
	defer q.mu.Unlock()
	w.reading = false
	switch {
	case err != nil:
		w.fresh = true
	case len(rows) == queuePage:
		w.rows, w.after, w.fresh = rows, rows[len(rows)-1], true
	default:
		w.rows, w.after = rows, store.QueueRow{}
	}
	if len(w.rows) > 1 || err != nil || w.fresh {
		close(w.news) // others wait for this reading
		w.news = make(chan struct{})
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// fate is what became of a hand-out.
type fate uint8

const (
	fateSettled fate = iota // it was committed, or the task is not wanted any more
	fateAgain               // the task is to be offered again
	fateStopped             // its run cannot go on
)

// done says what became of the hand-out of a row.
func (q *queues) done(row store.QueueRow, f fate) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w := q.byName[row.Queue] // it is there as long as the row is being handed out
	delete(w.handing, row)
	switch f {
	case fateAgain:
		w.announce()
	case fateStopped:
		if w.stopped == nil {
			w.stopped = map[store.QueueRow]bool{}
		}
		w.stopped[row] = true
	}
	q.forgetIdle(row.Queue, w)
}

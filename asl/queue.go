package asl

// queue holds the frames that can go on by themselves, first come first
// served. A frame that stops being able to is dropped when it comes to the
// front, so that nothing is ever searched for. Every fact ends with a look at
// the front, so the order depends on the facts alone.
type queue struct {
	frames []*frame
	from   int // frames before it were taken
}

func (q *queue) push(f *frame) {
	if f.queued {
		return
	}
	f.queued = true
	q.compact()
	q.frames = append(q.frames, f)
}

// front is the frame whose turn it is, nil if there is none.
func (q *queue) front() *frame {
	for q.from < len(q.frames) {
		f := q.frames[q.from]
		if !f.gone && f.runnable() {
			return f
		}
		f.queued = false
		q.frames[q.from] = nil
		q.from++
	}
	q.frames, q.from = q.frames[:0], 0
	return nil
}

// compact gives up the room of the frames that were taken, once that is most
// of it.
func (q *queue) compact() {
	if q.from < 64 || q.from < len(q.frames)/2 {
		return
	}
	n := copy(q.frames, q.frames[q.from:])
	clear(q.frames[n:])
	q.frames, q.from = q.frames[:n], 0
}

// waiting are the ids of the frames that front will give, in order.
func (q *queue) waiting() []uint64 {
	var ids []uint64
	for _, f := range q.frames[q.from:] {
		if !f.gone && f.runnable() {
			ids = append(ids, f.id)
		}
	}
	return ids
}

package asl

import "slices"

// index finds frames by a number: their own, or that of their task. Most runs have
// one frame and one task at most, which need no map.
type index struct {
	number uint64
	frame  *frame // the first that came, nil once it is gone
	others map[uint64]*frame
}

// frame is the one with that id, nil if there is none.
func (r *Run) frame(id uint64) *frame {
	if t := r.turn; t != nil && t.at != nil && t.at.id == id && !t.at.gone {
		return t.at
	}
	return r.frames.of(id)
}

// of is the frame with that number, nil if there is none.
func (x *index) of(number uint64) *frame {
	if x.frame != nil && x.number == number {
		return x.frame
	}
	return x.others[number]
}

func (x *index) add(number uint64, f *frame) {
	switch {
	case x.frame == nil:
		x.number, x.frame = number, f
	case x.others == nil:
		x.others = map[uint64]*frame{number: f}
	default:
		x.others[number] = f
	}
}

// remove gives the map back with its last frame: a map keeps the room that it
// once needed.
func (x *index) remove(number uint64) {
	if x.frame != nil && x.number == number {
		x.frame = nil
		return
	}
	delete(x.others, number)
	if len(x.others) == 0 {
		x.others = nil
	}
}

func (x *index) size() int {
	if x.frame == nil {
		return len(x.others)
	}
	return len(x.others) + 1
}

// numbers are those of all frames, in order.
func (x *index) numbers() []uint64 {
	numbers := make([]uint64, 0, x.size())
	if x.frame != nil {
		numbers = append(numbers, x.number)
	}
	for number := range x.others {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return numbers
}

package java

import "math"

// Random is the linear congruential generator that java.util.Random specifies: 48
// bits of state, of which the upper ones are given out.
type Random struct{ state uint64 }

const (
	multiplier = 0x5DEECE66D
	increment  = 0xB
	mask       = 1<<48 - 1
)

// NewRandom is a generator with a seed.
func NewRandom(seed int64) *Random {
	return &Random{(uint64(seed) ^ multiplier) & mask}
}

// next is the next number of that many bits, as a signed one.
func (r *Random) next(bits uint) int32 {
	r.state = (r.state*multiplier + increment) & mask
	return int32(r.state >> (48 - bits))
}

// Float64 is a number in [0, 1), as nextDouble draws it.
func (r *Random) Float64() float64 {
	high := int64(r.next(26)) << 27
	return float64(high+int64(r.next(27))) / (1 << 53)
}

// Between is a number in [start, end), both of which fit into 32 bits, as
// ints(start, end) draws it. start is less than end.
func (r *Random) Between(start, end int64) int64 {
	if span := end - start; span <= math.MaxInt32 {
		return start + int64(r.below(int32(span)))
	}
	for {
		if drawn := int64(r.next(32)); drawn >= start && drawn < end {
			return drawn
		}
	}
}

// below is a number in [0, bound), as nextInt(bound) draws it.
func (r *Random) below(bound int32) int32 {
	drawn := r.next(31)
	if bound&(bound-1) == 0 {
		return int32(int64(bound) * int64(drawn) >> 31)
	}
	for {
		rest := drawn % bound
		if drawn-rest+(bound-1) >= 0 { // else the last, incomplete span was hit
			return rest
		}
		drawn = r.next(31)
	}
}

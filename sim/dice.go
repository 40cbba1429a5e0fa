package sim

import (
	"math/rand/v2"
	"time"
)

// dice is the only randomness of a world.
type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

// chance is true with probability p.
func (d dice) chance(p float64) bool { return p > 0 && d.Float64() < p }

// upTo is a number from 0 to n, n included.
func (d dice) upTo(n int) int { return d.IntN(n + 1) }

// between is a duration from low to high, in whole microseconds.
func (d dice) between(low, high time.Duration) time.Duration {
	if high <= low {
		return low
	}
	return low + time.Duration(d.Int64N(int64((high-low)/time.Microsecond)+1))*time.Microsecond
}

// one is one of the values.
func one[T any](d dice, values ...T) T { return values[d.IntN(len(values))] }

package intrinsic

import (
	"math"

	"github.com/fermata-dev/fermata/expr/java"
	"github.com/fermata-dev/fermata/expr/value"
)

// mathAdd is States.MathAdd(a, b) over integers of 32 bits. Each argument is
// rounded first, halves up: 1.5 is 2 and -1.5 is -1.
func mathAdd(_ *evaluation, c *call, arguments []any) (any, error) {
	a, okA := rounded(arguments[0])
	b, okB := rounded(arguments[1])
	if !okA || !okB || !fits32(a+b) {
		return nil, c.invalid()
	}
	return value.IntNumber(a + b), nil
}

func rounded(v any) (int64, bool) {
	n, ok := v.(value.Number)
	if !ok {
		return 0, false
	}
	f := math.Floor(n.Float64() + 0.5)
	if !(f >= math.MinInt32 && f <= math.MaxInt32) {
		return 0, false
	}
	return int64(f), true
}

func fits32(i int64) bool { return i >= math.MinInt32 && i <= math.MaxInt32 }

// mathRandom is States.MathRandom(start, end) or States.MathRandom(start, end,
// seed): an integer from start up to, but without, end. Fractions are cut off.
// With a seed it is always the same one, the one that Java gives.
func mathRandom(e *evaluation, c *call, arguments []any) (any, error) {
	start, okStart := whole(arguments[0])
	end, okEnd := whole(arguments[1])
	if !okStart || !okEnd || start >= end {
		return nil, c.invalid()
	}
	if len(arguments) == 2 {
		drawn := int64(e.random.Float64() * float64(end-start))
		return value.IntNumber(start + min(max(drawn, 0), end-start-1)), nil
	}
	seed, ok := seedOf(arguments[2])
	if !ok {
		return nil, c.invalid()
	}
	return value.IntNumber(java.NewRandom(seed).Between(start, end)), nil
}

// seedOf is a number without its fraction, if it fits into 64 bits.
func seedOf(v any) (int64, bool) {
	n, ok := v.(value.Number)
	if !ok {
		return 0, false
	}
	if i, ok := n.Int64(); ok {
		return i, true
	}
	f := n.Float64()
	return int64(f), f > -1<<63 && f < 1<<63
}

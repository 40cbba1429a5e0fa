package jsonata

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestPower: results are rounded once, from what the power of these very numbers is.
func TestPower(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range [][3]float64{
		{1.05, 12, 1.79585632602213},
		{1.05, 12.5, 1.8402051355485856},
		{1.1, 10, 2.5937424601000023},
		{1.1, 100, 13780.61233982238},
		{3.7, 2.5, 26.333240780428074},
		{1e-07, 0.3333333333333333, 0.00464158883361278},
		{0.1, 0.3, 0.5011872336272724},
		{123456.789, -4.2, 4.127024963959502e-22},
		{99.99, 7.25, 315998572519292.25},
		{2, 0.5, math.Sqrt2},
		{10, 23, 1e+23}, // in the middle of two numbers
		{10, 308, 1e+308},
		{10, -308, 1e-308},
		{1e-300, 0.9, 9.999999999999847e-271},
		{5e-324, -0.5, 4.4989137945431964e+161},
		{0.9999999999999999, 1e+17, 1.5078657172714957e-05},
		{7, 22, 3.9098210485829883e+18},
		{3, 34, 1.6677181699666568e+16},
		{1.0000000001, 1e10, 2.7182820532347876},
		{250000, 0.08333333333333333, 2.8172691138478405},
		{-2, 3, -8}, {-2, -2, 0.25}, {-8, 1.0 / 3, nan},
		{2, 1023, 0x1p1023}, {2, 1024, inf}, {-2, 1025, -inf}, {2, -1074, 0x1p-1074}, {2, -1076, 0}, {1e300, 1e300, inf}, {1e300, -1e300, 0},
		{0, 0, 1}, {nan, 0, 1}, {0, -1, inf}, {0, 2, 0}, {1, inf, nan}, {-1, -inf, nan}, {1, nan, nan}, {2, inf, inf}, {inf, -1, 0}, {nan, 1, nan},
	} {
		if got := power(c[0], c[1]); got != c[2] && !(math.IsNaN(got) && math.IsNaN(c[2])) {
			t.Errorf("%v to the power of %v is %v, want %v", c[0], c[1], got, c[2])
		}
	}
}

// TestWholePowers compares with exact fractions: numbers of all sizes, results in the middle
// of two numbers, and results that have fewer digits than others because they are so small.
func TestWholePowers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	number := func(exponent int) float64 { return math.Ldexp(random.Float64()+0.5, exponent) }
	for range 2_000 {
		n := random.IntN(20) + 2
		small := -(1022 + random.IntN(52)) / n
		middle := float64(1<<26 + random.IntN(1<<26)*2 + 1) // its square has one digit more than a number
		for _, c := range []struct {
			x float64
			n int
		}{
			{number(random.IntN(80) - 40), n}, {-number(random.IntN(40) - 20), -n}, {float64(random.IntN(1000)+1) / 100, random.IntN(80) - 40},
			{number(small), n}, {number(-small), -n},
			{math.Ldexp(middle, random.IntN(900)-450), 2}, {math.Ldexp(float64(random.IntN(208_064)|1), random.IntN(600)-300), 3},
		} {
			if got, want := power(c.x, float64(c.n)), wholePower(c.x, c.n); got != want {
				t.Errorf("%v to the power of %d is %v, want %v", c.x, c.n, got, want)
			}
		}
	}
}

// wholePower is x to the power of n, rounded once.
func wholePower(x float64, n int) float64 {
	base, result := new(big.Rat).SetFloat64(x), big.NewRat(1, 1)
	for range max(n, -n) {
		result.Mul(result, base)
	}
	if n < 0 {
		result.Inv(result)
	}
	rounded, _ := result.Float64()
	return rounded
}

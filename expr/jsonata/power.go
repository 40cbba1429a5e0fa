package jsonata

import "math"

// power is x to the power of y as in JavaScript, rounded once. math.Pow is off by some
// units in the last place for half of all arguments, and results are shown with all their
// digits.
func power(x, y float64) float64 {
	size := math.Abs(x)
	switch {
	case size == 1 && (math.IsInf(y, 0) || math.IsNaN(y)):
		return math.NaN() // and not 1, as elsewhere
	case size == 0, size == 1, y == 0, math.IsInf(x, 0), math.IsInf(y, 0), math.IsNaN(x), math.IsNaN(y), x < 0 && y != math.Trunc(y):
		return math.Pow(x, y)
	}
	sign := 1.0
	if x < 0 && math.Mod(y, 2) != 0 {
		sign = -1
	}
	switch exponent := y * math.Log(size); {
	case exponent > beyond:
		return sign * math.Inf(1)
	case exponent < -beyond:
		return sign * 0
	}
	if y > 0 && y <= mostMultiplied && y == math.Trunc(y) {
		return sign * multiplied(size, int(y))
	}
	return sign * exponential(logarithm(size).times(y))
}

// multiplied is x to the power of n by multiplication, which is exact if the result has no
// more than twice the digits of a number: it may then lie in the middle of two.
func multiplied(x float64, n int) float64 {
	part, exponent := math.Frexp(x)
	exponent *= n
	result, square := double{1, 0}, double{part, 0}
	for ; n > 0; n /= 2 {
		if n%2 == 1 {
			result = result.product(square)
		}
		square = square.product(square)
	}
	return result.scaled(exponent)
}

const (
	beyond         = 800 // an exponent of e that no number has
	mostMultiplied = 64
)

// double is a number of twice the precision: the sum of both, where low is less than half a
// unit in high's last place.
type double struct{ high, low float64 }

// The logarithm of two. The high part has so few digits that it can be taken exactly times
// the exponent of any number.
var (
	ln2High = 0x1.62e42fefa38p-1
	ln2Low  = double{0x1.ef35793c7673p-45, 0x1.f97b57a079a19p-103}
)

// sum is a and b, which may be of any size.
func sum(a, b float64) double {
	s := a + b
	part := s - a
	return double{s, (a - (s - part)) + (b - part)}
}

func (a double) plus(b double) double {
	s, t := sum(a.high, b.high), sum(a.low, b.low)
	s = sum(s.high, s.low+t.high)
	return sum(s.high, s.low+t.low)
}

func (a double) times(b float64) double { return a.product(double{b, 0}) }

func (a double) product(b double) double {
	p := a.high * b.high
	return sum(p, math.FMA(a.high, b.high, -p)+(a.high*b.low+a.low*b.high))
}

// logarithm is the natural logarithm of a positive number: an approximation, and what is
// missing by one step of Newton's.
func logarithm(x float64) double {
	part, exponent := math.Frexp(x)
	if part < math.Sqrt2/2 {
		part, exponent = part*2, exponent-1
	}
	if rest := part - 1; exponent == 0 && math.Abs(rest) < nearOne {
		return logarithmNearOne(rest)
	}
	near := math.Log(part)
	rest := growth(double{-near, 0}).times(part).plus(double{-1, 0})
	missing := rest.plus(double{-rest.high * rest.high / 2, 0})
	k := float64(exponent)
	return double{k * ln2High, 0}.plus(ln2Low.times(k)).plus(double{near, 0}).plus(missing)
}

// nearOne is how far from one the series is short.
const nearOne = 1.0 / 1024

// logarithmNearOne is the logarithm of 1+x, by the series of the inverse hyperbolic tangent:
// it has all its digits also where it is small.
func logarithmNearOne(x float64) double {
	part := double{x, 0}.over(sum(2, x))
	square := part.product(part)
	series := double{}
	for n := 13.0; n > 0; n -= 2 {
		series = series.product(square).plus(double{1, 0}.quotient(n))
	}
	return series.product(part).times(2)
}

// exponential is e to the power of x.
func exponential(x double) float64 {
	k := math.Round(x.high / math.Ln2)
	rest := x.plus(double{-k * ln2High, 0}).plus(ln2Low.times(-k))
	g := growth(rest)
	return g.scaled(int(k))
}

// leastExponent is that of the smallest number that has all its digits, from 0.5 on.
const leastExponent = -1021

// scaled is a times two to the power of k, rounded once: a number so small that it has fewer
// digits than others is rounded where they end, which is where those of one of this size do.
func (a double) scaled(k int) float64 {
	if _, exponent := math.Frexp(a.high); exponent+k >= leastExponent {
		return math.Ldexp(a.high, k)
	}
	size := math.Ldexp(1, leastExponent-1-k)
	rounded := sum(size, a.high)
	return math.Ldexp(rounded.high+(rounded.low+a.low)-size, k)
}

const (
	halvings = 8  // after which the series is short
	terms    = 12 // of it
)

// growth is e to the power of x, for x of at most about one half: by the series of a part of
// x, multiplied with itself.
func growth(x double) double {
	x = x.times(1.0 / (1 << halvings))
	g := double{1, 0}
	for n := terms; n > 0; n-- {
		g = g.product(x).quotient(float64(n)).plus(double{1, 0})
	}
	for range halvings {
		g = g.product(g)
	}
	return g
}

func (a double) quotient(b float64) double { return a.over(double{b, 0}) }

func (a double) over(b double) double {
	q := a.high / b.high
	return sum(q, (math.FMA(-q, b.high, a.high)+a.low-q*b.low)/b.high)
}

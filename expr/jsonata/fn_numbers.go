package jsonata

import (
	"math"
	"math/big"
	"regexp"
	"strconv"

	"github.com/fermata-dev/fermata/expr/value"
)

// numbers is the first argument, an array of numbers.
func (c *call) numbers() ([]float64, bool) {
	items, ok := c.r.list(c.arg(0))
	if !ok || !c.r.spend(len(items), 8*len(items)) || !c.r.weighAll(items) {
		return nil, false
	}
	result := make([]float64, len(items))
	for i, item := range items {
		result[i], _ = number(item)
	}
	return result, true
}

func fnSum(c *call) (any, *Error) {
	numbers, ok := c.numbers()
	if !ok {
		return undefined, nil
	}
	total := 0.0
	for _, x := range numbers {
		total += x
	}
	return total, nil
}

// fnCount counts what is no array as one.
func fnCount(c *call) (any, *Error) {
	v := c.arg(0)
	n, isArray := arrayLen(v)
	if !isArray && !isUndefined(v) && !(v == nil && c.r.opts.NullIsEmpty) {
		n = 1
	}
	return float64(n), nil
}

func fnMax(c *call) (any, *Error) {
	return extreme(c, math.Max)
}

func fnMin(c *call) (any, *Error) {
	return extreme(c, math.Min)
}

func extreme(c *call, of func(x, y float64) float64) (any, *Error) {
	numbers, ok := c.numbers()
	if !ok || len(numbers) == 0 {
		return undefined, nil
	}
	result := numbers[0]
	for _, x := range numbers[1:] {
		result = of(result, x)
	}
	return result, nil
}

func fnAverage(c *call) (any, *Error) {
	numbers, ok := c.numbers()
	if !ok || len(numbers) == 0 {
		return undefined, nil
	}
	total := 0.0
	for _, x := range numbers {
		total += x
	}
	return total / float64(len(numbers)), nil
}

// ofNumber is a function of one number.
func ofNumber(c *call, of func(float64) float64) (any, *Error) {
	x, ok := number(c.arg(0))
	if !ok {
		return undefined, nil
	}
	return of(x), nil
}

func fnFloor(c *call) (any, *Error) { return ofNumber(c, math.Floor) }
func fnCeil(c *call) (any, *Error)  { return ofNumber(c, math.Ceil) }
func fnAbs(c *call) (any, *Error)   { return ofNumber(c, math.Abs) }

func fnSqrt(c *call) (any, *Error) {
	if x, ok := number(c.arg(0)); ok && x < 0 {
		return undefined, &Error{Code: "D3060", Value: x, Index: 1}
	}
	return ofNumber(c, math.Sqrt)
}

func fnPower(c *call) (any, *Error) {
	base, ok := number(c.arg(0))
	if !ok {
		return undefined, nil
	}
	exponent, ok := number(c.arg(1))
	if !ok {
		exponent = math.NaN()
	}
	result := power(base, exponent)
	if math.IsInf(result, 0) || math.IsNaN(result) {
		return undefined, &Error{Code: "D3061", Value: base, Value2: c.arg(1), Index: 1}
	}
	return result, nil
}

func fnRandom(c *call) (any, *Error) { return c.r.env.RandomNumber(), nil }

func fnRound(c *call) (any, *Error) {
	precision, _ := number(c.arg(1))
	if precision != math.Trunc(precision) {
		return ofNumber(c, func(float64) float64 { return math.NaN() }) // no number has such an exponent
	}
	return ofNumber(c, func(x float64) float64 { return round(x, int(max(min(precision, 1e4), -1e4))) })
}

// round rounds to a number of decimals, halves to the even neighbour. The
// point is moved in the text of the number, where nothing gets lost.
func round(x float64, decimals int) float64 {
	if !math.IsInf(x, 0) {
		x = shift(x, decimals)
	}
	rounded := math.RoundToEven(x)
	if math.IsInf(x, 0) && decimals != 0 {
		return math.NaN() // its text has no point to be moved
	}
	if rounded = shift(rounded, -decimals); rounded == 0 {
		return 0
	}
	return rounded
}

// jsText is a number as JavaScript writes it, what is none with its name.
func jsText(x float64) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	}
	return string(value.FloatNumber(x))
}

// shift is x times a power of ten.
func shift(x float64, places int) float64 {
	if places == 0 {
		return x
	}
	text := strconv.FormatFloat(x, 'e', -1, 64)
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == 'e' {
			exponent, _ := strconv.Atoi(text[i+1:])
			x, _ = strconv.ParseFloat(text[:i+1]+strconv.Itoa(exponent+places), 64)
			break
		}
	}
	return x
}

func fnFormatBase(c *call) (any, *Error) {
	x, ok := number(c.arg(0))
	if !ok {
		return undefined, nil
	}
	x = round(x, 0)
	radix := 10.0
	if given, ok := number(c.arg(1)); ok {
		radix = round(given, 0)
	}
	switch {
	case !(radix >= 2 && radix <= 36): // NaN is none either
		return undefined, &Error{Code: "D3100", Value: radix}
	case radix == 10 || math.IsNaN(x) || math.IsInf(x, 0):
		return jsText(x), nil
	}
	integer, _ := big.NewFloat(x).Int(nil)
	text := integer.Text(int(radix))
	return text, c.r.paid(len(text)/16, len(text))
}

var (
	decimalText = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$`)
	radixText   = regexp.MustCompile(`^0([xX][0-9A-Fa-f]+|[oO][0-7]+|[bB][01]+)$`)
	radixLike   = regexp.MustCompile(`^0[xX][0-9A-Fa-f]|0[oO][0-7]|0[bB][01]+$`)
)

func fnNumber(c *call) (any, *Error) {
	switch v := c.arg(0).(type) {
	case Undefined, float64, value.Number:
		return v, nil
	case bool:
		if v {
			return 1.0, nil
		}
		return 0.0, nil
	case string:
		if !c.r.spend(len(v)/stepNumber, 0) {
			return undefined, c.r.spent
		}
		if decimalText.MatchString(v) {
			if x, err := strconv.ParseFloat(v, 64); err == nil {
				return x, nil
			}
		}
		if radixText.MatchString(v) {
			if integer, ok := new(big.Int).SetString(v, 0); ok {
				x, _ := new(big.Float).SetInt(integer).Float64()
				return x, nil
			}
		}
		if radixLike.MatchString(v) {
			return math.NaN(), nil // this is how much of it is looked at
		}
	}
	return undefined, &Error{Code: "D3030", Value: c.arg(0), Index: 1}
}

// Package aws is the dialect of JSONata that AWS Step Functions speaks: the
// functions $partition, $range, $hash, $random with a seed, $uuid and $parse,
// no $eval, no ?: and ?? (it is JSONata 2.0), its own texts of numbers, what other
// functions do as Java does it, and its bounds.
package aws

import (
	"errors"
	"fmt"
	"math"

	"github.com/fermata-dev/fermata/expr/java"
	"github.com/fermata-dev/fermata/expr/jsonata"
	"github.com/fermata-dev/fermata/expr/value"
)

// The budgets of the dialect. AWS bounds the depth in the same parts of an
// expression; it bounds the size of one value (6,990,256 bytes) and the time (a
// second), for which memory and steps stand here, so that an expression ends
// in the same way everywhere.
const (
	MaxDepth  = 100
	MaxMemory = 64 << 20
	MaxSteps  = 4_000_000
	// MaxRange is how many numbers $range may make.
	MaxRange = 360_145
	// MaxPad is how many characters $pad may add, whatever stands there already.
	MaxPad = 262_144
)

// Options are the options of the dialect.
func Options() jsonata.Options {
	return jsonata.Options{
		NoEval:       true,
		NoDefaults:   true,
		NoFunctions:  true,
		Number:       Number,
		NumberText:   NumberText,
		ShortEscapes: true,
		ASCIISpaces:  true,
		WholeLimits:  true,
		NullIsEmpty:  true,
		MaxDepth:     MaxDepth,
		MaxMemory:    MaxMemory,
		MaxSteps:     MaxSteps,
		MaxPad:       MaxPad,
		Functions: map[string]jsonata.Function{
			"partition": {Signature: "<xn?:x>", Arity: 2, Call: partition},
			"range":     {Signature: "<nnn?:x>", Arity: 3, Call: numbers},
			"hash":      {Signature: "<ss?:s>", Arity: 2, Call: hash},
			"random":    {Signature: "<n?:n>", Call: random},
			"uuid":      {Signature: "<:s>", Call: uuid},
			"parse":     {Signature: "<s-:x>", Call: parse},

			"base64encode":       {Signature: "<s-:s>", Call: ofText(encodeBase64)},
			"base64decode":       {Signature: "<s-:s>", Call: ofText(decodeBase64)},
			"decodeUrl":          {Signature: "<s-:s>", Call: ofText(decodeURL("decodeUrl"))},
			"decodeUrlComponent": {Signature: "<s-:s>", Call: ofText(decodeURL("decodeUrlComponent"))},
		},
	}
}

func number(v any) float64 {
	n, ok := v.(value.Number)
	if !ok {
		return math.NaN()
	}
	return n.Float64()
}

// lacks says whether one of the first n arguments has no value.
func lacks(args []any, n int) bool {
	for i := range n {
		if i >= len(args) || args[i] == any(jsonata.Undefined{}) {
			return true
		}
	}
	return false
}

// whole is an argument without its fraction.
func whole(v any) float64 { return math.Trunc(number(v)) }

var (
	//lint:ignore ST1005 the words of AWS
	errNegativeSize = errors.New("Second argument must be zero or greater")
	//lint:ignore ST1005 the words of AWS
	errInvalidJSON = errors.New("Invalid JSON")
)

// partition cuts an array into arrays of the given size; the last one may be
// shorter. Of no items, and with a size of 0, it has no value. If no size is given,
// it makes one array of all items, also of none.
func partition(_ *jsonata.Env, args []any) (any, error) {
	if lacks(args, 1) {
		return jsonata.Undefined{}, nil
	}
	items, ok := args[0].([]any)
	if !ok {
		return nil, &jsonata.Error{Code: "T0412", Value: args[0], Index: 1, Token: "partition"}
	}
	if lacks(args, 2) {
		return []any{items}, nil
	}
	size := whole(args[1])
	switch {
	case size < 0:
		return nil, errNegativeSize
	case size == 0 || len(items) == 0:
		return jsonata.Undefined{}, nil
	}
	parts := []any{}
	for len(items) > 0 {
		n := int(math.Min(size, float64(len(items))))
		parts = append(parts, items[:n:n])
		items = items[n:]
	}
	return parts, nil
}

// numbers is the numbers from the first to the second, which is one of them if
// the steps hit it; a single one is no array. It has no value if the steps
// lead the other way, or nowhere.
func numbers(_ *jsonata.Env, args []any) (any, error) {
	if lacks(args, 3) {
		return jsonata.Undefined{}, nil
	}
	first, last, step := whole(args[0]), whole(args[1]), whole(args[2])
	if step == 0 {
		return jsonata.Undefined{}, nil
	}
	count := math.Floor((last-first)/step) + 1
	switch {
	case !(count <= MaxRange):
		return nil, &jsonata.Error{Code: jsonata.CodeMemory, Value: float64(MaxMemory)}
	case count < 1:
		return jsonata.Undefined{}, nil
	case count == 1:
		return value.FloatNumber(first), nil
	}
	result := make([]any, int(count))
	for i := range result {
		result[i] = value.FloatNumber(first + float64(i)*step)
	}
	return result, nil
}

// hash is the digest of a string in hexadecimal. Of nothing, and where no algorithm
// is asked for, it has no value; an algorithm without a value goes by the name null.
func hash(_ *jsonata.Env, args []any) (any, error) {
	if lacks(args, 1) || len(args) < 2 {
		return jsonata.Undefined{}, nil
	}
	text, _ := args[0].(string)
	algorithm := "null"
	if !lacks(args, 2) {
		algorithm, _ = args[1].(string)
	}
	digest, ok := java.Digest(algorithm, text)
	if !ok {
		//lint:ignore ST1005 the words of AWS
		return nil, fmt.Errorf("Hash algorithm '%s' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5", algorithm)
	}
	return digest, nil
}

// random is a number from 0 up to 1: with a seed, the first that Java's
// generator gives for it.
func random(env *jsonata.Env, args []any) (any, error) {
	if lacks(args, 1) {
		return value.FloatNumber(env.RandomNumber()), nil
	}
	return value.FloatNumber(java.NewRandom(int64(number(args[0]))).Float64()), nil
}

// uuid is a random (version 4) UUID.
func uuid(env *jsonata.Env, _ []any) (any, error) {
	var id [16]byte
	for i := range id {
		id[i] = byte(env.RandomNumber() * 256)
	}
	id[6] = id[6]&0x0F | 0x40
	id[8] = id[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]), nil
}

// parse reads a JSON text, in which strings may stand in single quotes. A name that an
// object has twice is refused, and so is a number that is too large to be one.
func parse(_ *jsonata.Env, args []any) (any, error) {
	if lacks(args, 1) {
		return jsonata.Undefined{}, nil
	}
	text, _ := args[0].(string)
	text = doubleQuoted(text)
	v, err := value.Parse([]byte(text))
	if err != nil || !finite(v) || repeats(text, v) {
		return nil, errInvalidJSON
	}
	return v, nil
}

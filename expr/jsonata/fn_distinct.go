package jsonata

import (
	"hash/maphash"
	"math"

	"github.com/fermata-dev/fermata/expr/value"
)

// distinct is the values of a list that $distinct has seen. Scalars are keys of their
// own; objects and arrays are looked for among those with the same fingerprint.
type distinct struct {
	r       *run
	seed    maphash.Seed
	scalars map[any]bool
	others  map[uint64][]any
}

func fnDistinct(c *call) (any, *Error) {
	items, ok := c.r.list(c.arg(0))
	if !ok || len(items) <= 1 {
		return c.arg(0), c.r.spent
	}
	result := &array{sequence: isSequence(c.arg(0))}
	seen := distinct{r: c.r, seed: maphash.MakeSeed(), scalars: map[any]bool{}, others: map[uint64][]any{}}
	for _, item := range items {
		if !c.r.spend(1, 16) {
			return undefined, c.r.spent
		}
		if seen.add(item) {
			result.push(item)
		}
	}
	return result, c.r.spent
}

// entryBytes is about the memory of an object or array among those seen.
const entryBytes = 64

// add says whether v is the first of its equals.
func (d *distinct) add(v any) bool {
	if key, ok := d.scalarKey(v); ok {
		first := !d.scalars[key]
		d.scalars[key] = true
		return first
	}
	print := d.fingerprint(v, 0)
	alike := d.others[print]
	d.r.spend(len(alike), entryBytes)
	for _, item := range alike {
		if d.r.equal(item, v, 0) {
			return false
		}
	}
	d.others[print] = append(alike, v)
	return true
}

// scalarKey is a key that equal scalars share, and nothing else. To read a long one is
// paid for; beyond the budget it has none.
func (d *distinct) scalarKey(v any) (any, bool) {
	if !d.r.weigh(v) {
		return nil, true
	}
	switch v := v.(type) {
	case nil, bool, string, Undefined:
		return v, true
	case float64, value.Number:
		x, _ := number(v)
		return x, true
	}
	return nil, false
}

// fingerprintDepth is how far down values are told from each other by fingerprints.
const fingerprintDepth = 8

// fingerprint is a number that equal values share. The order of an object's members
// makes no difference.
func (d *distinct) fingerprint(v any, depth int) uint64 {
	if key, ok := d.scalarKey(v); ok {
		if x, ok := key.(float64); ok && math.IsNaN(x) {
			return 0 // it has another hash each time
		}
		return maphash.Comparable(d.seed, key)
	}
	if depth == fingerprintDepth {
		return 0
	}
	if o, ok := v.(*value.Object); ok {
		d.r.spend(o.Len(), 0)
		sum := uint64(o.Len())
		for key, v := range o.All() {
			d.r.weigh(key)
			sum += d.pair(maphash.String(d.seed, key), d.fingerprint(v, depth+1))
		}
		return sum
	}
	n, _ := arrayLen(v)
	if n == 0 || !d.r.spend(n, 0) {
		return 0
	}
	items, _ := d.r.list(v)
	chain := uint64(n)
	for _, item := range items {
		chain = d.pair(chain, d.fingerprint(item, depth+1))
	}
	return chain
}

func (d *distinct) pair(a, b uint64) uint64 {
	return maphash.Comparable(d.seed, [2]uint64{a, b})
}

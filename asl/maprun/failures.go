package maprun

import (
	"maps"
	"math/bits"
	"slices"

	"github.com/fermata-dev/fermata/interpreter"
)

// failures are the children that have ended without success, by number. A redrive
// begins with them, so they are kept until the map run has succeeded, in two bits a
// child: a map run over a hundred million items keeps 25 MB at most.
type failures struct {
	words []uint64 // 32 children each, 0 for one that is not among them
	// sizes are the items of those that have not one.
	sizes map[int64]int64
}

const perWord = 32

func (f *failures) set(number int64, status interpreter.Status, items int64) {
	word, shift := slotOf(number)
	for len(f.words) <= word {
		f.words = append(f.words, 0)
	}
	f.words[word] |= uint64(status-interpreter.Succeeded) << shift
	if items == 1 {
		return
	}
	if f.sizes == nil {
		f.sizes = map[int64]int64{}
	}
	f.sizes[number] = items
}

func (f *failures) clear(number int64) {
	word, shift := slotOf(number)
	f.words[word] &^= 3 << shift
	delete(f.sizes, number)
}

func slotOf(number int64) (word int, shift int) {
	return int(number / perWord), int(number % perWord * 2)
}

// get tells how a child has ended, and how many items it has. ok is false for one
// that is not among them.
func (f *failures) get(number int64) (status interpreter.Status, items int64, ok bool) {
	word, shift := slotOf(number)
	if number < 0 || word >= len(f.words) || f.words[word]>>shift&3 == 0 {
		return 0, 0, false
	}
	status, items = interpreter.Succeeded+interpreter.Status(f.words[word]>>shift&3), 1
	if n, ok := f.sizes[number]; ok {
		items = n
	}
	return status, items, true
}

// next is the first child from a number on, -1 for none.
func (f *failures) next(from int64) int64 {
	word, shift := slotOf(from)
	for ; word < len(f.words); word, shift = word+1, 0 {
		if rest := f.words[word] >> shift << shift; rest != 0 {
			return int64(word)*perWord + int64(bits.TrailingZeros64(rest)/2)
		}
	}
	return -1
}

func (f *failures) bytes() int { return 8*len(f.words) + 48*len(f.sizes) }

func (f *failures) layout(c *codec) {
	n := c.Length(len(f.words))
	if c.Reading && n > 0 {
		f.words = make([]uint64, n)
	}
	for i := range n {
		c.Uint(&f.words[i])
	}
	numbers := slices.Sorted(maps.Keys(f.sizes))
	n = c.Length(len(numbers))
	for i := range n {
		var number, items int64
		if !c.Reading {
			number, items = numbers[i], f.sizes[numbers[i]]
		}
		c.Signed(&number)
		c.Signed(&items)
		if c.Reading && f.sizes == nil {
			f.sizes = map[int64]int64{}
		}
		if c.Reading {
			f.sizes[number] = items
		}
	}
}

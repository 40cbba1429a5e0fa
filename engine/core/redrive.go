package core

import (
	"maps"
	"time"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// What the head of a run that was opened again says of it: how often, and when
// last.
const (
	redrivesAttribute = "fermata.redrives"
	redrivenAttribute = "fermata.redriven"
	// againAttribute is how often a run was redriven that took the place of others: as
	// often as it was begun after the first time.
	againAttribute = "fermata.again"
)

// WithAgain makes attributes of a run that was begun so often before. The map is another
// one.
func WithAgain(attributes map[string]any, n int64) map[string]any {
	all := maps.Clone(attributes)
	if all == nil {
		all = map[string]any{}
	}
	all[againAttribute] = n
	return all
}

// Again tells how often a run had been begun before it took the place of others.
func Again(h *store.Head) int64 {
	n, _ := h.Attributes[againAttribute].(int64)
	return n
}

// reopened reports whether a run was opened again since its head was written. It
// may have closed once more since.
func reopened(h *store.Head, r interpreter.Result) bool {
	count, _ := Redrives(h)
	return int64(r.Redrives) > count
}

// withRedrives makes another map: the old head has the one that is there.
func withRedrives(attributes map[string]any, r interpreter.Result) map[string]any {
	all := maps.Clone(attributes)
	if all == nil {
		all = map[string]any{}
	}
	all[redrivesAttribute], all[redrivenAttribute] = int64(r.Redrives), r.Redriven
	return all
}

// Redrives tells how often a run was opened again, or begun again, and when it was last
// opened.
func Redrives(h *store.Head) (count int64, last time.Time) {
	count, opened := h.Attributes[redrivesAttribute].(int64)
	if !opened {
		count = Again(h)
	}
	last, _ = h.Attributes[redrivenAttribute].(time.Time)
	return count, last
}

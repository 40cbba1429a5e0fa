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
)

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

// Redrives tells how often a run was opened again, and when last.
func Redrives(h *store.Head) (count int64, last time.Time) {
	count, _ = h.Attributes[redrivesAttribute].(int64)
	last, _ = h.Attributes[redrivenAttribute].(time.Time)
	return count, last
}

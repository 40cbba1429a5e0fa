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

// withRedrives leaves the map as it is if it says so already, and else makes
// another: the old head has it too.
func withRedrives(attributes map[string]any, r interpreter.Result) map[string]any {
	if attributes[redrivesAttribute] == int64(r.Redrives) {
		return attributes
	}
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

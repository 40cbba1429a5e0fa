package core

import (
	"maps"

	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Condition binds a command to what the head of its run says at that moment. So
// whoever asks for something on behalf of a task cannot touch what belongs to a
// later one.
type Condition struct {
	// Holds is asked of the durable head. Where it does not hold the command is
	// answered with Closed, and appends nothing.
	Holds func(*store.Head) bool
	// Attributes are set in the head if the command opens the run again.
	Attributes map[string]any
}

// CommandIf notes a command that is carried out if its condition holds.
func (c *Core) CommandIf(t Ticket, run store.RunID, cmd interpreter.Command, only Condition) {
	c.enqueue(c.box(run), item{kind: command, cmd: cmd, ticket: t, only: &only})
}

// refused says whether the item must not be carried out.
func (it *item) refused(h *store.Head) bool { return it.only != nil && !it.only.Holds(h) }

// changes says whether the item has changed what conditions are asked of: nothing
// is decided after it before that is durable.
func (it *item) changes() bool {
	return it.only != nil && len(it.only.Attributes) > 0 && it.outcome == interpreter.Done
}

// withChanges makes another map of attributes: the old head has the one that is
// there.
func withChanges(attributes map[string]any, items []item) map[string]any {
	for i := range items {
		if !items[i].changes() {
			continue
		}
		all := maps.Clone(attributes)
		if all == nil {
			all = map[string]any{}
		}
		maps.Copy(all, items[i].only.Attributes)
		attributes = all
	}
	return attributes
}

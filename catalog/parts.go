package catalog

import (
	"fmt"
	"maps"

	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Part is a distributed Map state of a machine: what its map runs and their
// children are runs of.
type Part struct {
	Label string
	// Type of the children.
	Type         Type
	MapRun, Item interpreter.Program
}

// Role says what of a machine a definition is.
type Role uint64

// The roles. The numbers are durable.
const (
	Whole   Role = 0 // the machine itself
	MapRun  Role = 1 // the map runs of one of its parts
	MapItem Role = 2 // their children
)

// The definitions of a part are not kept: they follow from the revision. Their id
// is the revision's with the part and the role above it.
const (
	partShift = 40
	roleShift = 60
)

func partID(revision uint64, part int, r Role) uint64 {
	return revision | uint64(part)<<partShift | uint64(r)<<roleShift
}

func ofPart(id uint64) (revision uint64, part int, r Role) {
	return id & (1<<partShift - 1), int(id >> partShift & (1<<(roleShift-partShift) - 1)), Role(id >> roleShift)
}

// MapRunsOf is what the map runs of a machine are listed under, as executions are
// under the id of theirs.
func MapRunsOf(machine uint64) uint64 { return machine | 1<<62 }

// ChildrenOf is what the children of a map run are listed under.
func ChildrenOf(mapRun store.RunID) uint64 { return uint64(mapRun) | 1<<63 }

// KindOf says what the runs that are listed under a number are: executions of a
// machine, map runs, or children of one.
func KindOf(machine uint64) Role {
	switch {
	case machine>>63 != 0:
		return MapItem
	case machine>>62 != 0:
		return MapRun
	}
	return Whole
}

// derive makes the definitions of all parts.
func (d *Detail) derive(parts []Part) {
	d.parts = make([][2]*engine.Definition, len(parts))
	for i := range parts {
		d.parts[i] = [2]*engine.Definition{d.derived(&parts[i], i, MapRun), d.derived(&parts[i], i, MapItem)}
	}
}

func (d *Detail) derived(p *Part, i int, r Role) *engine.Definition {
	revision := *d.Revision
	revision.MachineName += "/" + p.Label
	def := &engine.Definition{ID: partID(d.ID, i, r), Machine: MapRunsOf(d.Machine), Program: p.MapRun}
	if r == MapItem {
		revision.MachineType = p.Type
		def.Program = p.Item
	}
	def.Detail = &Detail{Revision: &revision, VariableReferences: d.VariableReferences, Role: r, Label: p.Label, whole: d}
	return def
}

// PartOf returns the definition of a part of the machine that a definition is of,
// itself or a part of it.
func PartOf(def *engine.Definition, label string, r Role) (*engine.Definition, error) {
	d := DetailOf(def)
	if d.whole != nil {
		d = d.whole
	}
	for _, part := range d.parts {
		if DetailOf(part[0]).Label == label {
			return part[r-MapRun], nil
		}
	}
	return nil, fmt.Errorf("catalog: the machine %s has no distributed Map state with the label %q", d.MachineName, label)
}

// part finds a definition by what its id says.
func (d *Detail) part(i int, r Role) (*engine.Definition, error) {
	if i >= len(d.parts) || r > MapItem {
		return nil, fmt.Errorf("catalog: revision %d of %s has no part %d in role %d: %w", d.ID, d.MachineName, i, r, store.ErrNotFound)
	}
	return d.parts[i][r-MapRun], nil
}

// itemsAttribute holds how many items a child of a map run has, if it has not one.
const itemsAttribute = "fermata.items"

// WithItems adds how many items a child of a map run has to its attributes.
func WithItems(attributes map[string]any, items int64) map[string]any {
	if items == 1 {
		return attributes
	}
	all := map[string]any{itemsAttribute: items}
	maps.Copy(all, attributes)
	return all
}

// ItemsOf is how many items a child of a map run has.
func ItemsOf(h *store.Head) int64 {
	if n, ok := h.Attributes[itemsAttribute].(int64); ok {
		return n
	}
	return 1
}

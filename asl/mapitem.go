package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/expr/value"
)

// countItems is how many items a Map state finds in a value: the elements of an
// array and, in the mode DISTRIBUTED, the members of an object. AWS was recorded to
// refuse objects in inline Maps, although its documents allow them there too.
func countItems(m *definition.Map, v any) (n int, ok bool) {
	switch items := v.(type) {
	case []any:
		return len(items), true
	case *value.Object:
		return items.Len(), m.Mode == definition.MapDistributed
	default:
		return 0, false
	}
}

// mapItem is an item as the context object shows it.
type mapItem struct {
	value  *value.Document
	index  int64
	keyed  bool   // value is the Key and Value of a member of an object
	source string // "" if it is not shown
}

// object is what the context object has under Map.
func (i mapItem) object() *value.Object {
	item := value.NewObject(4)
	item.Set("Index", value.IntNumber(i.index))
	if pair, ok := i.value.Value().(*value.Object); ok && i.keyed {
		for _, member := range []string{maprun.PairKey, maprun.PairValue} {
			v, _ := pair.Get(member)
			item.Set(member, v)
		}
	} else {
		item.Set("Value", i.value.Value())
	}
	if i.source != "" {
		item.Set("Source", i.source)
	}
	m := value.NewObject(1)
	m.Set("Item", item)
	return m
}

package sfn

import (
	"maps"
	"slices"
)

// variables writes which workflow variables each state refers to.
func (o *output) variables(references map[string][]string) {
	o.object("variableReferences", func() {
		for _, state := range slices.Sorted(maps.Keys(references)) {
			o.anyName(state)
			o.b = append(o.b, '[')
			o.first = true
			for _, variable := range references[state] {
				o.string(variable)
			}
			o.b = append(o.b, ']')
			o.first = false
		}
	})
}

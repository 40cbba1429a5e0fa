package definition

import (
	"cmp"
	"slices"
)

// shadowing looks for variables that a scope around their own has before. A
// definition may have thousands of states, and of variables: so it keeps what it has
// found out for the newest variable only, and for those that the same states assign.
type shadowing struct {
	distance map[*State]int      // how far a state is from its scope's StartAt
	targets  map[*State][]*State // where it leads
	error    Severity

	sources []*State
	nearest map[*State]int // see spread
}

// checkShadowing reports such variables: errors where a path leads from the state
// that assigns it to the one that owns the inner scope, warnings where it only
// stands nearer to the beginning. The variables around a DISTRIBUTED Map are out of
// sight of its children.
func (b *builder) checkShadowing(distance map[*State]int, targets map[*State][]*State) {
	w := shadowing{distance: distance, targets: targets, error: b.later()}
	var names []string
	byName := map[string][]int{}
	for i, a := range b.assigned {
		if byName[a.name] == nil {
			names = append(names, a.name)
		}
		byName[a.name] = append(byName[a.name], i)
	}
	shadows := make([]Severity, len(b.assigned))
	for _, name := range names {
		w.find(b.assigned, byName[name], shadows)
	}
	for i, severity := range shadows {
		if a := b.assigned[i]; severity != "" {
			b.report(severity, DuplicateVariableName, a.at, "The variable name '"+a.name+"' was already defined in a parent scope.",
				"a branch or item processor can read the variables around it, and set only others")
		}
	}
}

// find notes how bad each assignment of one name is.
func (w *shadowing) find(all []assigned, same []int, shadows []Severity) {
	assigning := map[*Scope][]*State{}
	for _, i := range same {
		state := all[i].state
		assigning[state.Scope] = append(assigning[state.Scope], state)
	}
	for _, sources := range assigning {
		slices.SortStableFunc(sources, func(a, b *State) int { return cmp.Compare(w.distance[a], w.distance[b]) })
	}
	spreads := map[*Scope]map[*State]int{}
	for _, i := range same {
		for owner := all[i].state.Scope.Owner; owner != nil && !isDistributed(owner); owner = owner.Scope.Owner {
			sources := assigning[owner.Scope]
			if len(sources) == 0 || w.distance[sources[0]] >= w.distance[owner] {
				continue
			}
			if spreads[owner.Scope] == nil {
				spreads[owner.Scope] = w.spread(sources)
			}
			shadows[i] = Warning
			if nearest, reached := spreads[owner.Scope][owner]; reached && nearest < w.distance[owner] {
				shadows[i] = w.error
			}
			break
		}
	}
}

// spread is, for each state to which a path leads from one of the sources, the least
// distance of such a source. The sources come in the order of theirs, so that each
// state is looked at once.
func (w *shadowing) spread(sources []*State) map[*State]int {
	if slices.Equal(sources, w.sources) {
		return w.nearest
	}
	w.sources, w.nearest = sources, map[*State]int{}
	for _, source := range sources {
		for todo := []*State{source}; len(todo) > 0; todo = todo[1:] {
			for _, to := range w.targets[todo[0]] {
				if _, seen := w.nearest[to]; !seen {
					w.nearest[to] = w.distance[source]
					todo = append(todo, to)
				}
			}
		}
	}
	return w.nearest
}

package definition

import "slices"

// shadowing looks for variables that a scope around their own has before. A
// definition may have thousands of states, and of variables: so it keeps what it has
// found out for the newest variable only, and for those that the same exits assign.
type shadowing struct {
	targets [][]int         // where a state leads, all by their numbers
	exits   map[exit]*State // where each of its exits leads
	numbers map[*State]int

	sources []exit
	reached []bool // see spread
}

// checkShadowing reports such variables, where a path leads from the exit that
// assigns it to the state that owns the inner scope. AWS was measured to refuse them
// in a DISTRIBUTED Map too, whose children do not see the variables around it.
func (b *builder) checkShadowing(targets map[*State][]*State, exits map[exit]*State) {
	if len(b.assigned) == 0 {
		return
	}
	w := shadowing{exits: exits, numbers: map[*State]int{}}
	w.number(targets)
	var names []string
	byName := map[string][]int{}
	for i, a := range b.assigned {
		if byName[a.name] == nil {
			names = append(names, a.name)
		}
		byName[a.name] = append(byName[a.name], i)
	}
	shadows := make([]bool, len(b.assigned))
	for _, name := range names {
		w.find(b.assigned, byName[name], shadows)
	}
	for i, shadow := range shadows {
		if a := b.assigned[i]; shadow {
			b.report(b.later(), DuplicateVariableName, a.at, "The variable name '"+a.name+"' was already defined in a parent scope.",
				"a branch or item processor can read the variables around it, and set only others")
		}
	}
}

// find notes which assignments of one name shadow another.
func (w *shadowing) find(all []assigned, same []int, shadows []bool) {
	assigning := map[*Scope][]exit{}
	for _, i := range same {
		from := all[i].exit
		assigning[from.state.Scope] = append(assigning[from.state.Scope], from)
	}
	spreads := map[*Scope][]bool{}
	for _, i := range same {
		for owner := all[i].state.Scope.Owner; owner != nil && !shadows[i]; owner = owner.Scope.Owner {
			sources := assigning[owner.Scope]
			if len(sources) == 0 {
				continue
			}
			if spreads[owner.Scope] == nil {
				spreads[owner.Scope] = w.spread(sources)
			}
			at, known := w.numbers[owner]
			shadows[i] = known && spreads[owner.Scope][at]
		}
	}
}

// number numbers the states that lead somewhere, or that something leads to: each name may
// be looked for along all of them.
func (w *shadowing) number(targets map[*State][]*State) {
	numberOf := func(s *State) int {
		n, known := w.numbers[s]
		if !known {
			n = len(w.targets)
			w.numbers[s] = n
			w.targets = append(w.targets, nil)
		}
		return n
	}
	for from, all := range targets {
		at := numberOf(from)
		for _, to := range all {
			w.targets[at] = append(w.targets[at], numberOf(to))
		}
	}
}

// spread is the states to which a path leads from one of the exits, by their numbers.
func (w *shadowing) spread(sources []exit) []bool {
	if slices.Equal(sources, w.sources) {
		return w.reached
	}
	w.sources, w.reached = sources, make([]bool, len(w.targets))
	var todo []int
	add := func(to int) {
		if !w.reached[to] {
			w.reached[to] = true
			todo = append(todo, to)
		}
	}
	for _, source := range sources {
		if to := w.exits[source]; to != nil {
			add(w.numbers[to])
		}
	}
	for ; len(todo) > 0; todo = todo[1:] {
		for _, to := range w.targets[todo[0]] {
			add(to)
		}
	}
	return w.reached
}

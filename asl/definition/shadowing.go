package definition

// variableOf is a variable of a scope.
type variableOf struct {
	scope *Scope
	name  string
}

// inner is an assignment within a state, or within one in it.
type inner struct {
	number int // in builder.assigned
	owner  *State
}

// checkShadowing reports variables that a state in a scope around their own may
// have set before. The variables around a DISTRIBUTED Map are out of sight of its
// children.
func (b *builder) checkShadowing(targets map[*State][]*State) {
	setters := map[variableOf][]*State{}
	for _, a := range b.assigned {
		v := variableOf{a.state.Scope, a.name}
		setters[v] = append(setters[v], a.state)
	}
	within := map[variableOf][]inner{} // only of variables that have setters
	for i, a := range b.assigned {
		for owner := a.state.Scope.Owner; owner != nil && !isDistributed(owner); owner = owner.Scope.Owner {
			if v := (variableOf{owner.Scope, a.name}); setters[v] != nil {
				within[v] = append(within[v], inner{i, owner})
			}
		}
	}
	follow := b.follower(targets)
	shadows := make([]bool, len(b.assigned))
	for v, all := range within {
		isAfter := follow(setters[v])
		for _, in := range all {
			shadows[in.number] = shadows[in.number] || isAfter(in.owner)
		}
	}
	for i, a := range b.assigned {
		if shadows[i] {
			b.report(Error, DuplicateVariableName, a.at, "The variable name '"+a.name+"' was already defined in a parent scope.",
				"a branch or item processor can read the variables around it, and set only others")
		}
	}
}

func isDistributed(s *State) bool {
	m, ok := s.Kind.(*Map)
	return ok && m.Mode == MapDistributed
}

// follower gives a function that follows the transitions from some states on, and
// answers with what says whether a state is reached. The answer is good until the
// next call.
func (b *builder) follower(targets map[*State][]*State) func([]*State) func(*State) bool {
	next := make([][]*State, len(b.machine.All))
	for from, to := range targets {
		if from != nil {
			next[from.Index] = to
		}
	}
	reached := make([]int, len(next)) // the last call in which each state was
	call := 0
	return func(from []*State) func(*State) bool {
		call++
		for todo := append([]*State(nil), from...); len(todo) > 0; {
			s := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, to := range next[s.Index] {
				if reached[to.Index] != call {
					reached[to.Index] = call
					todo = append(todo, to)
				}
			}
		}
		return func(s *State) bool { return reached[s.Index] == call }
	}
}

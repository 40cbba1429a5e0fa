package definition

// link is a transition that is to be resolved when all states are known.
type link struct {
	scope  *Scope
	from   *State // nil for StartAt
	name   string
	at     place
	target **State
}

// link notes a transition of a scope.
func (b *builder) link(s *Scope, from *State, name string, at place, target **State) {
	b.links = append(b.links, link{scope: s, from: from, name: name, at: at, target: target})
}

// connect resolves the links and checks the graph of every scope.
func (b *builder) connect() {
	targets := make(map[*State][]*State, len(b.links))
	for _, l := range b.links {
		if len(l.scope.States) == 0 {
			continue // reported already, and everything would dangle
		}
		to := l.scope.State(l.name)
		if to == nil {
			b.report(Error, MissingTransitionTarget, l.at, "Missing 'Next' target: "+l.name, b.hintForTarget(l))
			continue
		}
		*l.target = to
		targets[l.from] = append(targets[l.from], to)
	}
	targeted := make(map[*State]bool, len(b.machine.All))
	for _, all := range targets {
		for _, to := range all {
			targeted[to] = true
		}
	}
	for _, s := range b.machine.Scopes {
		if !b.faulty[s] {
			b.checkGraph(s, targets, targeted)
		}
	}
}

// hintForTarget explains a transition that leads nowhere.
func (b *builder) hintForTarget(l link) string {
	if other, elsewhere := b.names[l.name]; elsewhere {
		return "the state stands at " + other + ", and a transition cannot leave or enter a branch or item processor"
	}
	return "name a state of the same States object"
}

// checkGraph reports a scope without an end, or else states that nothing
// leads to. A circle of states that lead to each other only is a warning:
// AWS lets it pass.
func (b *builder) checkGraph(s *Scope, targets map[*State][]*State, targeted map[*State]bool) {
	if !hasEnd(s) {
		b.errors++
		b.diagnostics = append(b.diagnostics, Diagnostic{
			Severity: Error, Code: MissingEndState, Message: "Workflow has no terminal state",
			Pointer: b.places[s].pointer, Hint: `one state has to be a Succeed or Fail or have "End": true`,
		})
		return
	}
	reached := reachable(s.Start, targets)
	for _, state := range s.States {
		severity := Error
		switch {
		case !targeted[state]:
		case s.Start != nil && !reached[state]:
			severity = Warning
		default:
			continue
		}
		b.report(severity, MissingTransitionTarget, b.places[s].field("States").field(state.Name),
			`State "`+state.Name+`" is not reachable.`, "no path leads to it from StartAt")
	}
}

func hasEnd(s *Scope) bool {
	for _, state := range s.States {
		if state.End || state.Type == TypeSucceed || state.Type == TypeFail {
			return true
		}
	}
	return false
}

// reachable walks the graph from start.
func reachable(start *State, targets map[*State][]*State) map[*State]bool {
	reached := map[*State]bool{}
	if start == nil {
		return reached
	}
	todo := []*State{start}
	reached[start] = true
	for len(todo) > 0 {
		from := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, to := range targets[from] {
			if !reached[to] {
				reached[to] = true
				todo = append(todo, to)
			}
		}
	}
	return reached
}

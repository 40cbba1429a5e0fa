package definition

import "github.com/fermata-dev/fermata/expr/value"

// link is a transition that is to be resolved when all states are known.
type link struct {
	scope  *Scope
	from   exit
	name   string
	at     place
	target **State
}

// exit is a way out of a state: within is "" for its Next or Default, or else the rule
// or the catcher, in the notation of JSONataExpr.Location. A StartAt has no state.
type exit struct {
	state  *State
	within string
}

// link notes a transition of a scope.
func (b *builder) link(s *Scope, from exit, name string, at place, target **State) {
	b.links = append(b.links, link{scope: s, from: from, name: name, at: at, target: target})
}

// connect resolves the links and checks the graph of every scope.
func (b *builder) connect() {
	targets := make(map[*State][]*State, len(b.links))
	exits := make(map[exit]*State, len(b.links))
	for _, l := range b.links {
		if !b.hasStates(l.scope) {
			continue // reported already
		}
		to := l.scope.State(l.name)
		if to == nil {
			b.report(Error, MissingTransitionTarget, l.at, "Missing 'Next' target: "+l.name, b.hintForTarget(l))
			continue
		}
		*l.target = to
		targets[l.from.state] = append(targets[l.from.state], to)
		exits[l.from] = to
	}
	targeted := make(map[*State]bool, len(b.machine.All))
	for _, all := range targets {
		for _, to := range all {
			targeted[to] = true
		}
	}
	distance := make(map[*State]int, len(b.machine.All))
	for _, s := range b.machine.Scopes {
		measure(s.Start, targets, distance)
		switch {
		case b.alone && s.Owner == nil:
		case b.faulty[s]:
			b.checkFaultyGraph(s)
		default:
			b.checkGraph(s, distance, targeted)
		}
	}
	b.checkShadowing(targets, exits)
}

// hintForTarget explains a transition that leads nowhere.
func (b *builder) hintForTarget(l link) string {
	if other, elsewhere := b.names[l.name]; elsewhere {
		return "the state stands at " + other + ", and a transition cannot leave or enter a branch or item processor"
	}
	return "name a state of the same States object"
}

// checkGraph reports a machine without an end, or else states that nothing
// leads to. A circle of states that lead to each other only is a warning:
// AWS lets it pass, and a branch or item processor without an end, too.
func (b *builder) checkGraph(s *Scope, distance map[*State]int, targeted map[*State]bool) {
	if !hasEnd(s) && s.Owner == nil {
		b.reportNoEnd(s)
		return
	}
	for _, state := range s.States {
		severity := Error
		switch {
		case !targeted[state]:
		case s.Start != nil && distance[state] == 0:
			severity = Warning
		default:
			continue
		}
		b.reportUnreachable(severity, state)
	}
}

// reportNoEnd reports a machine that nothing ends. AWS gives no place.
func (b *builder) reportNoEnd(s *Scope) {
	b.errors++
	b.diagnostics = append(b.diagnostics, Diagnostic{
		Severity: Error, Code: MissingEndState, Message: "Workflow has no terminal state",
		Pointer: b.pointer(b.places[s]), Hint: `one state has to be a Succeed or Fail or have "End": true`,
	})
}

func hasEnd(s *Scope) bool {
	for _, state := range s.States {
		if state.End || state.Type == TypeSucceed || state.Type == TypeFail {
			return true
		}
	}
	return false
}

// checkFaultyGraph checks what can be said of a scope that has other faults:
// states end it and lead to each other by the text of their fields, also where
// a field is not supported. A state without a Type is none.
func (b *builder) checkFaultyGraph(s *Scope) {
	start, _ := b.objects[s].Get("StartAt")
	name, ok := start.(string)
	if !ok || !b.hasStates(s) {
		return
	}
	named := map[string]bool{name: true}
	ends := false
	states, _ := b.objects[s].Get("States")
	for _, v := range states.(*value.Object).All() {
		state, ok := v.(*value.Object)
		if !ok {
			continue
		}
		kind, _ := state.Get("Type")
		end, _ := state.Get("End")
		ends = ends || kind == string(TypeSucceed) || kind == string(TypeFail) || kind != nil && end == true
		for _, name := range transitionsOf(state) {
			named[name] = true
		}
	}
	if !ends && s.Owner == nil {
		b.reportNoEnd(s)
		return
	}
	for _, state := range s.States {
		if !named[state.Name] {
			b.reportUnreachable(Error, state)
		}
	}
}

func (b *builder) hasStates(s *Scope) bool {
	v, _ := b.objects[s].Get("States")
	_, ok := v.(*value.Object)
	return ok
}

// transitionsOf are the states that a state names in any of its fields.
func transitionsOf(state *value.Object) (names []string) {
	note := func(object *value.Object, field string) {
		v, _ := object.Get(field)
		if name, ok := v.(string); ok {
			names = append(names, name)
		}
	}
	note(state, "Next")
	note(state, "Default")
	for _, field := range []string{"Choices", "Catch"} {
		v, _ := state.Get(field)
		items, _ := v.([]any)
		for _, item := range items {
			if object, ok := item.(*value.Object); ok {
				note(object, "Next")
			}
		}
	}
	return names
}

func (b *builder) reportUnreachable(severity Severity, s *State) {
	b.report(severity, MissingTransitionTarget, b.places[s.Scope].field("States").field(s.Name),
		`State "`+s.Name+`" is not reachable.`, "no path leads to it from StartAt")
}

// measure notes how many states lie between start and each state that can be
// reached from it, start and that state counted.
func measure(start *State, targets map[*State][]*State, distance map[*State]int) {
	if start == nil {
		return
	}
	distance[start] = 1
	for todo := []*State{start}; len(todo) > 0; todo = todo[1:] {
		for _, to := range targets[todo[0]] {
			if distance[to] == 0 {
				distance[to] = distance[todo[0]] + 1
				todo = append(todo, to)
			}
		}
	}
}

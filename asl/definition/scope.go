package definition

import (
	"strconv"
	"unicode/utf8"

	"github.com/fermata-dev/fermata/expr/value"
)

// Limits of a definition.
const (
	maxStateName = 80 // characters
	maxScopes    = 50 // scopes within each other
)

// surroundings are what the states of a scope have in common.
type surroundings struct {
	scope       *Scope
	express     bool // whether the states run in an EXPRESS workflow
	distributed bool // whether they are within a DISTRIBUTED item processor
	depth       int  // how many scopes are around this one
}

// machineFrom builds the machine from its object.
func (b *builder) machineFrom(root *value.Object) {
	f := fields{builder: b, object: root, lang: JSONPath}
	m := b.machine
	m.Version, m.QueryLanguage = "1.0", JSONPath
	if q, ok := f.language(); ok {
		m.QueryLanguage = q
		f.checkLanguage()
		b.admitLanguage(q, f.at.field("QueryLanguage"))
	}
	f.check(machineFields)
	f.choice("Version", "1.0")
	if n, ok := f.number("TimeoutSeconds", upTo99Million(0)); ok {
		seconds := int64(n.Float64())
		m.TimeoutSeconds = &seconds
	}
	m.Root = b.scope(f, nil, surroundings{express: b.opts.Express})
	m.Comment = m.Root.Comment
}

// language is the query language that an object names. As on AWS, whatever is
// not "JSONPath" stands for JSONata, also where checkLanguage reports it.
func (f fields) language() (q QueryLanguage, ok bool) {
	v, ok := f.object.Get("QueryLanguage")
	if v == string(JSONPath) {
		return JSONPath, ok
	}
	return JSONata, ok
}

// checkLanguage reports a QueryLanguage that is none.
func (f fields) checkLanguage() {
	f.choice("QueryLanguage", string(JSONPath), string(JSONata))
}

// admitLanguage refuses JSONata if the caller cannot run it.
func (b *builder) admitLanguage(q QueryLanguage, at place) {
	if q == JSONata && !b.opts.JSONata {
		b.refuse(at, "QueryLanguage JSONata is not supported by this version", "use JSONPath")
	}
}

// scope builds StartAt and States of the machine, a branch or a processor.
// The other fields of f are the caller's.
func (b *builder) scope(f fields, owner *State, in surroundings) *Scope {
	s := &Scope{ID: len(b.machine.Scopes), Owner: owner, Location: b.location(f.at), byName: map[string]*State{}}
	s.Comment = f.comment()
	b.machine.Scopes = append(b.machine.Scopes, s)
	b.places[s], b.objects[s] = f.at, f.object
	if in.depth >= maxScopes {
		b.report(Error, TooDeeplyNested, f.at, "States are too deeply nested",
			"at most "+strconv.Itoa(maxScopes)+" branches and item processors within each other")
		return s
	}
	before := b.errors - b.templated
	f.require("States", "StartAt")
	if start, ok := f.text("StartAt"); ok {
		b.link(s, exit{}, start, f.at.field("StartAt"), &s.Start)
	}
	if states, ok := f.nested("States"); ok {
		in.scope = s
		b.states(states, in)
	}
	if b.errors-b.templated > before {
		b.faulty[s] = true
	}
	return s
}

// states builds the members of a States object.
func (b *builder) states(f fields, in surroundings) {
	if f.object.Len() == 0 {
		b.refuse(f.at, "Value cannot be empty", "give at least one state")
	}
	for name, v := range f.object.All() {
		at := f.at.field(name)
		location := b.location(at)
		b.checkStateName(name, at, location)
		s := &State{Index: len(b.machine.All), Name: name, Scope: in.scope, Location: location, at: at}
		b.machine.All = append(b.machine.All, s)
		in.scope.States = append(in.scope.States, s)
		in.scope.byName[name] = s
		if object, ok := b.fieldsOf(v, at, b.machine.QueryLanguage); ok {
			object.state = s
			b.state(s, object, in)
		}
	}
}

func (b *builder) checkStateName(name string, at place, location string) {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		b.report(Error, InvalidStateName, at, "Invalid State name: State name cannot be empty", "give the state a name")
	case n > maxStateName:
		b.report(Error, InvalidStateName, at, "Invalid State name: State exceeds the 80-character limit allowed by the service",
			"shorten the name, which has "+strconv.Itoa(n)+" characters")
	}
	first, taken := b.names[name]
	if taken {
		b.report(Error, DuplicateStateName, at, "Duplicate State name: "+name,
			"the name is taken by "+first+"; state names are unique over the whole state machine")
		return
	}
	b.names[name] = location
}

package definition

// allTypes are the types of states in the order in which AWS lists them.
var allTypes = []string{
	string(TypeTask), string(TypeWait), string(TypePass), string(TypeSucceed),
	string(TypeFail), string(TypeChoice), string(TypeParallel), string(TypeMap),
}

// state builds one state from its object. The state's fields Index, Name,
// Scope and Location are set.
func (b *builder) state(s *State, f fields, in surroundings) {
	f = b.inLanguage(f, in)
	s.QueryLanguage = f.lang
	if !f.has("Type") {
		f.refuse(f.at, "The field 'Type' is required", "say what kind of state it is")
		return
	}
	v, _ := f.object.Get("Type")
	kind, ok := b.oneOf(v, f.at.field("Type"), "The field 'Type' should have one of these values: "+list(allTypes), allTypes)
	if !ok {
		return
	}
	s.Type = Type(kind)
	f.check(stateFields[s.Type])
	f.checkLanguage()
	s.Comment = f.comment()
	f.lintPaths()
	b.transition(s, f)
	s.Data = f.dataFlow()
	s.Assign = f.assignments()
	b.errorHandling(s, f)
	s.Kind = b.kind(s, f, in)
}

// inLanguage sets the query language in effect for a state.
func (b *builder) inLanguage(f fields, in surroundings) fields {
	inherited := b.machine.QueryLanguage
	own, given := f.language()
	if !given {
		f.lang = inherited
		return f
	}
	f.lang = own
	switch {
	case own == inherited:
	case own == JSONata:
		b.admitLanguage(own, f.at.field("QueryLanguage"))
	case in.distributed:
		b.warn(MixedQueryLanguages, f.at, "'QueryLanguage' is 'JSONPath', but 'JSONata' for the whole state machine",
			"AWS is known to refuse it outside of a DISTRIBUTED item processor")
	default:
		f.mixed = true
		b.refuse(f.at, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
			"set JSONata at single states of a JSONPath state machine instead")
	}
	return f
}

// transition reads Next and End of the types that have them.
func (b *builder) transition(s *State, f fields) {
	if _, has := stateFields[s.Type]["Next"]; !has {
		return
	}
	end, isBoolean := f.boolean("End")
	s.End = end
	switch {
	case end && f.has("Next"):
		f.exclusive("Next", "End")
	case isBoolean && !end && !f.has("Next"):
		f.refuse(f.at, "This object should have only one of the following fields: "+list(step), `write "End": true or a "Next"`)
	case !f.has("End") && !f.has("Next"):
		f.exactlyOne("Next", "End")
	}
	if next, ok := f.text("Next"); ok {
		b.link(s.Scope, exit{state: s}, next, f.at.field("Next"), &s.Next)
	}
}

// kind reads the fields of the state's type.
func (b *builder) kind(s *State, f fields, in surroundings) StateKind {
	switch s.Type {
	case TypePass:
		return f.pass()
	case TypeTask:
		return f.task(in.express)
	case TypeChoice:
		return b.choiceState(s, f)
	case TypeWait:
		return f.wait()
	case TypeSucceed:
		return &Succeed{}
	case TypeFail:
		return f.fail()
	case TypeParallel:
		return b.parallel(s, f, in)
	default:
		return b.mapState(s, f, in)
	}
}

// parallel reads the branches.
func (b *builder) parallel(s *State, f fields, in surroundings) *Parallel {
	f.require("Branches")
	p := &Parallel{}
	branches, _ := f.nonEmptyArray("Branches")
	in.depth++
	for i, v := range branches {
		// A branch takes the machine's language, not the state's.
		branch, ok := b.fieldsOf(v, f.at.field("Branches").item(i), b.machine.QueryLanguage)
		if !ok {
			continue
		}
		branch.check(branchFields)
		p.Branches = append(p.Branches, b.scope(branch, s, in))
	}
	return p
}

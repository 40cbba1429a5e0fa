package definition

// QueryLanguage says how a state writes its expressions.
type QueryLanguage string

// The query languages of the States Language.
const (
	JSONPath QueryLanguage = "JSONPath"
	JSONata  QueryLanguage = "JSONata"
)

// Machine is a valid state machine definition.
type Machine struct {
	Comment string
	// Version is the version of the language: "1.0", also when the text
	// does not say so.
	Version string
	// TimeoutSeconds bounds an execution; nil if the text sets no bound.
	TimeoutSeconds *int64
	// QueryLanguage is what a state uses that does not name its own.
	QueryLanguage QueryLanguage
	// Root is the outermost scope, Scopes[0].
	Root *Scope
	// Scopes holds every scope of the machine at the index of its ID.
	Scopes []*Scope
	// All holds every state of the machine, nested ones included, at the
	// position of its Index.
	All []*State
	// Source is the text that the machine was parsed from, unchanged.
	Source string
}

// State finds a state by its name. Names are unique over the whole machine.
// It answers nil if there is none.
func (m *Machine) State(name string) *State {
	for _, scope := range m.Scopes {
		if s := scope.State(name); s != nil {
			return s
		}
	}
	return nil
}

// Scope is a set of states with an entry: the machine, a branch or an item
// processor. Transitions never leave a scope.
type Scope struct {
	// ID is the position in Machine.Scopes, in document order.
	ID int
	// Owner is the Parallel or Map state that the scope belongs to, nil for
	// the machine itself.
	Owner *State
	// Comment is the comment of the machine, branch or item processor.
	Comment string
	// Start is where the scope begins (StartAt).
	Start *State
	// States are the states of this scope, nested ones not included, in
	// document order. There is at least one.
	States []*State
	// Location is where the scope stands in the text, in the notation of
	// Diagnostic.Location: "" for the machine, "/States/P/Branches[0]".
	Location string

	byName map[string]*State
}

// State finds a state of this scope by its name, nil if there is none.
func (s *Scope) State(name string) *State { return s.byName[name] }

// Type is the Type field of a state.
type Type string

// The types of states. They are the prefixes of the history's event types
// (PassStateEntered) as well.
const (
	TypeTask     Type = "Task"
	TypeWait     Type = "Wait"
	TypePass     Type = "Pass"
	TypeSucceed  Type = "Succeed"
	TypeFail     Type = "Fail"
	TypeChoice   Type = "Choice"
	TypeParallel Type = "Parallel"
	TypeMap      Type = "Map"
)

// State is one state: what all types share, and its Kind.
type State struct {
	// Index is the position in Machine.All.
	Index int
	Name  string
	Type  Type
	// Scope is the scope that the state is a member of.
	Scope   *Scope
	Comment string
	// QueryLanguage is the one in effect: the state's own or else the
	// machine's.
	QueryLanguage QueryLanguage
	// Next is the state that follows; nil if the state ends its scope (End
	// is true, Succeed, Fail) and for a Choice, whose rules say.
	Next *State
	// End is true if the text says "End": true.
	End bool
	// Data is how input, result and output are shaped. Fields that the type
	// of the state does not have are absent.
	Data DataFlow
	// Assign sets variables when the state succeeds; for a Choice, when no
	// rule matched.
	Assign []Assignment
	// Retry and Catch are empty except for Task, Parallel and Map.
	Retry []Retrier
	Catch []Catcher
	// Kind holds the fields of the type.
	Kind StateKind
	// Location is where the state stands in the text, in the notation of
	// Diagnostic.Location: "/States/P/Branches[0]/States/A". It is cut off where
	// much was told of places before: Place is not.
	Location string

	at place
}

// Place is the Location in full, which no other state of the machine has, and which
// depends on nothing but where the state stands.
func (s *State) Place() string { return s.at.location() }

// StateKind is one of *Pass, *Task, *Choice, *Wait, *Succeed, *Fail,
// *Parallel, *Map, according to State.Type.
type StateKind interface{ stateKind() }

func (*Pass) stateKind()     {}
func (*Task) stateKind()     {}
func (*Choice) stateKind()   {}
func (*Wait) stateKind()     {}
func (*Succeed) stateKind()  {}
func (*Fail) stateKind()     {}
func (*Parallel) stateKind() {}
func (*Map) stateKind()      {}

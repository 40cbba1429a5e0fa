package definition

import (
	"bytes"

	"github.com/fermata-dev/fermata/expr/value"
)

// SingleName is what a state is called that stands alone: AWS puts it into a
// machine under this name, which shows in the locations of diagnostics and in
// the context object.
const SingleName = "StateName"

// ParseState reads a single state from JSON text and makes a machine of it: the
// state is its Root.Start. Whatever the state's transitions name is there, as a
// Succeed state, and stands for a state that nobody looks at. For the rest see
// Parse.
func ParseState(text []byte, opts Options) (*Machine, []Diagnostic) {
	if d := checkLength(text); d != nil {
		return nil, d
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, notAnObject()
	}
	tree, err := value.Parse(text)
	if err != nil {
		return nil, []Diagnostic{syntaxDiagnostic(text)}
	}
	if _, ok := tree.(*value.Object); !ok {
		return nil, notAnObject()
	}
	states := value.NewObject(1)
	states.Set(SingleName, tree)
	root := value.NewObject(2)
	root.Set("StartAt", SingleName)
	root.Set("States", states)
	b := newBuilder(string(text), nil, opts)
	b.machineFrom(root)
	b.standIns()
	return b.finish()
}

// standIns adds the states that the only state of the root names.
func (b *builder) standIns() {
	root := b.machine.Root
	for _, l := range b.links {
		if l.scope != root || root.State(l.name) != nil {
			continue
		}
		s := &State{
			Index: len(b.machine.All), Name: l.name, Scope: root, Type: TypeSucceed,
			QueryLanguage: b.machine.QueryLanguage, Kind: &Succeed{},
		}
		b.machine.All = append(b.machine.All, s)
		root.States = append(root.States, s)
		root.byName[l.name] = s
	}
	b.alone = true // a state that leads to itself needs no end
}

package sim

import (
	"strings"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// role says what of a state machine a machine of the library is.
type role uint8

const (
	wholeMachine role = iota
	mapRunOfIt        // the map runs of one of its distributed Map states
	mapItemOfIt       // their children
)

// mapState is a distributed Map state of a machine.
type mapState struct {
	label     string
	express   bool
	run, item *machine
}

const (
	stateShift = 8
	roleShift  = 16
)

// derive adds what follows from the distributed Map states of a machine, as
// catalog/parts.go does.
func (l *library) derive(m *machine, program *asl.Program) {
	for i, s := range program.MapStates() {
		p := &mapState{label: asl.MapLabel(s), express: s.Kind.(*definition.Map).ExecutionType == "EXPRESS"}
		mapRun := program.MapRun(s)
		mapRun.FileBytes = l.file
		p.run = l.derived(m, p, i, mapRunOfIt, mapRun)
		p.item = l.derived(m, p, i, mapItemOfIt, program.Item(s))
	}
}

func (l *library) derived(m *machine, of *mapState, i int, r role, program interpreter.Program) *machine {
	d := &machine{
		id: m.id | uint64(i)<<stateShift | uint64(r)<<roleShift, name: m.name + "/" + of.label, text: m.text,
		program: program, patient: program, plain: m.plain && r == mapItemOfIt, ideal: map[string]interpreter.Result{}, role: r, of: of,
	}
	l.byID[d.id] = d
	l.parts = append(l.parts, d)
	return d
}

// arn is that of a run of the machine.
func (m *machine) arn(name string) string {
	what := "execution"
	if m.role == mapRunOfIt {
		what = "mapRun"
	}
	return "arn:aws:states:us-east-1:000000000000:" + what + ":" + m.name + ":" + name
}

// mapRunOf finds the machine and the name of the map run with an ARN.
func (l *library) mapRunOf(arn string) (*machine, string) {
	for _, m := range l.parts {
		if name, ok := strings.CutPrefix(arn, m.arn("")); ok && m.role == mapRunOfIt {
			return m, name
		}
	}
	panic(violation{"there is no Map state of the map run " + arn})
}

// childrenOf is what the children of a map run are listed under, as executions
// are under their machine.
func childrenOf(mapRun store.RunID) uint64 { return uint64(mapRun) | 1<<63 }

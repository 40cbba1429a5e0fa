package asl

import (
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/interpreter"
)

// Options say what a state machine may use, beside what the language has.
type Options struct {
	// Express applies the rules for state machines of type EXPRESS.
	Express bool
	// Accepted is for a definition that was accepted before. See
	// definition.Options.
	Accepted bool
	// Services says whether there is a connector for an integration, beyond
	// functions, activities, lambda:invoke, http:invoke and
	// states:startExecution. See definition.Options.
	Services func(service, action string) bool
}

// Definition are the options for package definition that fit what the
// interpreter can run.
func (o Options) Definition() definition.Options {
	return definition.Options{Express: o.Express, Accepted: o.Accepted, Services: o.Services, JSONata: true, DistributedMap: true}
}

// Program is a state machine made ready to run.
type Program struct {
	machine *definition.Machine
	tasks   []interpreter.Task // by State.Index: what all tasks of a state share
	flows   []language         // by State.Index
	root    *definition.Scope  // where an execution begins
	timeout *int64             // seconds, nil for none
}

var _ interpreter.Program = (*Program)(nil)

// Compile makes a program of a definition in JSON or YAML. The program is nil
// if, and only if, one of the diagnostics has severity ERROR.
func Compile(text []byte, opts Options) (*Program, []definition.Diagnostic) {
	machine, diagnostics := definition.ParseAny(text, opts.Definition())
	if machine == nil {
		return nil, diagnostics
	}
	return NewProgram(machine), diagnostics
}

// NewProgram makes a program of a machine that was parsed with
// Options.Definition.
func NewProgram(machine *definition.Machine) *Program {
	p := &Program{
		machine: machine,
		tasks:   make([]interpreter.Task, len(machine.All)),
		flows:   make([]language, len(machine.All)),
		root:    machine.Root,
		timeout: machine.TimeoutSeconds,
	}
	for i, state := range machine.All {
		p.flows[i] = flowOf(state)
		switch kind := state.Kind.(type) {
		case *definition.Task:
			p.tasks[i] = describe(state, kind)
		case *definition.Map:
			p.tasks[i] = mapRunTask(state)
		}
	}
	return p
}

// Machine is the definition.
func (p *Program) Machine() *definition.Machine { return p.machine }

// New returns the state of a run before its first fact.
func (p *Program) New(info interpreter.Info) interpreter.Run { return newRun(p, info) }

// Restore returns the state that Snapshot wrote.
func (p *Program) Restore(info interpreter.Info, snapshot []byte) (interpreter.Run, error) {
	return restore(p, info, snapshot)
}

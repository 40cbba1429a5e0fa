package catalog

import (
	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/definition"
)

// ASL compiles definitions in the Amazon States Language, written in JSON.
// Services says which service integrations there are connectors for, beyond
// those that always are (see asl.Options); nil means none.
func ASL(services func(service, action string) bool) Compiler {
	return func(text []byte, t Type, accepted bool) (*Compiled, []definition.Diagnostic) {
		options := asl.Options{Express: t == Express, Accepted: accepted, Services: services}
		machine, diagnostics := definition.Parse(text, options.Definition())
		if machine == nil {
			return nil, diagnostics
		}
		program := asl.NewProgram(machine)
		return &Compiled{Program: program, VariableReferences: variableReferences(machine), Parts: partsOf(program)}, diagnostics
	}
}

func partsOf(program *asl.Program) []Part {
	var parts []Part
	for _, state := range program.MapStates() {
		m := state.Kind.(*definition.Map)
		parts = append(parts, Part{
			Label:  asl.MapLabel(state),
			Type:   Type(m.ExecutionType),
			MapRun: program.MapRun(state),
			Item:   program.Item(state),
		})
	}
	return parts
}

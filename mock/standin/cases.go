package standin

import (
	"fmt"

	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/definition"
	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/mock"
)

// Cases are the test cases of a mock configuration file, as executions are
// started with them: they are launch.TestCases.
type Cases struct{ File *mock.File }

// Attribute is [Attribute].
func (Cases) Attribute() string { return Attribute }

// Check refuses a test case that the configuration does not have, and one that
// names a state whose task a worker has to fetch.
func (c Cases) Check(def *engine.Definition, testCase string) error {
	config, err := c.File.Config()
	if err != nil {
		return err
	}
	found, err := config.Case(catalog.DetailOf(def).MachineName, testCase)
	if err != nil {
		return err
	}
	program, ok := def.Program.(*asl.Program)
	if !ok {
		return nil
	}
	for name := range found {
		if state := program.Machine().State(name); state != nil && isActivity(state) {
			return fmt.Errorf("the state '%s' is an activity and cannot be mocked; take it out of the test case, and let a worker do its tasks", name)
		}
	}
	return nil
}

func isActivity(state *definition.State) bool {
	task, ok := state.Kind.(*definition.Task)
	return ok && task.Resource.Family == definition.FamilyActivity
}

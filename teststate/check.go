package teststate

import (
	"github.com/fermata-dev/fermata/asl"
	"github.com/fermata-dev/fermata/asl/definition"
)

// checkRequest looks at what fits together before anything else is read.
func checkRequest(r *Request) error {
	if r.Mock == nil {
		return r.withoutMock()
	}
	switch {
	case r.RevealSecrets:
		return refuse("TestState does not support RevealSecrets when a mock is specified.")
	case r.Mock.Result == nil && r.Mock.Failure == nil:
		return refuse("One of the following fields is required for a test mock: [result, errorOutput].")
	case r.Mock.Result != nil && r.Mock.Failure != nil:
		return refuse("A test mock should have only one of the following fields: [result, errorOutput].")
	case r.Mock.Failure != nil && (r.Mock.Failure.Error == nil || *r.Mock.Failure.Error == ""):
		return refuse("An error was not specified in the mocked error output.")
	}
	return nil
}

// withoutMock refuses what has a meaning only beside a mock.
func (r *Request) withoutMock() error {
	c := &r.Configuration
	for _, member := range []struct {
		name  string
		given bool
	}{
		{"Context", r.Context != nil},
		{"RetrierRetryCount", c.RetrierRetryCount != nil},
		{"ErrorCausedByState", c.ErrorCausedByState != nil},
		{"MapIterationFailureCount", c.MapIterationFailureCount != nil},
		{"MapItemReaderData", c.MapItemReaderData != nil},
	} {
		if member.given {
			return refuse("TestState does not support " + member.name + " when a mock is not specified.")
		}
	}
	return nil
}

// find parses the definition and finds the state in it. Every integration that AWS
// has is admitted: which of them are there counts for the one that is called.
func (t *Tester) find(r *Request) (*definition.Machine, *definition.State, error) {
	options := asl.Options{Services: t.serves}.Definition()
	parse := definition.ParseState
	if r.StateName != "" {
		parse = definition.Parse
	}
	machine, diagnostics := parse([]byte(r.Definition), options)
	if machine == nil {
		return nil, nil, &Refusal{InvalidDefinition, definition.FormatInvalidDefinition(diagnostics)}
	}
	state := machine.Root.Start
	if r.StateName != "" {
		state = machine.State(r.StateName)
	}
	if state == nil {
		return nil, nil, refuse("State not found in definition")
	}
	if cause := r.Configuration.ErrorCausedByState; cause != nil && machine.State(*cause) == nil {
		return nil, nil, refuse("State '" + *cause + "', which is said to have caused the error, was not found in definition")
	}
	return machine, state, nil
}

// serves says whether there is a connector for a service integration.
func (t *Tester) serves(service, _ string) bool {
	_, there := t.Connectors[service]
	return there
}

// checkState looks at whether the state can be tested with what the request has.
func checkState(r *Request, state *definition.State) error {
	if r.Configuration.MapIterationFailureCount != nil && state.Type != definition.TypeMap {
		return refuse("MapIterationFailureCount is only supported when testing a Map state.")
	}
	switch state.Type {
	case definition.TypeTask:
		return checkTask(r, &state.Kind.(*definition.Task).Resource)
	case definition.TypeMap, definition.TypeParallel:
		if r.Mock == nil {
			return &Refusal{InvalidDefinition, "TestState API does not support Map or Parallel states. " +
				"Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"}
		}
	default:
		if r.Mock != nil {
			return refuse("State type '" + string(state.Type) + "' is not supported when a mock is specified")
		}
	}
	return nil
}

func checkTask(r *Request, resource *definition.Resource) error {
	switch {
	case r.Mock != nil:
		return nil
	case resource.Family == definition.FamilyActivity:
		return &Refusal{InvalidDefinition, "TestState API does not support Activity tasks when a mock is not specified."}
	case resource.Pattern != definition.RequestResponse:
		return &Refusal{InvalidDefinition, "TestState API does not support '.sync' or '.waitForTaskToken' integration patterns when a mock is not specified."}
	case r.Info.RoleARN == "":
		return refuse("RoleArn must be specified when testing a Task state")
	}
	return nil
}

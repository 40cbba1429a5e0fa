package sfn

import (
	"context"
	"errors"
	"strconv"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/teststate"
)

// testState tests one state (reference 20). A state that fails is an answer as
// well.
func (s *Server) testState(ctx context.Context, in input) ([]byte, error) {
	req, err := s.testRequest(in)
	if err != nil {
		return nil, err
	}
	answer, err := s.cfg.Tester.Test(ctx, req)
	var refused *teststate.Refusal
	if errors.As(err, &refused) {
		return nil, refuse(string(refused.Code), refused.Message)
	}
	if err != nil {
		return nil, err
	}
	return testAnswer(answer), nil
}

func (s *Server) testRequest(in input) (*teststate.Request, error) {
	if role := in.optional("roleArn"); role != nil {
		if err := catalog.CheckRole(*role); err != nil {
			return nil, err
		}
	}
	document, err := launch.Input([]byte(in.text("input")))
	if err != nil {
		return nil, err
	}
	return &teststate.Request{
		Definition:    in.text("definition"),
		StateName:     in.text("stateName"),
		Input:         document,
		Info:          s.testInfo(in.text("roleArn")),
		Level:         teststate.Level(in.text("inspectionLevel")),
		RevealSecrets: in.flag("revealSecrets"),
		Variables:     in.optional("variables"),
		Context:       in.optional("context"),
		Mock:          mockOf(in),
		Configuration: configurationOf(in.structure("stateConfiguration")),
	}, nil
}

// testInfo makes up an execution of a state machine, both with names of their own.
func (s *Server) testInfo(role string) interpreter.Info {
	machine, name := catalog.NewUUID(), catalog.NewUUID()
	return interpreter.Info{
		ExecutionARN: s.cfg.Catalog.Execution(catalog.Express, machine, name),
		Name:         name,
		RoleARN:      role,
		MachineARN:   s.cfg.Catalog.Machine(machine),
		MachineName:  machine,
	}
}

func mockOf(in input) *teststate.Mock {
	if !in.has("mock") {
		return nil
	}
	given := in.structure("mock")
	mock := &teststate.Mock{
		Result:     given.optional("result"),
		Validation: teststate.Validation(given.text("fieldValidationMode")),
	}
	if given.has("errorOutput") {
		failure := given.structure("errorOutput")
		mock.Failure = &teststate.Failure{Error: failure.optional("error"), Cause: failure.optional("cause")}
	}
	return mock
}

func configurationOf(in input) teststate.Configuration {
	number := func(name string) *int {
		if !in.has(name) {
			return nil
		}
		n := in.integer(name, 0)
		return &n
	}
	return teststate.Configuration{
		RetrierRetryCount:        number("retrierRetryCount"),
		MapIterationFailureCount: number("mapIterationFailureCount"),
		ErrorCausedByState:       in.optional("errorCausedByState"),
		MapItemReaderData:        in.optional("mapItemReaderData"),
	}
}

func testAnswer(a *teststate.Answer) []byte {
	o := newOutput()
	if a.Output != nil {
		o.bytes("output", a.Output)
	}
	o.optional("error", a.Error)
	o.optional("cause", a.Cause)
	if a.Inspection != nil {
		o.object("inspectionData", func() { o.inspection(a.Inspection) })
	}
	o.nonEmpty("nextState", a.NextState)
	o.text("status", string(a.Status))
	return o.done()
}

// inspection writes the members of inspectionData.
func (o *output) inspection(i *teststate.Inspection) {
	for _, member := range []struct {
		name string
		text []byte
	}{
		{"input", i.Input},
		{"afterArguments", i.AfterArguments},
		{"afterInputPath", i.AfterInputPath},
		{"afterParameters", i.AfterParameters},
		{"result", i.Result},
		{"afterResultSelector", i.AfterResultSelector},
		{"afterResultPath", i.AfterResultPath},
		{"variables", i.Variables},
		{"afterItemsPath", i.AfterItemsPath},
		{"afterItemSelector", i.AfterItemSelector},
		{"afterItemBatcher", i.AfterItemBatcher},
		{"afterItemsPointer", i.AfterItemsPointer},
	} {
		if member.text != nil {
			o.bytes(member.name, member.text)
		}
	}
	o.limits(i)
	if d := i.ErrorDetails; d != nil {
		o.object("errorDetails", func() {
			o.position("catchIndex", d.CatchIndex)
			o.position("retryIndex", d.RetryIndex)
			if d.RetryBackoffSeconds != nil {
				o.integer("retryBackoffIntervalSeconds", *d.RetryBackoffSeconds)
			}
		})
	}
	if i.HTTP != nil {
		o.exchange(i.HTTP)
	}
}

// limits writes those of a Map state.
func (o *output) limits(i *teststate.Inspection) {
	if i.ToleratedFailureCount != nil {
		o.integer("toleratedFailureCount", *i.ToleratedFailureCount)
	}
	if share := i.ToleratedFailurePercentage; share != nil {
		o.name("toleratedFailurePercentage")
		o.b = appendShare(o.b, *share)
	}
	if i.MaxConcurrency != nil {
		o.integer("maxConcurrency", *i.MaxConcurrency)
	}
}

// appendShare writes a percentage, which shows that it may have a fraction.
func appendShare(b []byte, share float64) []byte {
	decimals := -1
	if share == float64(int64(share)) {
		decimals = 1
	}
	return strconv.AppendFloat(b, share, 'f', decimals, 64)
}

func (o *output) position(name string, i *int) {
	if i != nil {
		o.integer(name, int64(*i))
	}
}

// Package standin lets mocks stand in for the services that an execution calls.
// It stands between an engine and its connectors: an execution that was started
// as a test case of the mock configuration has its tasks answered from there,
// every other task goes to its connector.
//
// The test case is an attribute of the execution, and which invocation of a state
// a task is can be read off the execution's log. So nothing is forgotten in a
// crash, and a task that is carried out again gets the same answer again.
package standin

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fermata-dev/fermata/asl/maprun"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/mock"
	"github.com/fermata-dev/fermata/store"
)

// Attribute of an execution: the name of its test case.
const Attribute = "fermata.testCase"

// Engine is what is needed of an engine. *engine.Engine is one.
type Engine interface {
	Head(ctx context.Context, run store.RunID) (*store.Head, error)
	Definition(ctx context.Context, run store.RunID) (*engine.Definition, error)
	Info(def *engine.Definition, head *store.Head) interpreter.Info
	EntriesFrom(ctx context.Context, run store.RunID, from uint64, yield func(engine.Entry) bool) error
	CompleteTask(ctx context.Context, token string, output []byte) error
	FailTask(ctx context.Context, token string, name, cause *string) error
}

// StandIn answers the tasks of one engine. Its methods are safe for concurrent
// use.
type StandIn struct {
	file   *mock.File
	counts counts

	engine Engine        // set before ready is closed
	ready  chan struct{} // closed by Attach
}

// New makes a StandIn that has no engine yet: the engine's configuration needs
// it before the engine is there.
func New(file *mock.File) *StandIn {
	return &StandIn{file: file, ready: make(chan struct{}), counts: counts{runs: map[store.RunID]*count{}}}
}

// Attach gives the StandIn its engine, once. Calls wait until then.
func (s *StandIn) Attach(e Engine) {
	s.engine = e
	close(s.ready)
}

// Intercept is engine.Config.Intercept.
func (s *StandIn) Intercept(run store.RunID, task *interpreter.Task, next connector.Connector) connector.Connector {
	return connector.Func(func(ctx context.Context, call *connector.Call) ([]byte, error) {
		responses, err := s.responses(ctx, run, task)
		if err != nil {
			return nil, err
		}
		if responses == nil {
			return next.Invoke(ctx, call)
		}
		invocation, err := s.invocation(ctx, run, task)
		if err != nil {
			return nil, fmt.Errorf("counting the invocations of state '%s': %w", task.State, err)
		}
		response, ok := responses.At(invocation)
		if !ok {
			return nil, failed("The mocked response '%s' of state '%s' has no entry for invocation %d (the first one is 0)",
				responses.Name, task.State, invocation)
		}
		return s.answer(ctx, task, call, response)
	})
}

// responses are what the state of a task answers, nil if it is not mocked.
func (s *StandIn) responses(ctx context.Context, run store.RunID, task *interpreter.Task) (*mock.Responses, error) {
	select {
	case <-s.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	head, err := s.engine.Head(ctx, run)
	if err != nil {
		return nil, err
	}
	name, _ := head.Attributes[Attribute].(string)
	if name == "" {
		return nil, nil
	}
	def, err := s.engine.Definition(ctx, run)
	if err != nil {
		return nil, err
	}
	if _, isMapRun := def.Program.(*maprun.Program); isMapRun {
		return nil, nil // what it has done are no tasks of the user's
	}
	config, err := s.file.Config()
	if err != nil {
		return nil, failed("The mock configuration cannot be used any more: %v", err)
	}
	machine, _, _ := strings.Cut(s.engine.Info(def, head).MachineName, "/") // of a child of a distributed Map: MACHINE/LABEL
	found, err := config.Case(machine, name)
	if err != nil {
		return nil, failed("The mocks of this execution are gone: %v", err)
	}
	return found[task.State], nil
}

func failed(format string, args ...any) *connector.Error {
	return &connector.Error{Name: "States.Runtime", Cause: fmt.Sprintf(format, args...)}
}

// answer gives the response. Where the answer to a call is not the result of the
// task, it comes first, as if the work had been done at once.
func (s *StandIn) answer(ctx context.Context, task *interpreter.Task, call *connector.Call, r mock.Response) ([]byte, error) {
	switch {
	case task.Completion == interpreter.ByAnswer && r.Failure == nil:
		return r.Output, nil
	case task.Completion == interpreter.ByAnswer:
		return nil, &connector.Error{Name: r.Failure.Error, Cause: r.Failure.Cause, NoCause: r.Failure.NoCause}
	case r.Failure == nil:
		return r.Output, wanted(s.engine.CompleteTask(ctx, call.TaskToken, r.Output))
	}
	cause := &r.Failure.Cause
	if r.Failure.NoCause {
		cause = nil
	}
	return []byte("{}"), wanted(s.engine.FailTask(ctx, call.TaskToken, &r.Failure.Error, cause))
}

// wanted passes over the errors that say that nobody waits for the result: it is
// there already, or the task has been given up.
func wanted(err error) error {
	if errors.Is(err, engine.ErrNoTask) || errors.Is(err, engine.ErrClosed) {
		return nil
	}
	return err
}

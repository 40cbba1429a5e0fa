package fermata

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// Execution is one run of a state machine.
type Execution struct {
	Name string
	ARN  string
	At   time.Time // when it was started

	run      store.RunID
	engine   *engine.Engine
	existing bool // started before under the same name
}

// Result is how an execution stands.
type Result struct {
	Status interpreter.Status
	Output json.RawMessage // if Status is interpreter.Succeeded
	// Error and Cause say why it did not succeed; empty where nothing was said.
	Error, Cause string
	Started      time.Time
	Closed       time.Time // zero while it runs
}

// FailedError is the error of an execution that ended without success.
type FailedError struct {
	Status      interpreter.Status
	Name, Cause string
}

func (e *FailedError) Error() string {
	switch {
	case e.Name == "" && e.Cause == "":
		return "execution ended as " + e.Status.String()
	case e.Cause == "":
		return fmt.Sprintf("execution ended as %s: %s", e.Status, e.Name)
	default:
		return fmt.Sprintf("execution ended as %s: %s: %s", e.Status, e.Name, e.Cause)
	}
}

// StartOption changes how an execution is started.
type StartOption func(*launch.Request)

// WithName names the execution. Starting again under the name of one that still
// runs, with the same input, gives that one; otherwise the name is refused.
func WithName(name string) StartOption { return func(r *launch.Request) { r.Name = name } }

// WithTraceHeader keeps a trace header (the form of X-Amzn-Trace-Id) with the
// execution: its tasks send it along.
func WithTraceHeader(header string) StartOption {
	return func(r *launch.Request) { r.TraceHeader = header }
}

// Start begins an execution of a deployed state machine, named as NAME,
// NAME:VERSION or NAME:ALIAS, and returns when that is durable. The input is
// encoded as JSON; a json.RawMessage is taken as it is and nil means {}. What is
// refused is a *catalog.Error: catalog.StateMachineDoesNotExist,
// launch.ExecutionAlreadyExists for a name that is taken, and others.
func (f *Fermata) Start(ctx context.Context, machine string, input any, opts ...StartOption) (*Execution, error) {
	text, err := encodeInput(input)
	if err != nil {
		return nil, err
	}
	req := launch.Request{Machine: f.catalog.Machine(machine), Input: text}
	return f.start(ctx, req, opts)
}

func (f *Fermata) start(ctx context.Context, req launch.Request, opts []StartOption) (*Execution, error) {
	for _, o := range opts {
		o(&req)
	}
	started, err := f.launcher.Start(ctx, req)
	if err != nil {
		return nil, err
	}
	x := &Execution{Name: started.Name, ARN: started.ARN, At: started.At, run: started.Run, engine: f.standard, existing: started.Existing}
	if catalog.DetailOf(started.Definition).MachineType == catalog.Express {
		x.engine = f.express
	}
	return x, nil
}

// Run starts an execution as Start does and waits for its end. The error is a
// *FailedError if it did not succeed. Where the context ends first, the execution
// goes on.
func (f *Fermata) Run(ctx context.Context, machine string, input any, opts ...StartOption) (json.RawMessage, error) {
	text, err := encodeInput(input)
	if err != nil {
		return nil, err
	}
	ended := make(chan engine.Description, 1)
	x, err := f.start(ctx, launch.Request{Machine: f.catalog.Machine(machine), Input: text, Ended: ended}, opts)
	if err != nil {
		return nil, err
	}
	r, err := x.end(ctx, ended)
	if err != nil {
		return nil, err
	}
	return r.Output, r.Err()
}

// end waits for what the engine tells, or asks the engine for an execution that
// was there already.
func (x *Execution) end(ctx context.Context, ended <-chan engine.Description) (*Result, error) {
	if x.existing {
		return x.Wait(ctx)
	}
	select {
	case d, ok := <-ended:
		if !ok {
			return nil, engine.ErrStopped
		}
		return result(d), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func encodeInput(input any) ([]byte, error) {
	switch input := input.(type) {
	case nil:
		return nil, nil
	case json.RawMessage:
		return input, nil
	default:
		return json.Marshal(input)
	}
}

// Find finds an execution of a Standard machine by its name, also one that an
// earlier process has started. The error is a *catalog.Error with the code
// catalog.StateMachineDoesNotExist, or an engine.ErrNotFound. Names of Express
// executions need not be unique, so that there is nothing to find.
func (f *Fermata) Find(ctx context.Context, machine, name string) (*Execution, error) {
	m, err := f.catalog.MachineByName(ctx, machine)
	if err != nil {
		return nil, err
	}
	if m.Type != catalog.Standard {
		return nil, fmt.Errorf("%s is %s: %w", machine, m.Type, engine.ErrNotFound)
	}
	run, err := f.standard.ByName(ctx, m.ID, name)
	if err != nil {
		return nil, fmt.Errorf("execution %s of %s: %w", name, machine, err)
	}
	head, err := f.standard.Head(ctx, run)
	if err != nil {
		return nil, fmt.Errorf("execution %s of %s: %w", name, machine, err)
	}
	arn := f.catalog.Execution(m.Type, m.Name, name)
	return &Execution{Name: name, ARN: arn, At: head.Started, run: run, engine: f.standard, existing: true}, nil
}

// Wait returns when the execution has ended. No memory of the engine is held
// meanwhile but for the caller's. Where the context ends first, the execution goes
// on.
func (x *Execution) Wait(ctx context.Context) (*Result, error) {
	d, err := x.engine.Wait(ctx, x.run)
	if err != nil {
		return nil, err
	}
	return result(d), nil
}

// Describe tells how the execution stands.
func (x *Execution) Describe(ctx context.Context) (*Result, error) {
	d, err := x.engine.Describe(ctx, x.run)
	if err != nil {
		return nil, err
	}
	return result(d), nil
}

// Stop aborts the execution. Stopping one that has ended does nothing.
func (x *Execution) Stop(ctx context.Context, name, cause string) error {
	_, err := x.engine.Stop(ctx, x.run, &name, &cause)
	if errors.Is(err, engine.ErrClosed) {
		return nil
	}
	return err
}

func result(d engine.Description) *Result {
	r := &Result{Status: d.Status, Started: d.Head.Started, Closed: d.Head.Closed}
	if d.Output != nil {
		r.Output = d.Output.Text()
	}
	if d.Error != nil {
		r.Error = *d.Error
	}
	if d.Cause != nil {
		r.Cause = *d.Cause
	}
	return r
}

// Err is nil for an execution that succeeded or still runs.
func (r *Result) Err() error {
	if r.Status == interpreter.Succeeded || r.Status == interpreter.Running {
		return nil
	}
	return &FailedError{Status: r.Status, Name: r.Error, Cause: r.Cause}
}

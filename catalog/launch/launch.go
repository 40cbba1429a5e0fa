package launch

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/connector"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/expr/jsonfault"
	"github.com/fermata-dev/fermata/expr/value"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

// The codes of this package's refusals, which are *catalog.Error, beside those
// of package catalog.
const (
	ExecutionAlreadyExists       catalog.Code = "ExecutionAlreadyExists"
	InvalidExecutionInput        catalog.Code = "InvalidExecutionInput"
	StateMachineTypeNotSupported catalog.Code = "StateMachineTypeNotSupported"
)

// Engine is what is needed of an engine. *engine.Engine is one.
type Engine interface {
	Start(ctx context.Context, req engine.StartRequest) (engine.Started, error)
	StartAnew(ctx context.Context, req engine.StartRequest, counted bool) (engine.Started, error)
	Describe(ctx context.Context, run store.RunID) (engine.Description, error)
	Definition(ctx context.Context, run store.RunID) (*engine.Definition, error)
	Head(ctx context.Context, run store.RunID) (*store.Head, error)
	Stop(ctx context.Context, run store.RunID, errName, cause *string) (time.Time, error)
	StopFor(ctx context.Context, run store.RunID, of connector.Origin, cause *string) error
	RedriveFor(ctx context.Context, run store.RunID, parent connector.Parent) error
	Wait(ctx context.Context, run store.RunID) (engine.Description, error)
	List(ctx context.Context, q store.ListQuery, after store.ListRow, limit int) ([]store.ListRow, error)
	ByName(ctx context.Context, machine uint64, name string) (store.RunID, error)
	ChildName(run store.RunID, number int64) string
	EntriesFrom(ctx context.Context, run store.RunID, from uint64, yield func(engine.Entry) bool) error
	Waited(ctx context.Context, run store.RunID) (bool, error)
	// Draining is closed when the engine takes no more work.
	Draining() <-chan struct{}
}

// Launcher starts executions. Its methods are safe for concurrent use.
type Launcher struct {
	catalog *catalog.Catalog
	cases   TestCases     // nil where there are none; set before ready is closed
	ready   chan struct{} // closed by Attach
	// The engines by type; set before ready is closed.
	standard, express Engine
	families          families
	open              *Open // nil where there are no quotas; set before ready is closed
}

// New makes a Launcher that has no engines yet: a connector needs it before the
// engine that uses the connector is there.
func New(c *catalog.Catalog) *Launcher {
	return &Launcher{catalog: c, ready: make(chan struct{})}
}

// Attach gives the launcher the engines that run the machines of either type.
// Express may be nil; Express machines are refused then. It is called once;
// until then, starts wait.
func (l *Launcher) Attach(standard, express Engine) {
	l.standard, l.express = standard, express
	close(l.ready)
}

// Request asks for an execution.
type Request struct {
	// Machine is the ARN of a machine, or of a version or alias of one; where
	// there are test cases, one may follow a #.
	Machine string
	// Name of the execution; empty gives it a UUID.
	Name string
	// Input is JSON text; empty means {}. The launcher keeps it.
	Input       []byte
	TraceHeader string
	// Sync refuses machines that are not Express.
	Sync bool
	// Ended is sent the end of the execution; see engine.StartRequest. An Express
	// execution that has it is synchronous.
	Ended chan<- engine.Description

	child *child
}

// Started tells of the execution.
type Started struct {
	ARN        string
	Name       string // as the user sees it
	Run        store.RunID
	At         time.Time
	Definition *engine.Definition
	Engine     Engine // that runs it
	// Existing: it had been started before.
	Existing bool
}

// Start starts an execution. Where the name is taken by an execution of the
// same input that still runs, that one is the answer. The errors of a refusal
// are *catalog.Error: InvalidArn, InvalidName, InvalidExecutionInput,
// StateMachineDoesNotExist, StateMachineDeleting, StateMachineTypeNotSupported,
// ExecutionAlreadyExists, ExecutionLimitExceeded, ValidationException; others are the engine's
// (engine.ErrBusy, engine.ErrStopped) or the store's.
func (l *Launcher) Start(ctx context.Context, req Request) (*Started, error) {
	select {
	case <-l.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	testCase := l.cutTestCase(&req)
	arn, err := machineARN(req.Machine)
	if err != nil {
		return nil, err
	}
	l.catalog.Enter(arn.Rest[0])
	defer l.catalog.Leave(arn.Rest[0])
	target, err := l.catalog.Target(ctx, arn)
	if err != nil {
		return nil, err
	}
	attributes, err := l.attributes(testCase, req.Sync, target)
	if err != nil {
		return nil, err
	}
	input, err := Input(req.Input)
	if err != nil {
		return nil, err
	}
	if req.Name != "" {
		if err := catalog.CheckName(req.Name); err != nil {
			return nil, err
		}
	}
	start := engine.StartRequest{Definition: target.Definition, Input: input, TraceHeader: req.TraceHeader, Attributes: attributes, Ended: req.Ended}
	if catalog.DetailOf(target.Definition).MachineType == catalog.Express {
		return l.startExpress(ctx, &req, start)
	}
	return l.startStandard(ctx, &req, start)
}

// machineARN is the ARN of a machine, version or alias.
func machineARN(text string) (catalog.ARN, error) {
	arn, err := catalog.ParseMachine(text)
	if err == nil && arn.Label() != "" {
		err = catalog.LabelledARN(text)
	}
	return arn, err
}

func notSupported() error {
	return &catalog.Error{Code: StateMachineTypeNotSupported, Message: "This operation is not supported by this type of state machine"}
}

// startStandard awaits a start that was begun, whatever comes: a deletion of the
// machine waits for it.
func (l *Launcher) startStandard(ctx context.Context, req *Request, start engine.StartRequest) (*Started, error) {
	if req.Sync || l.standard == nil {
		return nil, notSupported()
	}
	start.Name, start.Parent = req.Name, req.child.parent()
	leave, err := l.admit(ctx, &start)
	if err != nil {
		return nil, err
	}
	defer leave()
	started, err := l.start(context.WithoutCancel(ctx), l.standard, start, req.Name)
	var taken *engine.NameTakenError
	if errors.As(err, &taken) {
		return l.repeat(ctx, started, taken.Run, start)
	}
	return started, err
}

// startExpress: names need not be unique, so that nothing is ever repeated, but
// for a task that is carried out again.
func (l *Launcher) startExpress(ctx context.Context, req *Request, start engine.StartRequest) (*Started, error) {
	if l.express == nil || req.child.waits() {
		return nil, notSupported()
	}
	if req.Name == "" {
		req.Name = catalog.NewUUID()
	}
	start.Name = catalog.ExpressName(req.Name, req.child.expressID())
	start.Synchronous = req.Ended != nil
	started, err := l.start(ctx, l.express, start, req.Name)
	var taken *engine.NameTakenError
	if errors.As(err, &taken) {
		return started, started.adopt(ctx, taken.Run)
	}
	return started, err
}

// start returns what it can tell of the execution with a *NameTakenError too.
// An empty name is the engine's to fill in.
func (l *Launcher) start(ctx context.Context, e Engine, start engine.StartRequest, name string) (*Started, error) {
	started, err := e.Start(ctx, start)
	runName := start.Name
	if runName == "" {
		runName, name = started.Name, started.Name
	}
	detail := catalog.DetailOf(start.Definition)
	return &Started{
		ARN:        l.catalog.Execution(detail.MachineType, detail.MachineName, runName),
		Name:       name,
		Run:        started.Run,
		At:         started.At,
		Definition: start.Definition,
		Engine:     e,
		Existing:   started.Existing,
	}, err
}

// repeat accepts the run that has the name already if it runs with this input,
// and as this test case.
func (l *Launcher) repeat(ctx context.Context, s *Started, run store.RunID, start engine.StartRequest) (*Started, error) {
	d, err := s.Engine.Describe(ctx, run)
	if err != nil {
		return nil, err
	}
	if d.Status != interpreter.Running || !bytes.Equal(d.Input.Text(), start.Input.Text()) || !l.sameCase(d.Head.Attributes, start.Attributes) {
		return nil, &catalog.Error{Code: ExecutionAlreadyExists, Message: "Execution Already Exists: '" + s.ARN + "'", Resource: s.ARN}
	}
	s.Run, s.At, s.Existing = run, d.Head.Started, true
	return s, nil
}

// adopt takes the run that has the name already as the one that was started.
func (s *Started) adopt(ctx context.Context, run store.RunID) error {
	d, err := s.Engine.Describe(ctx, run)
	if err == nil {
		s.Run, s.At, s.Existing = run, d.Head.Started, true
	}
	return err
}

// Input makes a document of the input of an execution. The error is a
// *catalog.Error with code InvalidExecutionInput.
func Input(text []byte) (*value.Document, error) {
	if len(text) == 0 {
		return value.Text([]byte("{}")), nil
	}
	if fault := jsonfault.Find(text); fault != nil {
		return nil, &catalog.Error{Code: InvalidExecutionInput, Message: "Invalid State Machine Execution Input: '" + fault.Error() + "'"}
	}
	return value.Text(text), nil
}

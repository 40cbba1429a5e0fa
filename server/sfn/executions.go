package sfn

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/catalog/launch"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
)

// launchRequest is what both operations that start executions ask for.
func launchRequest(in input) launch.Request {
	return launch.Request{
		Machine:     in.text("stateMachineArn"),
		Name:        in.text("name"),
		Input:       []byte(in.text("input")),
		TraceHeader: in.text("traceHeader"),
	}
}

func (s *Server) startExecution(ctx context.Context, in input) ([]byte, error) {
	if err := s.admitStart(ctx, in); err != nil {
		return nil, err
	}
	started, err := s.cfg.Launcher.Start(ctx, launchRequest(in))
	if err != nil {
		return nil, err
	}
	o := newOutput()
	o.text("executionArn", started.ARN)
	o.date("startDate", started.At)
	return o.done(), nil
}

// startSyncExecution waits for the end. The answer is 200 whatever it is; an
// execution whose client has gone runs on.
func (s *Server) startSyncExecution(ctx context.Context, in input) ([]byte, error) {
	ended := make(chan engine.Description, 1)
	req := launchRequest(in)
	req.Sync, req.Ended = true, ended
	started, err := s.cfg.Launcher.Start(ctx, req)
	if err != nil {
		return nil, err
	}
	d, err := syncEnd(ctx, ended)
	if err != nil {
		return nil, err
	}
	return s.syncResult(started, &d, in), nil
}

// syncEnd waits as long as the client does. Where the server stops it goes on
// waiting: the engine lets executions end, and says so when it does not.
func syncEnd(ctx context.Context, ended <-chan engine.Description) (d engine.Description, err error) {
	ok := false
	select {
	case d, ok = <-ended:
	case <-ctx.Done():
		if !stopping(ctx) {
			return d, ctx.Err()
		}
		d, ok = <-ended
	}
	if !ok {
		return d, engine.ErrStopped
	}
	return d, nil
}

// stopping reports whether a request is over because its server stops, which
// gives http.ErrServerClosed as the cause.
func stopping(ctx context.Context) bool {
	return errors.Is(context.Cause(ctx), http.ErrServerClosed)
}

// syncResult is the answer of StartSyncExecution.
func (s *Server) syncResult(started *launch.Started, d *engine.Description, in input) []byte {
	detail := catalog.DetailOf(started.Definition)
	o := newOutput()
	o.text("executionArn", started.ARN)
	o.text("stateMachineArn", s.cfg.Catalog.Machine(detail.MachineName))
	o.text("name", started.Name)
	o.date("startDate", d.Head.Started)
	o.date("stopDate", d.Head.Closed)
	o.text("status", syncStatus(d.Status))
	o.result(d, metadataOnly(in))
	o.nonEmpty("traceHeader", in.text("traceHeader"))
	o.object("billingDetails", func() {
		o.integer("billedMemoryUsedInMB", 64)
		o.integer("billedDurationInMilliseconds", billed(d.Head.Closed.Sub(d.Head.Started)))
	})
	return o.done()
}

// syncStatus: the API knows no aborted execution of this kind.
func syncStatus(s interpreter.Status) string {
	if s == interpreter.Aborted {
		s = interpreter.Failed
	}
	return s.String()
}

// billed rounds up to steps of 100 ms, of which there is at least one.
func billed(took time.Duration) int64 {
	const step = 100 * time.Millisecond
	return max(1, int64((took+step-1)/step)) * 100
}

// run finds the Standard execution with this ARN.
func (s *Server) run(ctx context.Context, text string) (*Run, error) {
	arn, err := catalog.ParseExecution(text)
	if err != nil {
		return nil, err
	}
	return s.find(ctx, arn, arn.Name(), s.cfg.Engine)
}

// find looks an execution up by the name of its machine and its own.
func (s *Server) find(ctx context.Context, arn catalog.ARN, name string, e Engine) (*Run, error) {
	if arn.Place != s.cfg.Catalog.Place {
		return nil, noExecution(arn.Text)
	}
	if arn.Label() != "" {
		return s.child(ctx, arn, name, e)
	}
	machine, err := s.cfg.Catalog.MachineByName(ctx, arn.Rest[0])
	if errors.Is(err, &catalog.Error{Code: catalog.StateMachineDoesNotExist}) {
		return nil, noExecution(arn.Text)
	}
	if err != nil {
		return nil, err
	}
	id, err := e.ByName(ctx, machine.ID, name)
	if err != nil {
		return nil, lookup(err, arn.Text)
	}
	def, err := e.Definition(ctx, id)
	if err != nil {
		return nil, lookup(err, arn.Text)
	}
	return &Run{ID: id, Definition: def, Name: name, Engine: e}, nil
}

// lookup maps the error of looking an execution up.
func lookup(err error, arn string) error {
	if errors.Is(err, engine.ErrNotFound) {
		return noExecution(arn)
	}
	return err
}

func (s *Server) describeExecution(ctx context.Context, in input) ([]byte, error) {
	run, err := s.describable(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	d, err := run.Engine.Describe(ctx, run.ID)
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	return s.description(ctx, run, &d, metadataOnly(in)), nil
}

// description is the answer of DescribeExecution.
func (s *Server) description(ctx context.Context, run *Run, d *engine.Description, metadata bool) []byte {
	o := newOutput()
	s.describe(ctx, o, run, d, metadata)
	return o.done()
}

// describe writes the members of a description.
func (s *Server) describe(ctx context.Context, o *output, run *Run, d *engine.Description, metadata bool) {
	info := s.cfg.Catalog.Info(run.Definition, run.Name)
	o.text("executionArn", info.ExecutionARN)
	o.text("stateMachineArn", info.MachineARN)
	s.startedBy(o, info.MachineName, d.Head)
	o.text("name", info.Name)
	o.text("status", s.shownStatus(ctx, run, d))
	o.date("startDate", d.Head.Started)
	if d.Status.Closed() {
		o.date("stopDate", d.Head.Closed)
	}
	o.result(d, metadata)
	o.nonEmpty("traceHeader", d.TraceHeader)
	mapRun := s.mapRunARN(ctx, run)
	o.nonEmpty("mapRunArn", mapRun)
	s.redriveOf(o, run, d, mapRun)
}

// result writes what went in and what came out.
func (o *output) result(d *engine.Description, metadata bool) {
	included := func() { o.flag("included", !metadata) }
	if d.Input != nil {
		if !metadata {
			o.bytes("input", d.Input.Text())
		}
		o.object("inputDetails", included)
	}
	if d.Status == interpreter.Succeeded && d.Output != nil {
		if !metadata {
			o.bytes("output", d.Output.Text())
		}
		o.object("outputDetails", included)
	}
	o.optional("error", d.Error)
	o.optional("cause", d.Cause)
}

// stopExecution: an execution that has ended already keeps its end, and the
// answer tells when that was.
func (s *Server) stopExecution(ctx context.Context, in input) ([]byte, error) {
	run, err := s.run(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	return s.stopRun(ctx, run, in)
}

func (s *Server) stopRun(ctx context.Context, run *Run, in input) ([]byte, error) {
	at, err := run.Engine.Stop(ctx, run.ID, in.optional("error"), in.optional("cause"))
	if errors.Is(err, engine.ErrClosed) {
		var d engine.Description
		d, err = run.Engine.Describe(ctx, run.ID)
		if err == nil {
			at = d.Head.Closed
		}
	}
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	o := newOutput()
	o.date("stopDate", at)
	return o.done(), nil
}

package sfn

import (
	"context"
	"errors"
	"time"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
	"github.com/fermata-dev/fermata/interpreter"
	"github.com/fermata-dev/fermata/store"
)

const (
	// redrivePeriod is how long after its end an execution can be redriven.
	redrivePeriod = 14 * 24 * time.Hour
	// openTime is how long an execution may be open in all, if it is redriven.
	openTime = 365 * 24 * time.Hour
)

// redriveExecution opens an execution again that ended without success. The
// engine knows the tokens of the last redrives: the same one again gives the
// same answer.
func (s *Server) redriveExecution(ctx context.Context, in input) ([]byte, error) {
	run, err := s.run(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	d, err := run.Engine.Describe(ctx, run.ID)
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	machine := s.cfg.Catalog.Info(run.Definition, run.Name).MachineName
	reason := s.notRedrivable(ctx, machine, &d)
	if reason != "" && d.Status.Closed() {
		return nil, refuse("ExecutionNotRedrivable", reason)
	}
	err = run.Engine.Redrive(ctx, run.ID, in.text("clientToken"))
	if errors.Is(err, engine.ErrNotRedrivable) {
		return nil, s.refuseRedrive(ctx, run, machine)
	}
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	if d, err = run.Engine.Describe(ctx, run.ID); err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	o := newOutput()
	o.date("redriveDate", d.Redriven)
	return o.done(), nil
}

// refuseRedrive says why the engine would not.
func (s *Server) refuseRedrive(ctx context.Context, run *Run, machine string) error {
	d, err := run.Engine.Describe(ctx, run.ID)
	if err != nil {
		return err
	}
	reason := s.notRedrivable(ctx, machine, &d)
	if reason == "" { // it ended this instant
		reason = runningReason(interpreter.Running)
	}
	return refuse("ExecutionNotRedrivable", reason)
}

// notRedrivable is why an execution cannot be redriven, in the words of the API;
// empty if it can be.
func (s *Server) notRedrivable(ctx context.Context, machine string, d *engine.Description) string {
	reason := redriveReason(d, time.Now())
	if reason != "" {
		return reason
	}
	m, err := s.cfg.Catalog.MachineByName(ctx, machine)
	if err == nil && m.Status == catalog.Deleting {
		return "State machine is in DELETING status"
	}
	return ""
}

// redriveReason is the part of it that the execution alone decides.
func redriveReason(d *engine.Description, now time.Time) string {
	switch {
	case !d.Status.Closed(), d.Status == interpreter.Succeeded:
		return runningReason(d.Status)
	case d.Full:
		return "Execution history event limit exceeded"
	case !d.Redrivable:
		return "Execution was started before the launch of RedriveExecution"
	case now.Sub(d.Head.Closed) > redrivePeriod:
		return "Execution redrivable period exceeded"
	case now.Sub(d.Head.Started) > openTime:
		return "Execution has exceeded the max execution time"
	}
	return ""
}

func runningReason(s interpreter.Status) string {
	return "Execution is " + s.String() + " and cannot be redriven"
}

// redriven says how often an execution was redriven, and when last.
func (o *output) redriven(h *store.Head) {
	count, last := engine.Redrives(h)
	o.integer("redriveCount", count)
	if count > 0 {
		o.date("redriveDate", last)
	}
}

// redrivable says whether an execution could be redriven, given why not
// (reference 17). A child of a map run is redriven with that.
func (o *output) redrivable(reason string, child bool) {
	switch {
	case reason == "" && child:
		o.text("redriveStatus", "REDRIVABLE_BY_MAP_RUN")
		return
	case reason == "":
		o.text("redriveStatus", "REDRIVABLE")
		return
	}
	o.text("redriveStatus", "NOT_REDRIVABLE")
	o.text("redriveStatusReason", reason)
}

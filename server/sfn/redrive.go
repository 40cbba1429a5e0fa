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

// redriveExecution opens an execution again that ended without success. The
// engine knows the tokens of the last redrives: the same one again gives the
// same answer, whatever has become of the execution.
func (s *Server) redriveExecution(ctx context.Context, in input) ([]byte, error) {
	arn, err := catalog.ParseExecution(in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	if arn.Label() != "" { // a child of a map run goes on with that
		return nil, catalog.LabelledExecution(arn.Text)
	}
	s.cfg.Catalog.Enter(arn.Rest[0]) // a deletion of the machine waits for what was begun
	defer s.cfg.Catalog.Leave(arn.Rest[0])
	run, err := s.find(ctx, arn, arn.Name(), s.cfg.Engine)
	if err != nil {
		return nil, err
	}
	d, err := run.Engine.Describe(ctx, run.ID)
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	machine := s.cfg.Catalog.Info(run.Definition, run.Name).MachineName
	reason := s.whyNot(ctx, machine, &d)
	if reason != "" && d.Redrivable { // else the engine refuses it, unless it knows the token
		return nil, notRedrivable(in, reason)
	}
	if d.Redrivable {
		if err := s.cfg.Launcher.MayRedrive(); err != nil {
			return nil, err
		}
	}
	err = run.Engine.Redrive(context.WithoutCancel(ctx), run.ID, in.text("clientToken"))
	if errors.Is(err, engine.ErrNotRedrivable) {
		return nil, s.refuseRedrive(ctx, run, machine, in)
	}
	if err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	if d, err = run.Engine.Describe(ctx, run.ID); err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	o := newOutput()
	o.date("redriveDate", redrivenWith(&d, in.text("clientToken")))
	return o.done(), nil
}

// redrivenWith is when an execution was redriven with that token: it may have been
// redriven since with another.
func redrivenWith(d *engine.Description, token string) time.Time {
	at := d.Redriven
	for _, known := range d.Tokens {
		if known.Token == token {
			at = known.At
		}
	}
	return at
}

// refuseRedrive says why the engine would not.
func (s *Server) refuseRedrive(ctx context.Context, run *Run, machine string, in input) error {
	d, err := run.Engine.Describe(ctx, run.ID)
	if err != nil {
		return err
	}
	reason := s.whyNot(ctx, machine, &d)
	if reason == "" { // it ended this instant
		reason = catalog.RunningReason(interpreter.Running)
	}
	return notRedrivable(in, reason)
}

// notRedrivable refuses in the words of the API.
func notRedrivable(in input, reason string) error {
	return refuse("ExecutionNotRedrivable", "Execution "+in.text("executionArn")+" invalid for redrive as: "+reason)
}

// whyNot is why an execution cannot be redriven, in the words of the API;
// empty if it can be.
func (s *Server) whyNot(ctx context.Context, machine string, d *engine.Description) string {
	reason := catalog.NotRedrivable(d, time.Now())
	if reason != "" {
		return reason
	}
	m, err := s.cfg.Catalog.MachineByName(ctx, machine)
	if err == nil && m.Status == catalog.Deleting {
		return "State machine is in DELETING status"
	}
	return ""
}

// redriven says how often an execution was redriven, and when last.
func (o *output) redriven(h *store.Head) {
	count, last := engine.Redrives(h)
	o.integer("redriveCount", count)
	if !last.IsZero() { // an Express execution that was begun again has none
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

package sfn

import (
	"context"
	"errors"
	"net/http"

	"github.com/fermata-dev/fermata/catalog"
	"github.com/fermata-dev/fermata/engine"
)

var resumeInput = members(required("executionArn", anARN))

// serveResume is Fermata's own: it takes up an execution that an incident (a
// fault of the engine's own) has stopped, after the fault was mended. For one
// without an incident it does nothing.
func (s *Server) serveResume(w http.ResponseWriter, r *http.Request) {
	s.extension(w, r, "resume", resumeInput, s.resume)
}

func (s *Server) resume(ctx context.Context, in input) ([]byte, error) {
	run, err := s.anyRun(ctx, in.text("executionArn"))
	if err != nil {
		return nil, err
	}
	machine := catalog.DetailOf(run.Definition).MachineName
	s.cfg.Catalog.Enter(machine) // a deletion of the machine waits, and tells it
	defer s.cfg.Catalog.Leave(machine)
	deleted, err := s.beingDeleted(ctx, run)
	switch {
	case err != nil:
		return nil, err
	case deleted:
		err = run.Engine.ResumeDeleted(context.WithoutCancel(ctx), run.ID)
	default:
		err = run.Engine.Resume(context.WithoutCancel(ctx), run.ID)
	}
	if err != nil && !errors.Is(err, engine.ErrClosed) {
		return nil, lookup(err, in.text("executionArn"))
	}
	return newOutput().done(), nil
}

// beingDeleted reports whether the machine of an execution is being deleted, of which
// an incident may have kept the execution from learning.
func (s *Server) beingDeleted(ctx context.Context, run *Run) (bool, error) {
	detail := catalog.DetailOf(run.Definition)
	if detail.MachineType != catalog.Standard || detail.Role != catalog.Whole {
		return false, nil
	}
	machine, err := s.cfg.Catalog.MachineByName(ctx, detail.MachineName)
	return err == nil && machine.Status == catalog.Deleting, err
}

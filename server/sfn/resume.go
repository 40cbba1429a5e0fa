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
	if err := run.Engine.Resume(ctx, run.ID); err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	if err := s.tellDeleted(ctx, run); err != nil {
		return nil, lookup(err, in.text("executionArn"))
	}
	return newOutput().done(), nil
}

// tellDeleted tells an execution that was resumed whether its machine is being
// deleted: the incident had kept it from learning.
func (s *Server) tellDeleted(ctx context.Context, run *Run) error {
	detail := catalog.DetailOf(run.Definition)
	if detail.MachineType != catalog.Standard || detail.Role != catalog.Whole {
		return nil
	}
	machine, err := s.cfg.Catalog.MachineByName(ctx, detail.MachineName)
	if err != nil || machine.Status != catalog.Deleting {
		return err
	}
	if err := run.Engine.MachineDeleted(ctx, run.ID); !errors.Is(err, engine.ErrClosed) {
		return err
	}
	return nil
}

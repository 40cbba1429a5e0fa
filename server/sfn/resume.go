package sfn

import (
	"context"
	"net/http"
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
	return newOutput().done(), nil
}
